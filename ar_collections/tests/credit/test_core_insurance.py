"""Credit insurance: its clock runs from the original due date, and agreements do not stop it."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.exposure import INSURED, ExposureParts, ExposureRules, Security, calculate
from odoo.addons.ar_collections.core.credit.insurance import (
    HAND_OVER,
    NOTIFY,
    STOP_DELIVERIES,
    Insurance,
    InsuredItem,
    beyond_cover,
    check_insurance,
    due_tasks,
    find_gaps,
    start_clock,
)
from odoo.addons.ar_collections.core.credit.limit import CreditRefused

from ..core_common import dec

INSURANCE = Insurance(dec(10000), until=date(2026, 12, 31), terms_days_max=60)

#: Due on 1 March 2026: covered until 30 April, to be notified and handed over by 30 May.
MARCH = InsuredItem(1, date(2026, 3, 1), dec(4000))

END = date(2026, 4, 30)

LAST = date(2026, 5, 30)


def next_day(day):
    return day + timedelta(days=1)


class TestClock(TestCase):
    def test_the_dates_of_the_oldest_item(self):
        clock = start_clock([InsuredItem(2, date(2026, 5, 1)), MARCH], INSURANCE)
        self.assertEqual((clock.extension_end, clock.notify_by, clock.hand_over_by), (END, LAST, LAST))

    def test_the_terms_of_the_policy_count(self):
        insurance = replace(INSURANCE, extension_days=90, notify_days=10, hand_over_days=20)
        clock = start_clock([MARCH], insurance)
        self.assertEqual(
            (clock.extension_end, clock.notify_by, clock.hand_over_by),
            (date(2026, 5, 30), date(2026, 6, 9), date(2026, 6, 19)),
        )

    def test_nothing_open_has_no_clock(self):
        self.assertIsNone(start_clock([], INSURANCE))
        self.assertEqual(due_tasks(None, date(2026, 6, 1), 10), ())


class TestTasks(TestCase):
    def tasks(self, day, **done):
        return [code for code, _day in due_tasks(start_clock([MARCH], INSURANCE, **done), day, 10)]

    def test_they_come_before_their_last_day_and_stay_until_done(self):
        for day, expected in [
            (date(2026, 4, 19), []),
            (date(2026, 4, 20), [STOP_DELIVERIES]),
            (date(2026, 5, 19), [STOP_DELIVERIES]),
            (date(2026, 5, 20), [STOP_DELIVERIES, NOTIFY, HAND_OVER]),
            (date(2026, 9, 1), [STOP_DELIVERIES, NOTIFY, HAND_OVER]),
        ]:
            with self.subTest(day=day):
                self.assertEqual(self.tasks(day), expected)

    def test_what_is_done_is_no_task(self):
        self.assertEqual(self.tasks(LAST, notified=True), [STOP_DELIVERIES, HAND_OVER])
        self.assertEqual(self.tasks(LAST, notified=True, handed_over=True), [STOP_DELIVERIES])


class TestAgreements(TestCase):
    def test_a_promise_beyond_the_extension_period_is_not_covered(self):
        for day, expected in [(END, None), (next_day(END), END), (date(2026, 5, 15), END)]:
            with self.subTest(day=day):
                self.assertEqual(beyond_cover([MARCH], {1}, day, INSURANCE), expected)

    def test_a_moved_due_date_does_not_move_it(self):
        """The item is due in May now; its original due date is what counts."""
        self.assertEqual(beyond_cover([MARCH], {1}, date(2026, 5, 15), INSURANCE), END)

    def test_only_items_of_the_agreement_count(self):
        may = InsuredItem(2, date(2026, 5, 1))
        self.assertIsNone(beyond_cover([MARCH, may], {2}, date(2026, 6, 30), INSURANCE))
        self.assertEqual(beyond_cover([MARCH, may], {1, 2}, date(2026, 6, 30), INSURANCE), END)
        self.assertIsNone(beyond_cover([MARCH], {99}, date(2026, 6, 30), INSURANCE))


class TestGaps(TestCase):
    def gaps(self, today, owed=4000, terms_days=30, insurance=INSURANCE, **done):
        return find_gaps(insurance, start_clock([MARCH], insurance, **done), dec(owed), terms_days, today)

    def test_what_ends_the_cover(self):
        done = {"notified": True, "handed_over": True}
        for expected, gaps in [
            ((), self.gaps(END)),
            (("beyond_extension",), self.gaps(next_day(END))),
            (("beyond_extension",), self.gaps(LAST)),
            (("not_handed_over", "not_notified", "beyond_extension"), self.gaps(next_day(LAST))),
            (("not_handed_over", "beyond_extension"), self.gaps(next_day(LAST), notified=True)),
            (("beyond_extension",), self.gaps(next_day(LAST), **done)),
            (("beyond_extension",), self.gaps(date(2026, 12, 31), **done)),
            (("expired", "beyond_extension"), self.gaps(date(2027, 1, 1), **done)),
        ]:
            with self.subTest(expected=expected):
                self.assertEqual(gaps, expected)

    def test_amount_and_terms_at_the_boundary(self):
        self.assertEqual(self.gaps(END, owed="10000.00", terms_days=60), ())
        self.assertEqual(self.gaps(END, owed="10000.01"), ("above_insured",))
        self.assertEqual(self.gaps(END, terms_days=61), ("terms_too_long",))
        self.assertEqual(self.gaps(END, terms_days=365, insurance=replace(INSURANCE, terms_days_max=0)), ())

    def test_a_discretionary_limit_lapses_with_bad_experience(self):
        blind = replace(INSURANCE, is_discretionary=True)
        self.assertEqual(self.gaps(END, insurance=blind), ())
        self.assertEqual(self.gaps(END, insurance=replace(blind, has_bad_experience=True)), ("discretionary_lapsed",))
        self.assertEqual(self.gaps(END, insurance=replace(INSURANCE, has_bad_experience=True)), ())

    def test_with_nothing_open_a_delivery_is_covered(self):
        self.assertEqual(find_gaps(INSURANCE, None, dec(0), 30, date(2026, 6, 1)), ())


class TestEntries(TestCase):
    def test_an_insurance_needs_a_last_day(self):
        for amount, until, expected in [
            ("10000", date(2026, 12, 31), None),
            ("10000", None, "no_end"),
            ("0", None, None),
            ("-1", date(2026, 12, 31), "negative"),
            ("NaN", date(2026, 12, 31), "not_a_number"),
        ]:
            with self.subTest(amount=amount, until=until):
                try:
                    check_insurance(dec(amount), until)
                    self.assertIsNone(expected)
                except CreditRefused as refused:
                    self.assertEqual(refused.code, expected)

    def test_it_is_deducted_from_the_exposure_until_its_last_day(self):
        security = Security(INSURED, dec(10000), date(2026, 12, 31), dec(90))
        self.assertEqual(INSURANCE.get_security(), security)
        self.assertEqual(INSURANCE.get_security(["above_insured"]), security)

    def test_beyond_the_extension_period_it_covers_no_further_delivery(self):
        for gaps, expected in [((), -5000), (("beyond_extension",), 400)]:
            with self.subTest(gaps=gaps):
                parts = ExposureParts(dec(4000), securities=(INSURANCE.get_security(gaps),))
                exposure = calculate(parts, ExposureRules(), END)
                self.assertEqual((exposure.total, exposure.at_risk), (dec(expected), dec(400)))
