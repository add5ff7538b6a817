"""Installments that the customer says to have paid: no reminder, and no miss, while the money is looked for."""

from datetime import date
from decimal import Decimal

from ...core import decision as codes
from .common_plans import ArPlanCommon


class TestPlanReported(ArPlanCommon):
    """Installments of 100 on 17 June, 17 July, 17 August and 17 September; missed after three days of grace."""

    def _report(self, day, amount):
        with self._on(day):
            return self.customer._report_payment(day, {self._debt(self.old).id: Decimal(amount)})

    def _judge(self, day):
        """Judge the reports and then the plans on that day, as the nightly run does."""
        with self._on(day):
            self.env["ar.reported.payment"].sudo()._judge_company(self.company, day)
        self._night(day)

    def test_the_oldest_is_not_reminded(self):
        self._active()
        self._report(date(2026, 6, 16), 130)
        with self._on(date(2026, 6, 18)):
            first, second, *_others = self.customer._get_facts().installments
        reported = [(e.code, e.amount) for item in (first, second) for e in item.exclusions]
        self.assertEqual(reported, [(codes.PAYMENT_REPORTED, 100), (codes.PAYMENT_REPORTED, 30)])
        self.assertEqual([first.chaseable_currency, second.chaseable_currency], [0, 70])

    def test_not_missed_until_it_is_not_found(self):
        plan = self._active()
        report = self._report(date(2026, 6, 16), 100)
        self.assertGreater(report.date_until, date(2026, 6, 20), "after the days of grace")
        for day in (date(2026, 6, 21), report.date_until):
            self._judge(day)
            self.assertEqual((plan.missed_count, self._tasks(self.customer, "plan").ids), (0, []))
        self._judge(self._in_days((report.date_until - self.TODAY).days + 1))
        self.assertEqual((report.state, plan.missed_count), ("not_found", 1))

    def test_neither_broken_nor_foreseen_as_broken(self):
        plan = self._active()
        self._night(date(2026, 6, 21))
        report = self._report(date(2026, 7, 20), 200)
        with self._on(date(2026, 7, 21)):
            self.assertFalse(plan.sudo()._find_broken(date(2026, 7, 21)))
        after = self._in_days((report.date_until - self.TODAY).days + 1)
        with self._on(after):
            self.assertEqual(plan.sudo()._find_broken(after), plan.ids, "as the night of that day will judge it")
        self._judge(date(2026, 7, 21))
        self.assertEqual(plan.state, "active")
        self._judge(after)
        self.assertEqual(plan.state, "broken")

    def test_of_a_part_the_next_one_is_missed(self):
        plan = self._active()
        self._report(date(2026, 7, 20), 100)
        self._judge(date(2026, 7, 21))
        self.assertEqual(plan.installment_ids.filtered("missed_on").mapped("number"), [2])
