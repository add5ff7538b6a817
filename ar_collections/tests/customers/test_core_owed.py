"""What customers are asked for apart from reminders, and what of it is overdue for them."""

from dataclasses import replace

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.customers.owed import asked, days_late, due_parts, late, overdue
from odoo.addons.ar_collections.core.facts import INSTALLMENT

from ..core_common import CoreCase, dec


class TestAsked(CoreCase):
    def asked(self, *excluded, **options):
        return asked(self.item(5, excluded=excluded), **options)

    def test_what_only_a_reminder_waits_for_is_asked_for(self):
        for code in codes.ITEM_CODES:
            with self.subTest(code):
                self.assertEqual(self.asked((code, 100)), 100 if code in ("recently_entered", "not_arrived") else 0)

    def test_reasons_of_other_modules_count(self):
        self.assertEqual(self.asked(("embargo", 40)), 60)

    def test_the_rest_of_an_item(self):
        self.assertEqual(self.asked(("disputed", 30), ("promise_open", 50), ("recently_entered", 100)), 20)
        self.assertEqual(self.asked(("disputed", 70), ("excluded", 100)), 0)

    def test_parts_that_are_asked_for_all_the_same(self):
        self.assertEqual(self.asked(("disputed", 30), ("promise_open", dec("50.5")), also={"promise_open"}), 70)


class TestOverdue(CoreCase):
    def _installment(self, days, amount, excluded=()):
        return replace(self.item(days, amount, 1, excluded=excluded), kind=INSTALLMENT)

    def _overdue(self, *items, **values):
        """Return (what is overdue, number of what is late)."""
        facts = self.facts(*items, **values)
        amounts = {name: str(amount) for name, amount in overdue(facts, self.TODAY).items()}
        return amounts, len(late(facts, self.TODAY))

    def test_due_today_is_not_overdue(self):
        self.assertEqual(self._overdue(self.item(1, 10), self.item(0, 20, 2)), ({"EUR": "10"}, 1))
        self.assertEqual([days_late(self.item(days), self.TODAY) for days in (-3, 0, 1, 40)], [0, 0, 1, 40])

    def test_what_is_not_asked_for_is_overdue_and_not_late(self):
        for code in set(codes.ITEM_CODES) - {codes.OUR_PAYMENT, codes.SMALL_DIFFERENCE, codes.PLAN_ACTIVE}:
            with self.subTest(code):
                item = self.item(5, excluded=[(code, 100)])
                number = int(code in codes.TIMING_CODES)
                self.assertEqual((self._overdue(item), days_late(item, self.TODAY)), (({"EUR": "100"}, number), 5))

    def test_what_is_no_debt_or_a_small_difference_is_not_overdue(self):
        for code in (codes.OUR_PAYMENT, codes.SMALL_DIFFERENCE):
            with self.subTest(code):
                item = self.item(5, 2, excluded=[(code, 2)])
                self.assertEqual((self._overdue(item), days_late(item, self.TODAY)), (({}, 0), 0))

    def test_a_plan_is_due_on_the_dates_of_its_installments(self):
        planned = self.item(90, 100, excluded=[(codes.PLAN_ACTIVE, 100)])
        rest = self.item(60, 100, 2, excluded=[(codes.PLAN_ACTIVE, 70)])
        installments = self._installment(3, 50), self._installment(-27, 120)
        found = self._overdue(planned, rest, installments=installments)
        self.assertEqual(found, ({"EUR": "80"}, 2))  # of them the rest of 30
        self.assertEqual([days_late(item, self.TODAY) for item in (planned, rest)], [0, 60])
        facts = self.facts(planned, rest, installments=installments)
        self.assertEqual(sum(amount for _item, amount in due_parts(facts)), 200)

    def test_an_installment_that_is_being_paid_is_overdue_and_not_late(self):
        planned = self.item(90, 100, excluded=[(codes.PLAN_ACTIVE, 100)])
        paid = self._installment(3, 100, [(codes.PAYMENT_PENDING, 100)])
        self.assertEqual(self._overdue(planned, installments=(paid,)), ({"EUR": "100"}, 0))

    def test_currencies_do_not_mix(self):
        found = self._overdue(self.item(5, 10, currency="USD"), self.item(5, 20, 2))
        self.assertEqual(found, ({"USD": "10", "EUR": "20"}, 2))
