from datetime import timedelta

from .common_reported import ReportedCommon


class TestFound(ReportedCommon):
    """What a reported payment may be is shown to the collector; nothing is matched by itself."""

    def _found(self, reported):
        self.env.flush_all()
        self.env.invalidate_all()
        with self._on():
            seen = reported.with_user(self.collector)
            return seen.unmatched_ids, (seen.bank_lines or "").splitlines()

    def test_nothing(self):
        unmatched, lines = self._found(self._report())
        self.assertFalse(unmatched)
        self.assertFalse(lines)
        self.assertIn("look for it", self._tasks(self.customer, "reported_payment").summary)

    def test_money_of_the_customer(self):
        payment = self._payment(self.partner, 300.0)
        reported = self._report()
        unmatched, lines = self._found(reported)
        self.assertEqual(unmatched.move_id, payment.move_id)
        self.assertFalse(lines)
        self.assertIn("may be: 1", self._tasks(self.customer, "reported_payment").summary)
        self.assertEqual(
            reported.with_user(self.collector).action_open_unmatched()["res_model"], "ar.unmatched.payment"
        )

    def test_bank_lines_of_the_amount_without_a_customer(self):
        self._statement_line(300.0, "Transfer 7", partner_name="Somebody else")
        self._statement_line(300.01)
        self._statement_line(300.0, day=self.TODAY - timedelta(days=32))
        self._statement_line(300.0, partner_id=self._partner(name="Other").id)
        _unmatched, lines = self._found(self._report())
        self.assertEqual(len(lines), 1)
        for text in ("June 10, 2026", "300.00", "Somebody else", "Transfer 7"):
            self.assertIn(text, lines[0])

    def test_bank_lines_of_one_of_the_items(self):
        self._statement_line(100.0, partner_name="Unknown")
        _unmatched, lines = self._found(self._report({self.old: None, self.new: None}))
        self.assertEqual(len(lines), 1)

    def test_bank_lines_of_another_company(self):
        other = self._create_company(name="Elsewhere")
        journal = self.env["account.journal"].search([("company_id", "=", other.id), ("type", "=", "bank")], limit=1)
        self.env["account.bank.statement.line"].with_company(other).create(
            {"journal_id": journal.id, "date": self.TODAY, "payment_ref": "Transfer", "amount": 300.0}
        )
        _unmatched, lines = self._found(self._report())
        self.assertFalse(lines)

    def test_a_collector_without_billing_rights_opens_the_form(self):
        self._statement_line(300.0, partner_name="Somebody else")
        reported = self._report().with_user(self.collector)
        (values,) = reported.web_read({"bank_lines": {}, "unmatched_ids": {"fields": {"amount": {}}}})
        self.assertIn("Somebody else", values["bank_lines"])

    def test_ended_reports_have_no_suggestions(self):
        self._statement_line(300.0)
        reported = self._report()
        self._pay(self.old)
        self._judge(self.TODAY)
        unmatched, lines = self._found(reported)
        self.assertFalse(unmatched)
        self.assertFalse(lines)
