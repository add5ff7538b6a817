"""When an installment is announced, charged, retried and failed; and which amount is charged."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.autopay import charge as rules
from odoo.addons.ar_collections.core.autopay import outcomes
from odoo.addons.ar_collections.core.autopay.amount import PlanItem, allocate_charge, left_of_installments
from odoo.addons.ar_collections.core.autopay.charge import (
    Attempt,
    AutopayCase,
    AutopayRules,
    next_move,
    reminders_paused_until,
)
from odoo.addons.ar_collections.core.autopay.retries import parse_retry_days

DUE = date(2026, 6, 10)

POLICY = AutopayRules(notice_days=3, retry_days=(3, 7))


def day(number):
    """Return the installment's date plus that number of days."""
    return DUE + timedelta(days=number)


def case(announced=-3, attempts=(), left=100, **values):
    """Return an installment; attempts are pairs of a day and its outcome."""
    return AutopayCase(
        DUE,
        Decimal(left),
        announced=None if announced is None else day(announced),
        attempts=tuple(Attempt(day(number), outcome, *rest) for number, outcome, *rest in attempts),
        **values,
    )


class TestMoves(TestCase):
    def _assert_moves(self, table):
        """Check rows of (case, {day: move})."""
        for known, moves in table:
            for number, move in moves.items():
                with self.subTest(known=known, day=number):
                    self.assertEqual(next_move(known, POLICY, day(number)), move)

    def test_announced_before_it_is_charged(self):
        self._assert_moves(
            [
                (case(announced=None), {-30: "nothing", -4: "nothing", -3: "announce", 0: "announce", 9: "announce"}),
                (case(announced=None, announcing=True), {-3: "nothing", 0: "nothing", 5: "nothing"}),
                (case(), {-3: "nothing", -1: "nothing", 0: "charge", 5: "charge"}),
            ]
        )

    def test_never_on_the_day_of_the_announcement(self):
        for announced in range(-5, 30):
            for number in range(-5, 60):
                move = next_move(case(announced=announced), POLICY, day(number))
                self.assertEqual(move == "charge", number >= max(0, announced + 1), (announced, number))

    def test_retries_on_the_days_of_the_policy_and_then_it_is_cancelled(self):
        once, twice = [(0, outcomes.SOFT_DECLINE)], [(0, outcomes.SOFT_DECLINE), (3, outcomes.SOFT_DECLINE)]
        self._assert_moves(
            [
                (case(attempts=once), {0: "nothing", 2: "nothing", 3: "charge", 5: "charge"}),
                (case(attempts=twice), {3: "nothing", 6: "nothing", 7: "charge"}),
                (case(attempts=[*twice, (7, outcomes.SOFT_DECLINE)]), {7: "fail", 20: "fail"}),
                (case(attempts=[(0, outcomes.FINAL)]), {0: "fail", 3: "fail"}),
                (case(attempts=[(0, outcomes.SOFT_DECLINE), (3, outcomes.FINAL)]), {3: "fail"}),
                # no charge for some days: never two attempts on one day
                (case(attempts=[(0, outcomes.SOFT_DECLINE), (9, outcomes.SOFT_DECLINE)]), {9: "nothing", 10: "charge"}),
            ]
        )

    def test_without_retries_one_decline_is_the_end(self):
        self.assertEqual(next_move(case(attempts=[(0, outcomes.SOFT_DECLINE)]), AutopayRules(3, ()), day(0)), "fail")

    def test_cancelled_it_is_notified_once(self):
        self._assert_moves([(case(attempts=[(0, outcomes.FINAL)], failed=True), {0: "nothing", 90: "nothing"})])

    def test_an_announcement_that_came_back_after_a_decline_does_not_end_it(self):
        self._assert_moves([(case(announced=None, attempts=[(0, outcomes.SOFT_DECLINE)]), {1: "announce"})])

    def test_of_an_account_nothing_is_charged_on_a_notice_whose_day_is_past(self):
        account = POLICY.with_notice(3, 1)
        moves = [next_move(case(), account, day(number)) for number in (0, 1, 2, 30, 31)]
        self.assertEqual(moves, [rules.CHARGE, rules.CHARGE, rules.ANNOUNCE, rules.ANNOUNCE, rules.NOTHING])
        self.assertEqual(next_move(case(announced=2), account, day(3)), rules.CHARGE)
        declined = case(attempts=[(0, outcomes.SOFT_DECLINE)])
        self.assertEqual([next_move(declined, account, day(number)) for number in (3, 5)], [rules.CHARGE, rules.FAIL])
        self.assertEqual(next_move(case(), POLICY, day(40)), rules.CHARGE)  # an installment

    def test_in_flight_nothing_new_is_made(self):
        self._assert_moves(
            [
                (case(attempts=[(0, outcomes.PENDING)]), {0: "nothing", 60: "nothing"}),
                (case(attempts=[(0, outcomes.UNKNOWN, True)]), {0: "repeat", 1: "repeat"}),
                (case(attempts=[(0, outcomes.UNKNOWN, False)]), {0: "nothing", 1: "ask", 60: "ask"}),
                (case(attempts=[(0, outcomes.SOFT_DECLINE), (3, outcomes.UNKNOWN, True)]), {7: "repeat"}),
            ]
        )

    def test_what_was_agreed_no_more_is_only_followed_up(self):
        self._assert_moves(
            [
                (case(agreed=False), {0: "nothing"}),
                (case(agreed=False, announced=None), {-3: "nothing"}),
                (case(agreed=False, attempts=[(0, outcomes.SOFT_DECLINE)]), {3: "nothing"}),
                (case(agreed=False, attempts=[(0, outcomes.UNKNOWN, False)]), {1: "ask"}),
            ]
        )

    def test_what_is_paid_or_was_charged_once_is_left_alone(self):
        self._assert_moves(
            [
                (case(left=0), {-3: "nothing", 0: "nothing"}),
                (case(left=0, announced=None), {-3: "nothing"}),
                (case(left=0, attempts=[(0, outcomes.SOFT_DECLINE)]), {3: "nothing"}),
                (case(left=0, attempts=[(0, outcomes.FINAL)]), {0: "nothing"}),
                # refunded or charged back: reminded of, never charged a second time
                (case(attempts=[(0, outcomes.DONE)]), {1: "nothing", 60: "nothing"}),
            ]
        )

    def test_no_case_ever_charges_beside_a_charge_in_flight(self):
        every = (outcomes.UNKNOWN, outcomes.PENDING, outcomes.DONE, outcomes.SOFT_DECLINE, outcomes.FINAL)
        for ends in itertools.product(every, repeat=3):
            known = case(attempts=[(number, outcome, True) for number, outcome in enumerate(ends)])
            for number in range(3, 20):
                move = next_move(known, POLICY, day(number))
                if known.in_flight:
                    self.assertIn(move, ("nothing", "repeat"), ends)
                if move == "charge":
                    self.assertFalse(set(ends) - {outcomes.SOFT_DECLINE, outcomes.FINAL}, ends)


