from datetime import timedelta

from .common_risks import ArRisksCommon


class TestRisksCompany(ArRisksCommon):
    """Risks that are about the company: money that nobody has matched, bank feeds that stand still."""

    def test_money_that_is_not_matched(self):
        self._payment(self.customer.partner_id, 300.0, day=self.TODAY - timedelta(days=15))
        self._payment(self.customer.partner_id, 200.0, day=self.TODAY - timedelta(days=13))
        self._payment(self.customer.partner_id, 50.0, currency=self.dollar, day=self.TODAY - timedelta(days=20))
        risk = self._risks("unmatched")
        self.assertEqual((risk.amount, risk.customer_id.id), (325, False))
        self.assertIn("2 payments", risk.text)
        self.assertEqual(risk.action_open()["res_model"], "ar.unmatched.payment")
        self.company.sudo().ar_risk_unmatched_days = 0
        self.assertFalse(self._risks("unmatched"))

    def test_a_bank_feed_that_stands_still(self):
        last = self.TODAY - timedelta(days=10)
        for days in range(0, 90, 2):
            self._statement_line(180.0, day=last - timedelta(days=days))
        risk = self._risks("feed_still")
        self.assertEqual(risk.amount, 900, "45 times 180 in 90 days is 90 a day")
        self.assertIn("10 days", risk.text)
        self.assertEqual(risk.action_open()["res_model"], "account.journal")
        self._statement_line(180.0, day=self.TODAY - timedelta(days=5))
        self.assertFalse(self._risks("feed_still"))

    def test_a_journal_that_was_never_regular(self):
        for days in (10, 40, 70):
            self._statement_line(180.0, day=self.TODAY - timedelta(days=days))
        self.assertFalse(self._risks("feed_still"))

    def test_archived_journals_are_left_out(self):
        for days in range(20, 100, 2):
            self._statement_line(180.0, day=self.TODAY - timedelta(days=days))
        self.assertTrue(self._risks("feed_still"))
        self.bank.active = False
        self.assertFalse(self._risks("feed_still"))
