from datetime import timedelta

from .common import ArCommon


class TestRunDay(ArCommon):
    def test_late_invoice_is_reminded_once(self):
        partner = self._partner()
        invoice = self._invoice(partner, overdue_days=4)
        summary = self._run()
        self.assertEqual(summary["speaks"], {"Friendly reminder": 1}, summary)
        customer = self._customer(partner)
        communication = self._communications(customer)
        self.assertEqual(communication.state, "planned")
        mails = self._deliver()
        self.assertEqual([mail["email_to"] for mail in mails], [['"Patient Payer" <payer@customer.example.com>']])
        self.assertEqual(communication.state, "sent")
        self.assertIn(invoice.name, communication.body)
        self.assertEqual(self._run(), summary | {"speaks": {}, "silent": {"already_spoken": 1}})
        self.assertEqual(len(self._communications(customer)), 1)

    def test_paid_between_plan_and_send_is_not_mailed(self):
        partner = self._partner()
        invoice = self._invoice(partner, overdue_days=4)
        self._run()
        self._pay(invoice)
        self.assertFalse(self._deliver())
        communication = self._communications(self._customer(partner))
        self.assertEqual((communication.state, communication.cancel_reason), ("cancelled", "nothing_due"))
        self.assertEqual(self._run(self.TODAY + timedelta(days=1))["speaks"], {})
