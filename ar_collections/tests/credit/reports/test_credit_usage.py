from datetime import timedelta

from odoo import Command

from ..common_credit import ArCreditCommon


class TestCreditUsage(ArCreditCommon):
    """Exposure against limit: one row for each account with a limit or a security."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, _invoice = cls._late(amount=900)

    def _row(self, customer=None, user=None, day=None):
        """Return the row of a customer as of a day; the fields are read on that day, too."""
        self.env.flush_all()
        self.env.invalidate_all()
        usage = self.env["ar.credit.usage"].with_user(user or self.credit_manager)
        with self._on(day):
            row = usage.search([("customer_id", "=", (customer or self.customer).id)])
            row.mapped("exposure")
        return row

    def test_customers_without_limit_and_security_are_not_listed(self):
        """The list is about limits; the exposure of the others is compared with nothing."""
        self.assertFalse(self._row())

    def test_a_limit_is_compared_with_the_exposure(self):
        """Room below the limit, the excess above it, the share of the limit either way."""
        self._limit(self.customer, 1000)
        row = self._row()
        self.assertEqual((row.exposure, row.room, row.over, row.usage_percent), (900, 100, 0, 90))
        self._limit(self.customer, 600)
        row = self._row()
        self.assertEqual((row.room, row.over, row.usage_percent), (-300, 300, 150))

    def test_cash_only_is_a_limit_of_zero(self):
        """What is owed is over the limit; a share of zero is none."""
        self._limit(self.customer, 0, credit_limit_kind="zero")
        row = self._row()
        self.assertEqual((row.limit_kind, row.over), ("zero", 900))
        self.assertIsNone(row.usage_percent)

    def test_the_temporary_limit_counts_up_to_its_last_day(self):
        """The report is about the limit that applies today."""
        last = self.TODAY + timedelta(days=5)
        self._limit(self.customer, 600, temporary_limit_kind="amount", temporary_limit=2000, temporary_until=last)
        row = self._row(day=last)
        self.assertEqual((row.limit_amount, row.is_temporary), (2000, True))
        row = self._row(day=last + timedelta(days=1))
        self.assertEqual((row.limit_amount, row.is_temporary), (600, False))

    def test_what_is_secured_counts_up_to_its_last_day(self):
        """A guarantee without end, and an insurance that has one; also without a limit."""
        self.customer.sudo().write(
            {"guarantee_amount": 300, "insured_amount": 200, "insured_until": self.TODAY, "credit_limit_kind": "none"}
        )
        self.assertEqual(self._row().secured, 500)
        self.assertEqual(self._row(day=self.TODAY + timedelta(days=1)).secured, 300)

    def _head(self, limit, customer=None, **values):
        """Return the account above a customer, with the limit of their group."""
        partner = (customer or self.customer).partner_id.sudo()
        partner.is_company = True
        partner.parent_id = self._partner(name="Head of the Group", **values)
        head = self._customer(partner.parent_id)
        self._limit(head, limit, is_group_limit=True)
        return head

    def test_the_limit_of_a_group_is_compared_with_the_group(self):
        """What the members owe together, also once the head is archived, which ends no limit."""
        head = self._head(700)
        self._night()
        for active in (True, False):
            head.sudo().active = active
            row = self._row(head)
            self.assertEqual((row.group_exposure, row.over, row.is_group_limit), (900, 200, True))

    def test_each_exposure_is_in_one_row(self):
        """A member with a limit has a row of its own; the others are in that of the smallest group with a limit."""
        head = self._head(2000)
        self._invoice(head.partner_id, 5, 100)
        highest = self._head(5000, head)
        other, _invoice = self._late(amount=40)
        other.partner_id.sudo().write({"is_company": True, "parent_id": highest.partner_id.id})
        self._night()

        def rows():
            found = [self._row(account) for account in (highest, head, self.customer, other)]
            return [(row.exposure, row.exposure_at_risk, row.group_exposure) for row in found]

        self.assertEqual(rows(), [(40, 40, 1040), (1000, 1000, 1000), (0, 0, 0), (0, 0, 0)])
        self._limit(self.customer, 1000)
        self.assertEqual(rows(), [(40, 40, 1040), (100, 100, 1000), (900, 900, 0), (0, 0, 0)])
        row = self._row(head)
        self.assertEqual((row.room, row.over, row.usage_percent), (1000, 0, 50))

    def test_who_took_over_the_limit_of_a_group_is_its_head(self):
        """The head becomes a contact of a company: its account is merged, and is no head beside the company's."""
        head, (company, _invoice), (other, _invoice) = self._head(2000), self._late(amount=50), self._late(amount=40)
        other.partner_id.sudo().parent_id = company.partner_id
        with self._on():
            head.partner_id.sudo().write({"is_company": False, "parent_id": company.partner_id.id})
        self._night()
        self.assertEqual((head.merged_into_id, company.is_group_limit), (company, True))
        row = self._row(company)
        self.assertEqual((row.exposure, row.group_exposure), (990, 990))
        heads = self.env["ar.credit.standing"]._find_heads(self.customer.sudo())
        self.assertEqual(heads[self.customer.sudo()], company)

    def test_sums_and_groups_work(self):
        """The measures of the pivot add up."""
        self._limit(self.customer, 600)
        with self._on():
            ((policy, over),) = (
                self.env["ar.credit.usage"]
                .with_user(self.credit_manager)
                ._read_group([("customer_id", "=", self.customer.id)], ["policy_id"], ["over:sum"])
            )
        self.assertEqual((policy, over), (self.customer.policy_id, 300))

    def test_access(self):
        """Auditors read it, nobody without a role does, and nobody sees other companies."""
        self._limit(self.customer, 600)
        self.assertTrue(self._row(user=self._user("auditor")))
        other = self.env["res.company"].create({"name": "Another Company"})
        stranger = self._user("auditor", login="stranger", company_id=other.id, company_ids=[Command.set(other.ids)])
        self.assertFalse(self._row(user=stranger))
