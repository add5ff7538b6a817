"""What customers may choose for automatic payments, and on which day that charges an invoice."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.autopay import options as rules
from odoo.addons.ar_collections.core.autopay.options import AutopayOptions, charge_day, check_options

LEAP, COMMON = date(2028, 2, 10), date(2026, 2, 10)


class TestAutopayOptions(TestCase):
    def test_choices(self):
        table = [
            (AutopayOptions(), ""),
            (AutopayOptions("never"), rules.BAD_TIME),
            (AutopayOptions(rules.DAYS_BEFORE, days_before=1), ""),
            (AutopayOptions(rules.DAYS_BEFORE, days_before=0), rules.BAD_DAYS_BEFORE),
            (AutopayOptions(rules.DAYS_BEFORE, days_before=61), rules.BAD_DAYS_BEFORE),
            (AutopayOptions(rules.MONTH_DAY, month_day=31), ""),
            (AutopayOptions(rules.MONTH_DAY, month_day=0), rules.BAD_MONTH_DAY),
            (AutopayOptions(maximum_month=Decimal("NaN")), rules.BAD_MAXIMUM),
            (AutopayOptions(maximum_charge=Decimal("-0.01")), rules.BAD_MAXIMUM),
            (AutopayOptions(maximum_charge=Decimal(5), maximum_month=Decimal(5)), ""),
            (AutopayOptions(maximum_charge=Decimal(6), maximum_month=Decimal(5)), rules.MONTH_BELOW_CHARGE),
            (AutopayOptions(maximum_charge=Decimal("0.51"), maximum_month=Decimal("0.50")), rules.MONTH_BELOW_CHARGE),
            (AutopayOptions(maximum_charge=Decimal(6)), ""),
            (AutopayOptions(journal_ids=frozenset({1})), ""),
            (AutopayOptions(journal_ids=frozenset({1, 2})), rules.BAD_KIND),
        ]
        for options, code in table:
            with self.subTest(options):
                self.assertEqual(check_options(options, {1}), code)

    def test_a_day_of_the_month_is_the_last_one_of_shorter_months(self):
        for due, day in (
            (COMMON, date(2026, 2, 28)),
            (LEAP, date(2028, 2, 29)),
            (date(2026, 1, 31), date(2026, 1, 31)),
        ):
            self.assertEqual(charge_day(AutopayOptions(rules.MONTH_DAY, month_day=31), due), day)

    def test_a_day_of_the_month_is_never_before_the_due_date_and_at_most_a_month_later(self):
        for number in range(1, 32):
            options = AutopayOptions(rules.MONTH_DAY, month_day=number)
            for offset in range(800):
                due = date(2027, 1, 1) + timedelta(days=offset)
                self.assertLess((charge_day(options, due) - due).days, 31)
                self.assertGreaterEqual(charge_day(options, due), due)
