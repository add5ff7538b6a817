from datetime import date

from .common_plans import ArPlanCommon


class TestScenarioPlan(ArPlanCommon):
    """A plan day by day: the nightly run judges, messages go out by day, the customer pays, or does not."""

    def setUp(self):
        super().setUp()
        self.plan = self._active()  # 10 June; 100 on 17 June, 17 July, 17 August, 17 September
        self._deliver()
        self.day = self.TODAY

    def _until(self, day):
        """Run from the last day on up to this one; days far from any date are skipped."""
        dates = self.plan.installment_ids.mapped("date")
        while self.day < day:
            self.day = date.fromordinal(self.day.toordinal() + 1)
            if self.day == day or any(-4 <= (self.day - one).days <= 6 for one in dates):
                self._night(self.day)
                self._day(self.day)

    def _assert(self, state, missed=0, left=400.0):
        self.assertEqual((self.plan.state, self.plan.missed_count, self.plan.amount_left), (state, missed, left))

    def _log_entries(self):
        """Return the messages to the customer, oldest first: notices by name, reminders by their days."""
        log = self._communications(self.customer).filtered(lambda c: c.state == "sent")
        return [c.notice or c.step_id.days for c in log]

    def test_kept_to_the_end(self):
        for month, invoice in ((6, self.new), (7, self.old), (8, self.old), (9, self.old)):
            self._until(date(2026, month, 16))
            self._pay(invoice, 100.0, day=self.day)
        self._until(date(2026, 9, 20))
        self._assert("completed", left=0.0)
        # A notice before each installment, and thanks at the end; no reminder of the invoices.
        self.assertEqual(self._log_entries(), ["plan_accepted", -3, -3, -3, -3, "plan_completed"])

    def test_paid_early_in_one_go(self):
        self._until(date(2026, 6, 16))
        self._pay(self.old, day=self.day)
        self._pay(self.new, day=self.day)
        self._until(date(2026, 6, 30))
        self._assert("completed", left=0.0)
        self.assertEqual(self._log_entries(), ["plan_accepted", -3, "plan_completed"])

    def test_missed_once_and_caught_up(self):
        self._until(date(2026, 6, 24))
        self._assert("active", missed=1)
        self.assertEqual(self._log_entries(), ["plan_accepted", -3, 2])
        self._pay(self.new, day=self.day)
        self._until(date(2026, 7, 10))
        self._assert("active", missed=1, left=300.0)
        self.assertEqual(self.plan.installment_ids[0].state, "paid")

    def test_broken_then_the_schedule(self):
        self._until(date(2026, 7, 21))
        self._assert("broken", missed=2)
        self._until(date(2026, 7, 31))
        sent = self._log_entries()
        self.assertEqual(sent[sent.index("plan_broken") + 1], 3)  # friendly, at the entry step
        tasks = self._tasks(self.customer, "plan")
        self.assertEqual(len(tasks), 1)

    def test_broken_reinstated_and_kept(self):
        self._until(date(2026, 7, 22))
        with self._on(self.day):
            self.plan.sudo()._reinstate("Was in hospital")
        self._pay(self.old, 200.0, day=self.day)
        self._until(date(2026, 8, 16))
        self._assert("active", left=200.0)
        self._pay(self.old, day=self.day)
        self._until(date(2026, 9, 16))
        self._pay(self.new, day=self.day)
        self._until(date(2026, 9, 18))
        self._assert("completed", left=0.0)

    def test_a_credit_note_and_a_bank_payment_fill_it(self):
        self._until(date(2026, 6, 15))
        refund = self._invoice(self.customer.partner_id, 0, 60.0, move_type="out_refund", today=self.day)
        (self._debt(self.new) + self._debt(refund)).reconcile()
        self._pay(self.old, 40.0, day=self.day)
        self._until(date(2026, 6, 30))
        self._assert("active", left=300.0)
        with self._on(self.day):
            self.assertEqual(self.plan.installment_ids.mapped("state"), ["paid", "open", "open", "open"])

    def test_a_payment_is_taken_back(self):
        self._until(date(2026, 6, 16))
        payment = self._pay(self.old, day=self.day)
        self._pay(self.new, day=self.day)
        self._until(date(2026, 6, 20))
        self._assert("completed", left=0.0)
        self._until(date(2026, 7, 1))
        payment.move_id.line_ids.remove_move_reconcile()
        self._until(date(2026, 7, 2))
        self._assert("active", left=300.0)  # 100 are paid: the first installment holds
        self._until(date(2026, 7, 22))
        self._assert("active", missed=1, left=300.0)

    def test_the_invoice_is_credited_in_full_elsewhere(self):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.old.ids)
            .create({"journal_id": self.old.journal_id.id, "date": self.day})
        )
        wizard.refund_moves()
        self.env["account.move"].search([("reversed_entry_id", "=", self.old.id)]).action_post()
        refund = self.env["account.move"].search([("reversed_entry_id", "=", self.old.id)])
        if refund.payment_state != "paid":
            (self._debt(self.old) + self._debt(refund)).reconcile()
        self._pay(self.new, day=self.day)
        self._until(date(2026, 6, 12))
        self._assert("completed", left=0.0)
