"""From the books to payment experiences: disputes that were granted, small differences, money that is not matched."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.behavior import (
    Debt,
    Granted,
    Open,
    Paid,
    days_beyond,
    months_between,
    read_experiences,
)
from odoo.addons.ar_collections.core.credit.experience import PaymentExperience
from odoo.addons.ar_collections.core.credit.features import LATE_SHARE, Behavior
from odoo.addons.ar_collections.core.credit.limit import CreditRefused
from odoo.addons.ar_collections.core.credit.score import NO_HISTORY, ScoreRules, check_rules, rate
from odoo.addons.ar_collections.core.customers.differences import Tolerance
from odoo.addons.ar_collections.core.money import ZERO

from ...core_common import dec

DUE = date(2026, 3, 1)

TODAY = date(2026, 6, 10)


class TestDaysBeyond(TestCase):
    """Days after the due date, without the time that was not the customer's fault."""

    def test_a_dispute_that_was_over_before_the_due_date_changes_nothing(self):
        self.assertEqual(days_beyond(DUE, date(2026, 3, 11), [Granted(date(2026, 1, 1), date(2026, 2, 1))]), 10)

    def test_a_dispute_that_lasted_until_the_payment_leaves_nothing(self):
        self.assertEqual(days_beyond(DUE, date(2026, 3, 11), [Granted(date(2026, 2, 1), date(2026, 5, 1))]), 0)

    def test_disputes_that_overlap_are_left_out_once(self):
        granted = [
            Granted(date(2026, 3, 5), date(2026, 3, 15)),
            Granted(date(2026, 3, 6), date(2026, 3, 10)),
            Granted(date(2026, 3, 10), date(2026, 3, 20)),
        ]
        self.assertEqual(days_beyond(DUE, date(2026, 3, 31), granted), 15)

    def test_an_early_payment_stays_early(self):
        self.assertEqual(days_beyond(DUE, date(2026, 2, 20), [Granted(date(2026, 2, 1), date(2026, 5, 1))]), -9)

    def test_months_at_the_end_of_a_month(self):
        self.assertEqual(months_between(date(2026, 1, 31), date(2026, 2, 28)), 0)
        self.assertEqual(months_between(date(2026, 1, 31), date(2026, 3, 31)), 2)


class TestReadExperiences(TestCase):
    """What counts as paid, and as late."""

    def _debt(self, number, due=DUE, amount=100):
        return Debt(number, number, due, dec(amount))

    def test_credits_cover_the_oldest_debts_and_those_that_are_not_due(self):
        opened = [Open(self._debt(2, date(2026, 5, 1)), dec(100)), Open(self._debt(1), dec(100))]
        found = read_experiences((), opened, dec(150), {}, TODAY)
        self.assertEqual([(one.amount, one.invoice) for one in found], [(dec(50), 2)])
        self.assertEqual(read_experiences((), opened, dec(200), {}, TODAY), ())

    def test_what_is_due_today_is_not_late(self):
        self.assertEqual(read_experiences((), [Open(self._debt(1, TODAY), dec(100))], ZERO, {}, TODAY), ())

    def test_an_unpaid_small_invoice_is_no_small_difference(self):
        tolerance = Tolerance(dec(5), dec(100))
        whole, rest = Open(self._debt(1, amount=3), dec(3)), Open(self._debt(2), dec(3), is_part=True)
        found = read_experiences((), [whole, rest], ZERO, {}, TODAY, tolerance)
        self.assertEqual([one.invoice for one in found], [1])

    def test_a_small_part_in_time_counts(self):
        part = Paid(self._debt(1), DUE, dec(1))
        self.assertEqual(len(read_experiences([part], (), ZERO, {}, TODAY, Tolerance(dec(5), dec(3)))), 1)


class TestInvoices(TestCase):
    """Invoices are counted, not payments."""

    def test_parts_of_one_invoice_are_no_history(self):
        parts = tuple(PaymentExperience(dec(10), days, invoice=1) for days in (0, 5, 90))
        self.assertEqual(rate(Behavior(parts), ScoreRules()).source, NO_HISTORY)
        others = tuple(PaymentExperience(dec(10), 0, invoice=number) for number in (2, 3))
        self.assertEqual(round(Behavior(parts + others).value(LATE_SHARE), 1), dec("33.3"))

    def test_rules_that_make_no_score_are_refused(self):
        for rules, code in (
            (ScoreRules(features=()), "no_weight"),
            (ScoreRules(bands=(80, 65, 70, 30)), "bands_order"),
            (ScoreRules(bands=(80, 65, 50, 0)), "bands_order"),
            (ScoreRules(newcomer_class="F"), "unknown_class"),
        ):
            with self.subTest(code), self.assertRaises(CreditRefused) as caught:
                check_rules(rules)
            self.assertEqual(caught.exception.code, code)
