"""When a late charge is due, what money in hand does to it, and lump sums."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.late_charges.charge import (
    BELOW_MINIMUM,
    DUE,
    GRACE,
    WAITING,
    ChargeRules,
    get_free_until,
    is_paid_in_time,
    judge,
    set_off,
)
from odoo.addons.ar_collections.core.late_charges.interest import Change, Debt
from odoo.addons.ar_collections.core.late_charges.lump_sum import LumpSum, check_lump_sums
from odoo.addons.ar_collections.core.late_charges.refusal import BAD_LUMP_SUM, ChargeRefused

from ..core_common import dec


def march(day):
    return date(2026, 3, day)


class TestJudge(TestCase):
    debt = Debt(dec(100), march(1))

    def judge(self, day, total="40", rules=None, **values):
        return judge(dec(total), self.debt, rules or ChargeRules(), None, march(day), **values)

    def test_without_settings_it_is_due_on_the_day_after_the_due_date(self):
        self.assertEqual([self.judge(day) for day in (1, 2)], [WAITING, DUE])

    def test_from_the_very_day_of_the_policy_on(self):
        rules = ChargeRules(from_days=10)
        self.assertEqual([self.judge(day, rules=rules) for day in (10, 11)], [WAITING, DUE])
        graceful = ChargeRules(from_days=10, grace_days=3)
        self.assertEqual([self.judge(day, rules=graceful) for day in (10, 11, 14, 15)], [WAITING, GRACE, GRACE, DUE])

    def test_what_is_told_to_end_it_ends_it_and_before_the_day_after_nothing_is_due(self):
        for rules in (ChargeRules(), ChargeRules(from_days=10), ChargeRules(from_days=10, grace_days=1),
                      ChargeRules(from_days=0, grace_days=3), ChargeRules(after_reminder=True),
                      ChargeRules(after_reminder=True, grace_days=7)):  # fmt: skip
            last = get_free_until(march(1), rules, march(8))
            for offset in range(-3, 4):
                day = last + timedelta(days=offset)
                with self.subTest(rules=rules, offset=offset):
                    paid = replace(self.debt, changes=(Change(day, dec(100)),))
                    self.assertEqual(is_paid_in_time(paid, rules, march(8)), offset <= 0)
                    state = judge(dec(40), self.debt, rules, march(8), day)
                    self.assertEqual(state == DUE, offset > 0)

    def test_each_cent_counts_without_a_minimum(self):
        self.assertEqual(self.judge(20, total="0.01"), DUE)
        self.assertEqual(self.judge(20, total="0.01", rules=ChargeRules(minimum=dec("0.02"))), BELOW_MINIMUM)


class TestMoneyInHand(TestCase):
    """Two invoices, and money on account: the oldest money goes to the oldest invoice."""

    debts = {1: Debt(dec(100), march(1)), 2: Debt(dec(50), march(10))}

    def set_off(self, *credits, debts=None):
        """Return {item: [(day, amount)]} of what is added."""
        debts = debts or self.debts
        found = set_off(debts, [Change(march(day), dec(amount)) for day, amount in credits])
        added = {item: found[item].changes[len(debts[item].changes) :] for item in debts}
        return {item: [(change.day.day, str(change.amount)) for change in changes] for item, changes in added.items()}

    def test_several_payments_in_any_order(self):
        expected = {1: [(5, "60"), (20, "40")], 2: [(20, "20")]}
        self.assertEqual(self.set_off((5, 60), (20, 60)), expected)
        self.assertEqual(self.set_off((20, 60), (5, 60)), expected)

    def test_no_more_than_is_open_and_no_more_than_there_is(self):
        for amount in ("0.01", "99.99", "100", "100.01", "150", "999"):
            with self.subTest(amount=amount):
                taken = self.set_off((20, amount))
                self.assertEqual(sum(dec(part) for parts in taken.values() for _day, part in parts),
                                 min(dec(amount), 150))  # fmt: skip

    def test_what_is_matched_already_counts_first(self):
        paid = Change(march(4), dec(70))
        debts = {**self.debts, 1: Debt(dec(100), march(1), (paid,))}
        self.assertEqual(self.set_off((20, 45), debts=debts), {1: [(20, "30")], 2: [(20, "15")]})

    def test_a_paid_invoice_takes_nothing_and_keeps_its_history(self):
        debts = {1: Debt(dec(100), march(1), (Change(march(4), dec(100)),))}
        self.assertEqual(set_off(debts, [Change(march(20), dec(10))]), debts)
        self.assertEqual(set_off(self.debts, []), self.debts)

    def test_of_one_due_date_the_first_item_first(self):
        twins = {8: Debt(dec(50), march(1)), 7: Debt(dec(50), march(1))}
        self.assertEqual(self.set_off((20, 60), debts=twins), {8: [(20, "10")], 7: [(20, "50")]})


class TestLumpSums(TestCase):
    def refusal(self, *pairs):
        """Return the code for lump sums of (size from, amount)."""
        try:
            check_lump_sums([LumpSum(dec(size), dec(amount)) for size, amount in pairs])
        except ChargeRefused as refused:
            return refused.code
        return None

    def test_those_of_laws_are_accepted(self):
        for table in ([], [(0, 40)], [(0, 40), (1000, 70), (10000, 100)], [(0, 0)], [("0.01", "0.50")]):
            with self.subTest(table=table):
                self.assertIsNone(self.refusal(*table))

    def test_what_nobody_can_mean_is_refused(self):
        tables = (
            [(0, 40), (0, 70)],
            [(0, "-0.01")],
            [("-0.01", 40)],
            [(0, "NaN")],
            [("NaN", 40)],
            [(0, "Infinity")],
            [("Infinity", 40)],
        )
        for table in tables:
            with self.subTest(table=table):
                self.assertEqual(self.refusal(*table), BAD_LUMP_SUM)
