"""Customer groups: who pays for whom, and what becomes of it when identities change."""

from odoo.exceptions import AccessError, ValidationError

from ..common import ArCommon


class TestPayer(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer, cls.north, cls.south = (
            cls._late(name=name, email=f"{name}@customer.example.com")[0] for name in ("payer", "north", "south")
        )

    def test_a_group_has_one_head_in_one_company(self):
        self.north.payer_id = self.payer
        for customer, payer in (
            (self.payer, self.payer),  # contains itself
            (self.payer, self.south),  # pays for others
            (self.south, self.north),  # does not pay itself
        ):
            with self.subTest(customer=customer.display_name), self.assertRaises(ValidationError):
                customer.payer_id = payer
        other = self._customer(self._partner(name="Elsewhere"), self._create_company(name="Another"))
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.south.payer_id = other
        with self.assertRaises(AccessError):
            self.south.with_user(self.collector).payer_id = self.payer

    def test_archived_accounts_make_no_chain(self):
        """They may be activated again, and a payer that has a payer itself would be reminded of nothing for others."""
        self.north.payer_id = self.payer
        self.north.active = False
        self._assert_refused(self.payer, self.south, "pays for others itself (north)")
        self.north.write({"active": True, "payer_id": self.south.id})
        self.south.active = False
        self._assert_refused(self.payer, self.north, "has a payer that is archived, south: empty the payer of north")

    def _assert_refused(self, customer, payer, text):
        with self.assertRaises(ValidationError) as refused:  # in a savepoint
            customer.payer_id = payer
        self.assertIn(text, str(refused.exception))

    def test_who_is_merged_has_no_payer_and_an_archived_member_keeps_one(self):
        self.north.payer_id = self.south
        self.north.active = False
        twin = self._late(name="twin", email="twin@customer.example.com")[0]
        twin.payer_id = self.payer
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()._merge
        merge((self.south | twin).partner_id.ids, self.south.partner_id)
        self.env.invalidate_all()
        self.assertEqual(twin.merged_into_id, self.south)
        self.assertFalse((self.south | twin).payer_id)
        self.assertEqual(self.north.payer_id, self.south)

    def test_aging_adds_up_by_payer(self):
        (self.north | self.south).write({"payer_id": self.payer.id})
        alone = self._late(name="alone", amount=70.0)[0]
        items = self.env["ar.aging.item"].with_context(ar_aging_date="2026-06-10")
        rows = items._read_group([("company_id", "=", self.company.id)], ["payer_id"], ["residual:sum"])
        found = {payer: amount for payer, amount in rows if payer in self.payer | self.north | self.south | alone}
        self.assertEqual(found, {self.payer: 300.0, alone: 70.0})
        with self._on():
            forms = {account: account.with_user(self.collector).aging_html for account in (self.payer, alone)}
        own, of_all = forms[self.payer].split("With the 2 customers that it pays for")
        self.assertIn("$\xa0100.00", own.replace("\ufeff", ""))
        self.assertIn("$\xa0300.00", of_all.replace("\ufeff", ""))
        self.assertNotIn("pays for", forms[alone])

    def test_groups_survive_merges(self):
        (self.north | self.south).write({"payer_id": self.payer.id})
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()._merge
        merge((self.payer | self.north).partner_id.ids, self.payer.partner_id)  # a member is the payer after all
        self.env.invalidate_all()
        self.assertFalse(self.payer.payer_id)
        self.assertEqual(self.south.payer_id, self.payer)
        twin = self._late(name="twin", email="twin@customer.example.com")[0]
        merge((self.south | twin).partner_id.ids, twin.partner_id)
        self.env.invalidate_all()
        self.assertEqual(twin.payer_id, self.payer)

    def test_groups_are_read_at_once(self):
        (self.north | self.south).write({"payer_id": self.payer.id})
        alone, gone = (self._late(name=name, email=f"{name}@customer.example.com")[0] for name in ("alone", "gone"))
        gone.write({"payer_id": self.payer.id, "active": False})
        accounts = self.payer | alone
        accounts.mapped("active")  # in the cache
        with self.assertQueryCount(1):
            groups = accounts._read_groups()
        self.assertEqual(groups, {self.payer: self.payer | self.north | self.south, alone: alone})
        self.assertEqual(self.north._get_payers(), {self.north: self.payer})
        self.payer.active = False
        self.assertEqual(self.payer._read_groups(), {self.payer: self.payer})
        self.assertEqual(self.north._get_payers(), {self.north: self.north})

    def test_imports_are_checked_like_forms(self):
        ids = {
            name: account._export_rows([["id"]])[0][0]
            for name, account in (("payer", self.payer), ("north", self.north), ("south", self.south))
        }
        other = self._customer(self._partner(name="Elsewhere"), self._create_company(name="Another"))
        accounts = self.env["ar.customer"]
        self.assertFalse(accounts.load(["id", "payer_id/id"], [[ids["north"], ids["payer"]]])["messages"])
        self.assertEqual(self.north.payer_id, self.payer)
        for name, payer, text in (
            ("payer", ids["payer"], "its own payer"),
            ("south", other._export_rows([["id"]])[0][0], "another company"),
            ("south", ids["north"], "does not pay itself"),
            ("payer", ids["south"], "pays for others itself"),
        ):
            with self.subTest(name=name, text=text):
                result = accounts.load(["id", "payer_id/id"], [[ids[name], payer]])
                self.assertFalse(result["ids"])
                self.assertIn(text, result["messages"][0]["message"])
        self.assertFalse((self.payer | self.south).payer_id)
