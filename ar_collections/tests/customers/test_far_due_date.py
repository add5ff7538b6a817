from datetime import date

from ..common import ArCommon


class TestFarDueDate(ArCommon):
    """An invoice due on the last possible day, as programs that know no due date write it, stops nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.late = cls._late()
        cls.far = cls._invoice(
            cls.customer.partner_id, amount=50.0, invoice_date=cls.TODAY, invoice_date_due=date(9999, 12, 31)
        )

    def test_the_customer_is_reminded_of_the_other_invoice(self):
        self._run()
        self.assertFalse(self.customer.run_error)
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.assertEqual(self._communications(self.customer).line_ids.move_id, self.late)

    def test_it_is_reminded_of_alone_at_no_time(self):
        self._pay(self.late)
        self._run()
        self.assertCode(self.customer, "nothing_due")
        self.assertFalse(self.customer.next_date)

    def test_invoice_dashboard_forecast_and_statement_are_there(self):
        with self._on():
            self.assertEqual(self.far.ar_next_step_date.year, 2999)
            self.assertEqual(self.env["ar.dashboard"].get_data()["aging"]["total"], 150.0)
            forecast = self.env["ar.cash.forecast"]._read_weeks(self.company, self.TODAY)
            self.assertEqual(float(forecast.expected + forecast.later), 150.0)
            items = self.env["ar.cash.forecast.item"].search([("company_id", "=", self.company.id)])
            self.assertEqual(sum(items.mapped("amount")), 150.0)
