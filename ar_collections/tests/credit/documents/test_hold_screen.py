from odoo.tests import Form

from ....core.credit.effect import INFORM, WARN
from .common_documents import ArDocumentsCommon


class TestHoldScreen(ArDocumentsCommon):
    """A draft invoice says in one line what posting it would lead to, and whom to ask."""

    def _read(self, draft, user=None):
        draft.invalidate_recordset()
        with self._on():
            draft = draft.with_user(user or self.biller)
            return draft.ar_credit_text, draft.ar_is_blocked

    def test_the_user_who_invoices_reads_why_and_whom_to_ask(self):
        self.credit_manager.name = "Carla Credit"
        text, is_blocked = self._read(self._draft(1200))
        self.assertRegex(text, "^On hold: .*exceeded by .*200.00.*Ask .*Carla Credit.* to release it")
        self.assertTrue(is_blocked)

    def test_a_credit_manager_reads_that_it_can_be_released(self):
        self.assertIn("You may release it", self._read(self._draft(1200), self.credit_manager)[0])

    def test_within_the_limit_released_warned_and_informed(self):
        self.assertRegex(self._read(self._draft(100))[0], "^Within the credit limit")
        draft = self._draft(1200)
        self._release(draft)
        self.assertEqual(self._read(draft)[0][:29], "Released by a credit manager.")
        self.policy.effect_invoice = WARN
        self.assertRegex(self._read(self._draft(1300))[0], "^Credit warning: With this invoice")
        self.policy.effect_invoice = INFORM
        self.assertEqual(self._read(self._draft(1300))[1], False)

    def test_it_says_the_same_as_posting_while_another_draft_waits(self):
        first, second = self._draft(600), self._draft(600)
        self.assertEqual([self._read(draft)[1] for draft in (first, second)], [False, True])

    def test_while_the_invoice_is_written(self):
        moves = self.env["account.move"].with_user(self.biller).with_context(default_move_type="out_invoice")
        with self._on(), Form(moves) as form:
            form.partner_id = self.partner
            with form.invoice_line_ids.new() as line:
                line.name, line.price_unit = "Work", 1200
                line.tax_ids.clear()
            self.assertTrue(form.ar_is_blocked)
            self.assertIn("On hold", form.ar_credit_text)

    def test_the_filter_finds_held_invoices(self):
        held, other = self._draft(1200), self._draft(5, partner=self._partner(name="Other"))
        self._post(held | other)
        found = self.env["account.move"].with_user(self.biller).search([("ar_held_on", "!=", False)])
        self.assertIn(held, found)
        self.assertNotIn(other, found)

    def test_the_night_clears_the_marks_of_what_is_free_again(self):
        held, still = self._draft(1200), self._draft(5000)
        self._post(held | still | self._draft(5, partner=self._partner(name="Other")))
        self.assertTrue(held.ar_held_on and still.ar_held_on)
        self._limit(self.customer, 1200)
        self._night()
        self.assertEqual((bool(held.ar_held_on), bool(still.ar_held_on)), (False, True))
        self.assertEqual(held.state, "draft")