class TestAutopayExclusion(TestCase):
    def test_until_when_the_installments_own_reminders_wait(self):
        table = [
            (case(announced=None), 2),
            (case(), 2),
            (case(announced=4), 7),
            (case(attempts=[(0, outcomes.SOFT_DECLINE)]), 5),
            (case(attempts=[(0, outcomes.SOFT_DECLINE), (3, outcomes.SOFT_DECLINE)]), 9),
            (case(attempts=[(0, outcomes.PENDING)]), 6),
            (case(attempts=[(0, outcomes.UNKNOWN)]), 6),
            (case(attempts=[(0, outcomes.FINAL)]), None),
            (case(attempts=[(0, outcomes.FINAL)], failed=True), None),
            (case(attempts=[(0, outcomes.DONE)]), None),
            (case(agreed=False), None),
        ]
        for known, number in table:
            with self.subTest(known=known):
                self.assertEqual(reminders_paused_until(known, POLICY, 5), None if number is None else day(number))

    def test_a_charge_that_will_be_made_is_never_asked_for_by_hand_before(self):
        for announced in range(-5, 10):
            known = case(announced=announced)
            self.assertGreater(reminders_paused_until(known, POLICY, 5), rules.autopay_day(known, POLICY))


class TestRetryDays(TestCase):
    def test_what_people_write(self):
        for text, days in [
            ("3, 7", (3, 7)), ("3,7", (3, 7)), ("3 7", (3, 7)), ("3; 7;", (3, 7)), (" 5 ", (5,)),
            ("", ()), (None, ()), ("   ", ()), ("1,2,3,4,5", (1, 2, 3, 4, 5)), ("60", (60,)),
        ]:  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(parse_retry_days(text), days)

    def test_nonsense_is_refused(self):
        for text in ("7, 3", "3, 3", "0", "-3", "3.5", "three", "61", "9999", "1,2,3,4,5,6", "3, x", "3 days"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_retry_days(text)


class TestAmounts(TestCase):
    def item(self, line_id=1, planned=100, before=100, residual=100, pending=0, disputed=0):
        """Return an item under a plan."""
        return PlanItem(line_id, *map(Decimal, (planned, before, residual, pending, disputed)))

    def test_what_of_an_item_may_be_charged(self):
        table = [
            (self.item(), 100, 100),
            (self.item(residual=40), 40, 40),
            (self.item(residual=0), 0, 0),
            (self.item(pending=30), 70, 70),
            (self.item(pending=100), 0, 0),
            (self.item(disputed=30), 100, 70),
            (self.item(disputed=80, pending=30), 70, 0),
            (self.item(planned=60), 60, 60),
            (self.item(planned=60, disputed=40), 60, 60),
            (self.item(planned=60, disputed=70), 60, 30),
            (self.item(planned=60, residual=50), 10, 10),
            (self.item(planned=60, residual=130), 60, 60),
        ]
        for item, left, chargeable in table:
            with self.subTest(item=item):
                self.assertEqual((item.left, item.chargeable), (left, chargeable))

    def test_shares_go_to_the_oldest_items_and_never_exceed_what_is_there(self):
        items = [self.item(1, residual=30), self.item(2, disputed=100), self.item(3, pending=50)]
        table = {10: {1: 10}, 30: {1: 30}, 31: {1: 30, 3: 1}, 80: {1: 30, 3: 50}, 500: {1: 30, 3: 50}, 0: {}}
        for amount, shares in table.items():
            with self.subTest(amount=amount):
                self.assertEqual(allocate_charge(Decimal(amount), items), shares)

    def test_installments_are_filled_by_what_is_paid_and_on_its_way(self):
        items = [self.item(1, residual=0), self.item(2, pending=20)]
        left = left_of_installments(map(Decimal, (66, 67, 67)), items)
        self.assertEqual(left, [0, 13, 67])

    def test_at_this_moment_only_the_attempt_without_answer_is_repeatable(self):
        known = case(attempts=[(0, outcomes.SOFT_DECLINE), (3, outcomes.UNKNOWN)])
        now = rules.refresh_case(known, Decimal(7), True)
        self.assertEqual([attempt.repeatable for attempt in now.attempts], [False, True])
        self.assertEqual(replace(now, attempts=known.attempts, left=known.left), known)
