"""Which invoices an automatic payment of an account takes: maxima of payment and month, credits, currencies."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from unittest import TestCase

from odoo.addons.ar_collections.core.autopay.bounds import Bounds, Spent, admits
from odoo.addons.ar_collections.core.autopay.options import AutopayOptions
from odoo.addons.ar_collections.core.autopay.selection import DueItem, select

DAY = date(2026, 6, 30)


def item(number, amount, currency="EUR", day=DAY, rate=1):
    return DueItem(number, currency, day, Decimal(amount), Decimal(rate))


class TestSelection(TestCase):
    def _taken(self, items, **values):
        options = {name: values.pop(name) for name in ("maximum_charge", "maximum_month") if name in values}
        batches = select(items, AutopayOptions(**{name: Decimal(value) for name, value in options.items()}), **values)
        return [(batch.skipped, batch.currency, [each.item_id for each in batch.items]) for batch in batches]

    def test_one_payment_for_each_currency_and_day(self):
        items = [item(1, 10), item(2, 10, "USD"), item(3, 10), item(4, 10, day=date(2026, 7, 1))]
        self.assertEqual(self._taken(items), [("", "EUR", [1, 3]), ("", "USD", [2]), ("", "EUR", [4])])

    def test_the_earliest_payment_has_the_room_of_the_month(self):
        items = [item(1, 60, day=date(2026, 6, 30)), item(2, 60, day=date(2026, 6, 2))]
        self.assertEqual(self._taken(items, maximum_month=100), [("", "EUR", [2]), ("over_month", "EUR", [1])])

    def test_maxima_are_in_company_currency(self):
        self.assertEqual(self._taken([item(1, 100, "USD", rate="0.5")], maximum_charge=50), [("", "USD", [1])])
        self.assertEqual(self._taken([item(1, 102, "USD", rate="0.5")], maximum_charge=50)[0][0], "over_charge")

    def test_a_month_has_a_maximum_of_its_own(self):
        items = [item(1, 60), item(2, 60, day=date(2026, 7, 1))]
        self.assertEqual(self._taken(items, maximum_month=60), [("", "EUR", [1]), ("", "EUR", [2])])

    def test_no_payment_is_above_the_maximum_in_whatever_order(self):
        for amounts in permutations((10, 20, 30, 40, 50)):
            items = [item(number, amount) for number, amount in enumerate(amounts)]
            charged = [
                each.amount
                for batch in select(items, AutopayOptions(maximum_charge=Decimal(70)))
                for each in batch.items
                if not batch.skipped
            ]
            self.assertLessEqual(sum(charged), 70)

    def test_what_credits_cover_is_not_charged(self):
        self.assertEqual(self._taken([item(1, 60)], credits={"EUR": Decimal(60)}), [])
        self.assertEqual(self._taken([item(1, 60)], credits={"USD": Decimal(60)}), [("", "EUR", [1])])

    def test_zero_is_no_limit(self):
        self.assertTrue(admits(Bounds(), Spent(10**6, Decimal(10**9), 10**6, Decimal(10**9)), Decimal(1)))
