from odoo.exceptions import UserError

from ..customers.owed.common_owed import ArBranchCommon
from .common_matching import ArMatchingCommon


class TestMatchingBranches(ArBranchCommon, ArMatchingCommon):
    """Money on the bank account of head office for an invoice of a branch: it holds and is suggested by reference."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._owed(cls.branch, 4, 100.0)

    def _decided(self, customer):
        self._run(companies=self.company | self.branch)
        return customer.decision_code

    def _row(self, *companies):
        """Return the row of the queue, for a user who works for these companies."""
        self.env.flush_all()
        self.env.invalidate_all()
        ids = [company.id for company in companies or (self.company, self.branch)]
        return self.env["ar.unmatched.payment"].with_context(allowed_company_ids=ids).search([])

    def test_a_line_of_head_office_that_names_the_invoice_holds_the_branchs_reminder(self):
        self._statement_line(100.0, f"Transfer {self.invoice.name}")
        self.assertEqual(self._decided(self.customer), "unmatched_payment")

    def test_so_does_one_of_the_customer_or_its_bank_account(self):
        self.env["res.partner.bank"].create({"acc_number": "IE29AIBK93115212345678", "partner_id": self.partner.id})
        self._statement_line(40.0, f"Part of {self.invoice.name}", account_number="IE29AIBK93115212345678")
        self.assertEqual(self._decided(self.customer), "unmatched_payment")

    def test_a_line_of_head_office_that_names_nothing_holds_no_reminder_of_the_branch(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self.assertEqual(self._decided(self.customer), "step_reached")

    def test_a_line_of_another_root_company_holds_nothing(self):
        other = self._create_company(name="Other Company")
        journal = self.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", other.id)], limit=1)
        self._statement_line(100.0, f"Transfer {self.invoice.name}", journal_id=journal.id)
        self.assertEqual(self._decided(self.customer), "step_reached")

    def test_the_invoice_of_the_branch_is_suggested(self):
        self._statement_line(100.0, f"Transfer {self.invoice.name}")
        row = self._row()
        self.assertEqual((row.suggestion_code, row.target_ids), ("reference", self._debt(self.invoice)))
        self.assertIn(self.branch.name, row.suggestion_text)

    def test_the_named_invoice_comes_before_one_of_the_same_amount_at_head_office(self):
        self._owed(self.company, 4, 100.0)
        self._statement_line(100.0, f"Transfer {self.invoice.name}", partner_id=self.partner.id)
        self.assertEqual(self._row().target_ids, self._debt(self.invoice))

    def test_an_invoice_of_the_branch_is_not_suggested_by_its_amount(self):
        self._statement_line(100.0, "Transfer", partner_id=self.partner.id)
        self.assertFalse(self._row().suggestion_code)

    def test_who_does_not_work_for_the_branch_is_not_shown_its_invoice(self):
        self._statement_line(100.0, f"Transfer {self.invoice.name}")
        self.assertFalse(self._row(self.company).target_ids)

    def test_a_customer_of_the_branch_alone_is_in_the_queue(self):
        partner = self._partner(name="Branch Only", email="only@customer.example.com")
        account = self._customer(partner, self.branch)
        self._statement_line(70.0, "Transfer", partner_id=partner.id)
        self.assertEqual(self._row().customer_id, account)
        self.assertFalse(self._row(self.company))

    def test_apply_settles_the_invoice_of_the_branch(self):
        self._statement_line(100.0, f"Transfer {self.invoice.name}")
        self._row().action_apply()
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertFalse(self._row())

    def test_a_payment_at_head_office_for_the_invoice_is_applied(self):
        self._payment(self.partner, 100.0, memo=self.invoice.name)
        row = self._row()
        self.assertEqual(row.target_ids, self._debt(self.invoice))
        row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_changed_suggestion_is_refused(self):
        self._statement_line(100.0, f"Transfer {self.invoice.name}")
        row = self._row().with_context(ar_suggestion="[(1, 'EUR', '1.00')]")
        with self.assertRaisesRegex(UserError, "have changed"):
            row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 100.0)
