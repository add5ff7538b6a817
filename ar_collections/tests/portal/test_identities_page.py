from odoo.tests import tagged

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPageOfMergedAccount(ArPortalCommon):
    """Yesterday's link shows the debt, whatever happened to the contact since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls._partner(name="Group", email="group@customer.example.com")
        cls.group_invoice = cls._invoice(cls.group, 5, 70.0)
        cls.group_account = cls._customer(cls.group)
        cls.link = cls._key(cls.customer)

    def _merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.payer | self.group).ids, self.group)
        self.env.invalidate_all()

    def _get(self, token):
        return self.url_open(f"/my/receivables/{self.customer.id}?access_token={token}")

    def assertShown(self, response, *invoices):
        self.assertEqual(response.status_code, 200)
        for invoice in invoices:
            self.assertIn(invoice.name, response.text)

    def test_the_link_to_a_merged_account_shows_all_debts(self):
        self._merge()
        self.assertEqual(self.customer.merged_into_id, self.group_account)
        self.assertShown(self._get(self.link), self.old, self.new, self.group_invoice)

    def test_the_link_of_a_contact_that_got_a_company_shows_all_debts(self):
        self.payer.is_company = False
        self.payer.parent_id = self.group
        self.assertEqual(self.customer.merged_into_id, self.group_account)
        self.assertShown(self._get(self.link), self.old, self.group_invoice)

    def test_the_link_of_an_account_that_moved_to_the_company_works(self):
        company = self._partner(name="New Company")
        self.payer.is_company = False
        self.payer.parent_id = company
        self.assertEqual(self.customer.partner_id, company)
        self.assertShown(self._get(self.link), self.old)

    def test_a_wrong_link_shows_nothing(self):
        self._merge()
        for token in ("", "wrong", self._key(self._customer(self._partner(name="Stranger")))):
            with self.subTest(token):
                self.assertEqual(self._get(token).status_code, 404)

    def test_a_renewed_link_ends_the_earlier_links_too(self):
        self._merge()
        self.group_account.action_revoke_links()
        self.env.invalidate_all()
        self.assertEqual(self._get(self.link).status_code, 404)

    def test_an_archived_survivor_shows_nothing(self):
        self._merge()
        self.group_account.active = False
        self.assertEqual(self._get(self.link).status_code, 404)

    def test_a_portal_user_of_the_old_account_sees_the_company(self):
        self._portal_user(self.payer, "member")
        self.payer.is_company = False
        self.payer.parent_id = self.group
        self.authenticate("member", "member")
        self.assertShown(self._get(""), self.old, self.group_invoice)
        self.assertIn(f"/my/receivables/{self.group_account.id}", self.url_open("/my/receivables").text)

    def test_a_person_who_left_sees_nothing_of_the_company_by_login(self):
        self._portal_user(self.payer, "member")
        self.payer.is_company = False
        self.payer.parent_id = self.group
        self.payer.parent_id = False
        self.authenticate("member", "member")
        response = self.url_open(f"/my/receivables/{self.group_account.id}")
        self.assertEqual(response.status_code, 404)

    def test_a_selection_made_before_the_merge_can_be_paid(self):
        response = self._select(self.old)
        self._merge()
        again = self.url_open(response.url)
        self.assertEqual(again.status_code, 200)
        self.assertEqual(self._form_of(again)[1], 200.0)
