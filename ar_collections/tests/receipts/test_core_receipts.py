"""Thanks for payments: who is thanked, and what the mail says is still open."""

from dataclasses import replace

from odoo.addons.ar_collections.core.decision import ARCHIVED, EXCLUDED, INSOLVENT, PLACED, SETTLEMENT_OPEN
from odoo.addons.ar_collections.core.facts import INSTALLMENT, OUR_PAYMENT
from odoo.addons.ar_collections.core.receipts import add_up, amounts_open, receipt_code, tells_open

from ..core_common import CoreCase, dec


class TestWho(CoreCase):
    def code(self, *items, **values):
        return receipt_code(self.facts(*items, **values), self.TODAY)

    def test_who_is_thanked(self):
        self.assertIsNone(self.code(self.item(40)))
        self.assertIsNone(self.code(self.item(40), paused_until=self.day(5)))  # a pause is about reminders
        self.assertIsNone(self.code(self.item(40, excluded=[("disputed", 100)])))

    def test_who_is_not(self):
        self.assertEqual(self.code(excluded=True), EXCLUDED)
        self.assertEqual(self.code(archived=True), ARCHIVED)
        settled = self.item(40, item_id=2, excluded=[(SETTLEMENT_OPEN, 100)])
        self.assertEqual(self.code(self.item(40), settled), SETTLEMENT_OPEN)

    def test_what_others_claim_is_not_told(self):
        for code, told in ((PLACED, False), (INSOLVENT, False), ("disputed", True)):
            with self.subTest(code):
                item = self.item(40, item_id=2, excluded=[(code, 1)])
                self.assertEqual(tells_open(self.facts(self.item(40), item)), told)


class TestOpen(CoreCase):
    def open(self, *items, **values):
        found = amounts_open(self.facts(*items, **values), self.TODAY)
        return {name: tuple(str(amount) for amount in amounts) for name, amounts in found.items()}

    def test_due_today_is_not_overdue(self):
        items = self.item(1, 100, 1), self.item(0, 50, 2), self.item(-1, 25, 3)
        self.assertEqual(self.open(*items), {"EUR": ("175", "100")})
        self.assertEqual(self.open(), {})

    def test_credits_pay_what_is_overdue_first(self):
        items = self.item(5, 100, 1), self.item(-5, 50, 2)
        for credit, expected in (("0.50", ("149.50", "99.50")), (100, ("50", "0")), ("149.50", ("0.50", "0"))):
            with self.subTest(credit=credit):
                self.assertEqual(self.open(*items, credits=[self.credit(credit)]), {"EUR": expected})
        self.assertEqual(self.open(*items, credits=[self.credit(150)]), {})

    def test_credits_that_were_paid_back_pay_nothing(self):
        item, paid_back = self.item(5, 100), self.item(3, 30, 2, excluded=[(OUR_PAYMENT, 30)])
        found = self.open(item, paid_back, credits=[self.credit(30)], setoff=())
        self.assertEqual(found, {"EUR": ("100", "100")})

    def test_currencies_do_not_mix(self):
        items = self.item(5, 100, currency="USD"), self.item(5, 40, 2)
        credits = [self.credit(30), self.credit(999, 91, "GBP")]
        self.assertEqual(self.open(*items, credits=credits), {"EUR": ("10", "10"), "USD": ("100", "100")})

    def test_what_is_disputed_is_open_all_the_same(self):
        self.assertEqual(self.open(self.item(5, 100, excluded=[("disputed", 100)])), {"EUR": ("100", "100")})

    def test_neither_a_planned_amount_nor_a_small_difference_is_overdue(self):
        planned = self.item(50, 100, excluded=[("plan_active", 100)])
        small = self.item(5, 2, 2, excluded=[("small_difference", 2)])
        late, later = (replace(self.item(days, 50), kind=INSTALLMENT) for days in (3, -27))
        self.assertEqual(self.open(planned, small, installments=(late, later)), {"EUR": ("102", "50")})

    def test_each_account_uses_its_own_credits(self):
        one, other = {"EUR": (dec(5), dec(1))}, {"USD": (dec(2), dec(2)), "EUR": (dec(7), dec(3))}
        self.assertEqual(add_up([one, other]), {"EUR": (12, 4), "USD": (2, 2)})
        self.assertEqual((add_up([]), add_up([one])), ({}, one))
