from datetime import timedelta

from ...customers.owed.common_owed import ArBranchCommon
from .common_status import ArStatusCommon


class TestCreditStatusCompanies(ArStatusCommon, ArBranchCommon):
    """Companies do not mix; branches share the status of their root company; members of a group share a limit."""

    def test_accounts_of_branches_show_the_status_of_the_root_company(self):
        self._rules({"use_days": True, "days": 61})
        partner = self._partner(name="Of both")
        self._invoice(partner, 90, 500, company=self.branch)
        root, branch = self._customer(partner), self._customer(partner, self.branch)
        self.assertEqual(self._refresh(root), ("hold", ["overdue"]))
        self.assertEqual(branch.credit_state, "hold")
        self.assertIn("500.00", branch.credit_reasons_html)
        found = root.search([("credit_state", "=", "hold"), ("partner_id", "=", partner.id)])
        self.assertEqual(found, root | branch)
        self.assertNotIn(branch, root.search([("credit_state", "=", "good")]))
        self.assertEqual(branch.sudo().credit_status, "good")  # it is stored once
        with self._on():
            opened = branch.action_credit_hold()
        self.assertEqual(opened["context"]["default_customer_id"], root.id)

    def test_an_archived_account_of_the_root_company_is_found_from_a_branch(self):
        self._rules({"use_days": True, "days": 61})
        partner = self._partner(name="Of both")
        self._invoice(partner, 90, 500, company=self.branch)
        root, branch = self._customer(partner), self._customer(partner, self.branch)
        self._refresh(root)
        root.active = False
        self.env.invalidate_all()
        self.assertEqual(branch._get_credit_account(), root)
        self.assertEqual(branch.credit_state, "hold")

    def test_two_companies_hold_their_own_customers(self):
        self._rules({"use_days": True, "days": 61})
        elsewhere = self._create_company(name="Elsewhere")
        partner = self._partner(name="Of two")
        self._invoice(partner, 90, 500)
        ours, theirs = self._customer(partner), self._customer(partner, elsewhere)
        with self._on():
            (ours | theirs).sudo()._refresh_exposure()
        self.env.invalidate_all()
        self.assertEqual((ours.credit_state, theirs.credit_state), ("hold", "good"))

    def test_members_of_a_group_are_held_by_the_limit_of_its_head(self):
        self._rules({"code": "over_group_limit"})
        head = self._customer(self._partner(name="Head"))
        members = [self._partner(name=name, parent_id=head.partner_id.id) for name in ("One", "Two")]
        self._invoices(members, 4, 300)
        one, two = (self._customer(partner) for partner in members)
        self._limit(head, 600, is_group_limit=True)
        self.assertEqual(self._refresh(one), ("good", []))
        self._limit(head, 599.99, is_group_limit=True)
        self._night()
        for customer in (one, two):
            self.assertEqual(self._status(customer), ("hold", ["over_group_limit"]))

    def test_a_temporary_limit_and_an_expired_one(self):
        self._rules({"code": "over_limit"}, {"code": "limit_expired", "use_days": True, "days": 30})
        customer, _invoice = self._late(4, 500)
        self._limit(customer, 100, temporary_limit_kind="amount", temporary_limit=500, temporary_until=self.until)
        self._night(self.until)
        self.assertEqual(self._status(customer)[0], "good")
        self._night(self.until + timedelta(days=1))
        self.assertEqual(self._status(customer), ("hold", ["over_limit"]))

    def test_a_limit_whose_review_is_overdue_is_reported_after_the_days_of_grace(self):
        self._rules({"code": "limit_expired", "status": "warning", "use_days": True, "days": 30})
        customer, _invoice = self._late(4, 500)
        self._limit(customer, 1000, credit_review_on=self.TODAY)
        self._night(self.TODAY + timedelta(days=30))
        self.assertEqual(self._status(customer)[0], "good")
        self._night(self.TODAY + timedelta(days=31))
        self.assertEqual(self._status(customer), ("warning", ["limit_expired"]))
