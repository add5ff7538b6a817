"""What decline codes and advice mean, on which days is tried again, and how charges wait for each other."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.autopay import declines, outcomes
from odoo.addons.ar_collections.core.autopay.charge import Attempt, AutopayCase, AutopayRules, autopay_day, next_move
from odoo.addons.ar_collections.core.autopay.retries import is_payday, rests, retry_day
from odoo.addons.ar_collections.core.autopay.waiting import Span, day_after
from odoo.addons.ar_collections.core.money import ZERO

MONDAY = date(2026, 6, 8)


def day(number):
    """Return the Monday plus that number of days."""
    return MONDAY + timedelta(days=number)


class TestDeclines(TestCase):
    def test_which_are_final(self):
        table = {
            outcomes.FINAL: (
                "stolen_card", "lost_card", "expired_card", "invalid_account", "authentication_required", "R02", "MD01",
                "do_not_try_again", "revocation_of_authorization", "payment_intent_authentication_failure",
                "pin_try_exceeded", "invalid_cvc", "incorrect_zip", "mobile_device_authentication_required",
            ),
            outcomes.SOFT_DECLINE: (
                "insufficient_funds", "processing_error", "try_again_later", "card_declined", "R01", "R09",
                "do_not_honor", "generic_decline", "issuer_not_available", "card_velocity_exceeded",
                "withdrawal_count_limit_exceeded", "something_new", "", None,
            ),
        }  # fmt: skip
        for outcome, codes in table.items():
            for code in codes:
                with self.subTest(code=code):
                    self.assertEqual(declines.outcome_of_decline(code), outcome)

    def test_never_is_stronger_than_any_list(self):
        for advice in ("do_not_try_again", "confirm_card_data", "01", "03", "21"):
            code = declines.code_with_advice("insufficient_funds", None, advice)
            with self.subTest(advice):
                self.assertEqual(declines.outcome_of_decline(code), outcomes.FINAL)
        for network in ("04", "41", "43", "57", "R0", "R1", "R3"):
            code = declines.code_with_advice("insufficient_funds", "try_again_later", "02", network_code=network)
            with self.subTest(network):
                self.assertEqual(declines.outcome_of_decline(code), outcomes.FINAL)

    def test_try_again_makes_no_final_decline_a_soft_one(self):
        for advice in ("try_again_later", "02", "24", "30"):
            self.assertEqual(declines.code_with_advice("stolen_card", advice), "stolen_card")

    def test_a_duplicate_stays_a_question_whatever_is_advised(self):
        code = declines.code_with_advice("duplicate_transaction", "do_not_try_again", "03", network_code="R1")
        self.assertEqual((code, declines.is_unclear(code)), ("duplicate_transaction", True))

    def test_how_long_mastercard_advises_to_wait(self):
        days = {"24": 1, "25": 1, "26": 2, "27": 4, "28": 6, "29": 8, "30": 10, "02": 0, None: 0}
        self.assertEqual({advice: declines.wait_of_advice([advice]) for advice in days}, days)

    def test_revoked_permissions_are_final_declines(self):
        self.assertLessEqual(declines.REVOKED_CODES | declines.CONFIRM_CODES, declines.FINAL_CODES)
        self.assertLessEqual(declines.DEAD_CODES, declines.FINAL_CODES)
        self.assertFalse(declines.DEAD_CODES & declines.CONFIRM_CODES)
        self.assertFalse(declines.MONEY_CODES & declines.FINAL_CODES)
        self.assertEqual([declines.is_revoked(code) for code in ("R08", "MD01", "lost_card", None)], [1, 1, 0, 0])


class TestRetryDays(TestCase):
    def test_advice_is_never_undercut(self):
        for wait in range(12):
            for wanted in range(1, 12):
                retry = retry_day(day(wanted), MONDAY, "do_not_honor", wait)
                self.assertEqual(retry, day(max(wanted, wait, 1)))

    def test_never_twice_on_one_day(self):
        self.assertEqual(retry_day(MONDAY, MONDAY), day(1))

    def test_lack_of_money_waits_for_wages_that_are_near(self):
        table = {date(2026, 6, 12): 12, date(2026, 6, 13): 16, date(2026, 6, 16): 16, date(2026, 6, 17): 17}
        for wanted, expected in table.items():
            with self.subTest(wanted):
                self.assertEqual(retry_day(wanted, MONDAY, "insufficient_funds").day, expected)
        self.assertEqual(retry_day(date(2026, 6, 13), MONDAY, "do_not_honor").day, 13)

    def test_wages_at_the_end_of_a_month_that_ends_on_a_weekend(self):
        self.assertEqual([number for number in range(1, 32) if is_payday(date(2026, 5, number))], [1, 15, 29])
        self.assertEqual(retry_day(date(2026, 5, 28), MONDAY - timedelta(days=30), "insufficient_funds").day, 30)

    def test_bank_debits_rest_on_weekends(self):
        for number in range(1, 40):
            retry = retry_day(day(number), MONDAY, "insufficient_funds", is_bank=True)
            self.assertLess(retry.weekday(), 5)
            self.assertLessEqual((retry - day(number)).days, 5)

    def test_nights(self):
        self.assertEqual([hour for hour in range(24) if not rests(hour)], list(range(7, 21)))


class TestWaiting(TestCase):
    def case(self, *others, **values):
        announced, left = day(-14), ZERO + 100
        return AutopayCase(MONDAY, left, announced=announced, others=others, **values)

    def test_a_chain_of_charges(self):
        spans = [Span(day(-5), day(5)), Span(day(5), day(9)), Span(day(20), day(30))]
        self.assertEqual(day_after(MONDAY, spans), day(9))
        self.assertEqual(day_after(MONDAY, []), MONDAY)

    def test_it_is_announced_on_time_and_charged_afterwards(self):
        account = AutopayRules(14).with_notice(14, 14)
        unannounced = AutopayCase(day(14), ZERO + 100, others=(Span(day(-3), day(1)),), blocked=True)
        self.assertEqual(next_move(unannounced, account, MONDAY), "announce")
        waiting = self.case(Span(day(-3), day(6)), blocked=True)
        self.assertEqual([next_move(waiting, account, day(number)) for number in (0, 2, 5)], ["nothing"] * 3)
        free = self.case(Span(day(-3), day(6)))
        self.assertEqual([next_move(free, account, day(number)) for number in (6, 7)], ["charge"] * 2)
        self.assertEqual(next_move(free, account, day(8)), "announce", "Reminders have gone on.")

    def test_an_advised_wait_of_the_last_decline_counts(self):
        declined = (Attempt(MONDAY, outcomes.SOFT_DECLINE, code="do_not_honor", wait_days=6),)
        known = self.case(attempts=declined)
        self.assertEqual(autopay_day(known, AutopayRules(3, (1, 9))), day(6))
