"""Automatic payments at their limits: what a run may take, when methods expire, and until when debits come back."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.autopay.bounds import Bounds, Spent, admits
from odoo.addons.ar_collections.core.autopay.expiry import is_told, last_day
from odoo.addons.ar_collections.core.autopay.methods import lead_days, notice_days, returnable_until
from odoo.addons.ar_collections.core.autopay.options import DAYS_BEFORE, MONTH_DAY, AutopayOptions, charge_day, covered
from odoo.addons.ar_collections.core.autopay.retries import is_payday, rests, retry_day
from odoo.addons.ar_collections.core.autopay.selection import DueItem, chargeable, day_to_charge, is_near, select
from odoo.addons.ar_collections.core.autopay.waiting import Span, day_after
from odoo.addons.ar_collections.core.facts import INSTALLMENT, OUR_PAYMENT, Exclusion, OpenItem

D = Decimal

MONDAY = date(2026, 6, 8)


def day(offset):
    return MONDAY + timedelta(days=offset)


class TestBounds(TestCase):
    def test_each_limit_alone_up_to_the_last_cent(self):
        table = [
            (Bounds(run_number=2), Spent(run_number=1), True),
            (Bounds(run_number=2), Spent(run_number=2), False),
            (Bounds(day_number=2), Spent(day_number=1), True),
            (Bounds(day_number=2), Spent(day_number=2), False),
            (Bounds(run_amount=D(100)), Spent(run_amount=D("89.50")), True),
            (Bounds(run_amount=D(100)), Spent(run_amount=D("89.51")), False),
            (Bounds(day_amount=D(100)), Spent(day_amount=D("89.50")), True),
            (Bounds(day_amount=D(100)), Spent(day_amount=D("89.51")), False),
            (Bounds(1, D(100), 1, D(100)), Spent(), True),
        ]
        for bounds, spent, expected in table:
            with self.subTest(bounds=bounds, spent=spent):
                self.assertEqual(admits(bounds, spent, D("10.50")), expected)

    def test_what_was_charged_counts_for_the_run_and_the_day(self):
        spent = Spent(day_number=3, day_amount=D(7)).plus(D("0.50")).plus(D(1))
        self.assertEqual(spent, Spent(2, D("1.50"), 5, D("8.50")))


class TestMethods(TestCase):
    def test_cards_expire_with_their_month(self):
        table = [
            ((2026, 2), date(2026, 2, 28)), ((28, 2), date(2028, 2, 29)), ((99, 12), date(2099, 12, 31)),
            ((2000, 1), date(2000, 1, 31)), ((2100, 12), date(2100, 12, 31)), ((1, 1), date(2001, 1, 31)),
            ((1999, 12), None), ((2101, 1), None), ((100, 1), None), ((26, 0), None), ((26, 13), None), ((0, 5), None),
        ]  # fmt: skip
        for printed, last in table:
            with self.subTest(printed=printed):
                self.assertEqual(last_day(*printed), last)
        self.assertEqual([is_told(day(30), day(days)) for days in (-1, 0, 99)], [False, True, True])

    def test_notice_and_lead(self):
        table = [
            ("card", 3, 14, 3, 1),
            ("card", 0, 14, 0, 1),
            ("sepa_direct_debit", 3, 14, 14, 14),
            ("sepa_direct_debit", 20, 14, 20, 20),
            ("ach_direct_debit", 3, 14, 3, 3),
            ("bacs_direct_debit", 0, 0, 0, 1),
        ]
        for method, days, bank_days, notice, lead in table:
            with self.subTest(method=method, days=days):
                self.assertEqual(notice_days(method, days, bank_days), notice)
                self.assertEqual(lead_days(method, notice), lead)

    def test_until_when_money_may_be_taken_back(self):
        table = [("sepa_direct_debit", 56, 56), ("bacs_direct_debit", 56, 56), ("becs_direct_debit", 60, 60),
                 ("ach_direct_debit", 60, 2)]  # fmt: skip
        for method, of_people, of_companies in table:
            with self.subTest(method=method):
                self.assertEqual(returnable_until(method, MONDAY), day(of_people))
                self.assertEqual(returnable_until(method, MONDAY, is_company=True), day(of_companies))
        self.assertEqual(returnable_until("ach_direct_debit", day(5), is_company=True), day(8))  # from a Saturday
        self.assertIsNone(returnable_until("card", MONDAY, is_company=True))


class TestRetries(TestCase):
    def test_not_before_the_policy_nor_the_network_nor_twice_on_a_day(self):
        table = [
            ((day(3), day(0)), day(3)),
            ((day(0), day(0)), day(1)),
            ((day(3), day(3)), day(4)),
            ((day(3), day(0), None, 2), day(3)),
            ((day(3), day(0), None, 4), day(4)),
            ((day(5), day(0), None, 0, True), day(7)),
        ]
        for values, expected in table:
            with self.subTest(values=values):
                self.assertEqual(retry_day(*values), expected)

    def test_for_lack_of_money_the_day_after_a_payday_that_is_near(self):
        table = {12: 12, 13: 16, 14: 16, 15: 16, 16: 16, 17: 17, 27: 27, 28: 1, 29: 1, 30: 1}
        for wanted, expected in table.items():
            with self.subTest(wanted=wanted):
                found = retry_day(date(2026, 6, wanted), MONDAY - timedelta(days=30), "insufficient_funds")
                self.assertEqual(found.day, expected)
                self.assertEqual(
                    retry_day(date(2026, 6, wanted), MONDAY - timedelta(days=30), "do_not_honor").day, wanted
                )

    def test_paydays(self):
        days = [date(2026, 5, 1) + timedelta(days=number) for number in range(31)]
        self.assertEqual([each.day for each in days if is_payday(each)], [1, 15, 29])

    def test_the_hours_in_which_retries_rest(self):
        self.assertEqual([hour for hour in range(24) if not rests(hour)], list(range(7, 21)))
        self.assertEqual([hour for hour in range(24) if rests(hour, run_hour=21)], [])
        self.assertTrue(rests(21, run_hour=20))


class TestAccount(TestCase):
    def item(self, *excluded, **values):
        exclusions = tuple(Exclusion(code, D(amount)) for code, amount in excluded)
        return OpenItem(1, MONDAY, "EUR", D(100), D(100), exclusions=exclusions, **values)

    def test_what_may_be_charged(self):
        table = [
            (self.item(), 100),
            (self.item((codes.NOT_ARRIVED, 100)), 100),
            (self.item((codes.RECENTLY_ENTERED, 100), (codes.AUTOPAY_AGREED, 100)), 100),
            (self.item((codes.DISPUTED, "99.50")), D("0.50")),
            (self.item((codes.DISPUTED, 60), (codes.PROMISE_OPEN, 60)), 0),
            (self.item((codes.PLACED, 100)), 0),
            (self.item((OUR_PAYMENT, 0)), 0),
            (self.item(kind=INSTALLMENT), 0),
        ]
        for item, amount in table:
            with self.subTest(item=item):
                self.assertEqual(chargeable(item), amount)

    def test_on_which_day(self):
        early, monthly = AutopayOptions(DAYS_BEFORE, days_before=5), AutopayOptions(MONTH_DAY, month_day=1)
        self.assertEqual(charge_day(early, day(10)), day(5))
        self.assertEqual(charge_day(monthly, date(2026, 12, 2)), date(2027, 1, 1))
        self.assertEqual(charge_day(monthly, date(2026, 12, 1)), date(2026, 12, 1))
        self.assertEqual(day_to_charge(early, day(10), day(0), 3), day(5))
        self.assertEqual(day_to_charge(early, day(10), day(4), 3), day(7))
        self.assertEqual([is_near(early, day(10), day(days), 3) for days in (1, 2, 9)], [False, True, True])

    def test_kinds_of_invoices(self):
        kinds = [(1, 7), (2, 8), (3, 7)]
        self.assertEqual(covered(AutopayOptions(), kinds), {1, 2, 3})
        self.assertEqual(covered(AutopayOptions(journal_ids=frozenset({7})), kinds), {1, 3})

    def test_what_does_not_fit_leaves_its_room_to_others(self):
        def items(*amounts):
            return [DueItem(number, "EUR", MONDAY, D(amount)) for number, amount in enumerate(amounts)]

        def taken(found):
            return {batch.skipped: [each.item_id for each in batch.items] for batch in found}

        options = AutopayOptions(maximum_charge=D(100), maximum_month=D(150))
        self.assertEqual(taken(select(items(100), options)), {"": [0]})
        self.assertEqual(taken(select(items("100.50", "99.50", "0.50"), options)), {"over_charge": [0], "": [1, 2]})
        this_month, last_month = {(2026, 6): D("149.50")}, {(2026, 5): D(150)}
        self.assertEqual(taken(select(items(1, "0.50", "0.50"), options, collected=this_month)),
                         {"over_month": [0, 2], "": [1]})  # fmt: skip
        self.assertEqual(taken(select(items(100), options, collected=last_month)), {"": [0]})
        self.assertEqual(this_month, {(2026, 6): D("149.50")})

    def test_charges_that_wait_for_one_another(self):
        first, second, third = Span(day(0), day(2)), Span(day(2), day(5)), Span(day(6), day(9))
        table = {-1: -1, 0: 5, 1: 5, 2: 5, 4: 5, 5: 5, 6: 9, 8: 9, 9: 9}
        for wanted, expected in table.items():
            for others in ((first, second, third), (third, second, first)):
                with self.subTest(wanted=wanted):
                    self.assertEqual(day_after(day(wanted), others), day(expected))
