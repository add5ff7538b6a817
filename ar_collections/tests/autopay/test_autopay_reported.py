"""An installment that the customer says to have paid: it is looked for, not charged."""

from decimal import Decimal

from .common_autopay import AutopayCase


class TestReported(AutopayCase):
    def setUp(self):
        super().setUp()
        self._agree()
        self._announce()

    def _report(self, days, amount):
        """Let the customer say on that day that it has paid so much of the invoice; return the report."""
        with self._on(self._in(days)):
            return self.customer._report_payment(self._in(days), {self._debt(self.invoice).id: Decimal(amount)})

    def _left(self):
        """Return what may be charged of each installment."""
        with self._on(self._in(4)):
            return [case.left for case in self.plan.installment_ids._get_autopay_cases().values()]

    def test_it_is_not_charged(self):
        self._report(4, 100)
        self.assertEqual([self._charge(day) for day in (5, 6)], [{}, {}])
        self.assertEqual(self._left(), [0, 100, 100])

    def test_of_a_part_the_rest_is_charged(self):
        self._report(4, 30)
        self._charge(5)
        self.assertEqual(self.plan.autopay_charge_ids.mapped("amount"), [70.0])

    def test_the_oldest_ones_are_covered_first(self):
        self._report(4, 250)
        self.assertEqual(self._left(), [0, 0, 50])

    def test_not_found_it_is_charged_as_announced(self):
        report = self._report(4, 100)
        day = (report.date_until - self.TODAY).days + 1
        with self._on(self._in(day)):
            self.env["ar.reported.payment"].sudo()._judge_company(self.company, self._in(day))
        self._charge(day)
        self.assertEqual(self.plan.autopay_charge_ids.mapped("amount"), [100.0])

    def test_a_charge_without_an_answer_is_not_sent_again(self):
        self._charge_unanswered(5)
        self.assertEqual(self._outcomes(), [(1, "unknown")])
        self._report(5, 100)
        self.assertFalse(self.plan.autopay_charge_ids._filter_repeatable())
