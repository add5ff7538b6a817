from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ar_collections.core.forecast import cash_forecast as rules
from odoo.addons.ar_collections.core.metrics.periods import Period

from ..common import PROBLEM_LOG
from ..metrics.common_ledger import RandomLedger
from ..migration.common_migration import run_migration
from .common_forecast import ForecastCommon


class TestPaymentBehavior(ForecastCommon):
    """What the nightly job stores is what the ledger gives."""

    def test_a_stored_week_is_not_read_from_the_ledger(self):
        for _number in range(3):
            self._paid(6)
        self._open(due=0)
        self.behavior._take_missing(self.company, self.TODAY)
        taken = self.behavior.search([("company_id", "=", self.company.id)])
        weeks = [date(2026, 6, 8), date(2026, 5, 11)]
        self.assertEqual(taken.mapped("week"), [weeks[0], weeks[0], weeks[1], weeks[1]])
        own = taken.filtered(lambda behavior: behavior.partner_id == self.partner and behavior.week == weeks[0])
        self.assertEqual((own.days, own.items), (6, 3))
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 6, 100)])
        own.sudo().days = 9
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 9, 100)])

    def test_a_mistyped_due_date_neither_moves_nor_stops_anything(self):
        for _number in range(3):
            self._paid(5, amount=9900)
        careless, paid_on = self._partner(name="Never due"), self._day(-60)
        for _number in range(3):
            self._settle(self._bill(careless, self._day(-90), 100, date(9999, 12, 31)), paid_on)
        self._open(due=0, partner=careless)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 365, 100)])
        self.assertEqual(float(self._read().receivable), 100)
        self.behavior._take_missing(self.company, self.TODAY)
        taken = self.behavior.search([("company_id", "=", self.company.id), ("week", "=", date(2026, 6, 8))])
        self.assertEqual({row.partner_id: row.days for row in taken}, {
            self.partner: 5, careless: -365, self.env["res.partner"]: 1,
        })  # fmt: skip
        paid = self.env["ar.metrics"]._read_paid(self.company, Period(paid_on, paid_on))
        self.assertEqual(paid.amount_days_late, 3 * (9900 * 5 - 100 * 365))
        run_migration(self.env, "19.0.1.12.0/post-payment-behavior.py", "19.0.1.11.0")
        self.assertFalse(self.behavior._has_week(self.company, date(2026, 6, 8)), "Stored again by the next night.")

    @tagged("at_install", "ar_random")
    def test_taken_or_not_it_is_the_same_forecast(self):
        ledger = RandomLedger(self, 5)
        day = list(ledger.book_days(16, {"bill": 5, "pay": 8}))[-1]
        live = self._read(day)
        self.behavior._take_missing(self.company, day)
        self.assertEqual(self._read(day), live)
        self.assertTrue(self.behavior.search_count([("company_id", "=", self.company.id), ("partner_id", "!=", False)]))

    def test_each_night_takes_what_is_missing_and_forgets_what_is_old(self):
        for week in range(7):
            for _night in range(2):
                self.behavior._take_missing(self.company, self._day(7 * week))
        weeks = self.behavior.search([("company_id", "=", self.company.id)]).mapped("week")
        self.assertEqual(weeks, [date(2026, 6, 8) + timedelta(weeks=week) for week in (6, 5, 4, 3, 2)])

    def test_the_night_takes_every_active_companys_payment_behavior_and_survives_a_failure(self):
        with self._on(), self.enter_registry_test_mode():
            self.env.ref("ar_collections.ir_cron_nightly").method_direct_trigger()
        self.assertTrue(self.behavior._has_week(self.company, rules.monday_of(self.TODAY)))
        self.assertEqual(len(self.env["ar.cash.forecast.check"]._read(self.company, self.TODAY)), 4)
        broken = patch.object(type(self.behavior), "_select_from_books", side_effect=ZeroDivisionError)
        with broken, self.assertLogs(PROBLEM_LOG, "WARNING"):
            self.behavior.sudo()._store_company(self.company, self._day(7))
        self.assertFalse(self.behavior._has_week(self.company, rules.monday_of(self._day(7))))
        self.assertTrue(self._read(self._day(7)))


class TestForecastAccuracy(ForecastCommon):
    """The forecast of four weeks ago: Monday, 11 May, from the ledger of the evening before."""

    def _check(self):
        return [(float(check.expected), float(check.received), check.deviation) for check in self._checks()]

    def _checks(self):
        return self.forecast._read_check(self.company, self.TODAY)

    def test_the_weeks_are_the_last_four_whole_ones(self):
        weeks = [(check.first, check.last) for check in self._checks()]
        self.assertEqual((weeks[0][0], weeks[-1]), (date(2026, 5, 11), (date(2026, 6, 1), date(2026, 6, 7))))
        self.assertEqual(self._check(), [(0, 0, None)] * 4)

    def test_by_hand(self):
        """Three invoices were paid 7 days late before 11 May: the payment behavior on which the forecast was based."""
        for number in range(3):
            invoice = self._bill(self.partner, date(2026, 3, 1), 50, date(2026, 4, 1 + number))
            self._settle(invoice, date(2026, 4, 8 + number))
        first = self._bill(self.partner, date(2026, 4, 15), 400, date(2026, 5, 5))  # expected 12 May, week 1
        second = self._bill(self.partner, date(2026, 4, 15), 200, date(2026, 5, 15))  # expected 22 May, week 2
        later = self._bill(self.partner, date(2026, 5, 12), 900, date(2026, 5, 13))  # not known then
        self._settle(first, date(2026, 5, 11), 100)  # week 1
        self._settle(first, date(2026, 5, 20), 300)  # week 2
        self._settle(later, date(2026, 5, 14))
        note = self._bill(self.partner, date(2026, 5, 16), 40, move_type="out_refund")
        (self._receivable(second) | self._receivable(note)).reconcile()
        self._settle(second, date(2026, 6, 7))  # 160 in week 4, a Sunday
        self.assertEqual(self._check(), [(400, 100, -75), (200, 300, 50), (0, 0, None), (0, 160, None)])
        total = rules.combine(self._checks())
        self.assertEqual((total.expected, total.received), (600, 560))

    def test_payment_behavior_of_later_weeks_is_not_known_then(self):
        self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        for number in range(3):
            invoice = self._bill(self.partner, date(2026, 4, 1), 50, date(2026, 5, 1))
            self._settle(invoice, date(2026, 5, 25 + number))
        expected = [expected for expected, _came, _deviation in self._check()]
        # Due on 1 May and unpaid on the 11th: ten days late, expected ten days later.
        self.assertEqual(expected, [100, 150, 0, 0])

    def test_money_on_account_had_come_before(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        early = self._entry(self._receivable(invoice), date(2026, 5, 2), 60)
        self.assertEqual(self._check(), [(40, 0, -100), *[(0, 0, None)] * 3])
        (early | self._receivable(invoice)).reconcile()
        matched = self._check()
        self.assertEqual(
            {received for _expected, received, _deviation in matched}, {0}, "Matched later, it had come before."
        )
        self.assertEqual(sum(expected for expected, *_rest in matched), 40)

    def test_a_promise_made_later_was_not_known(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        customer = self._customer(self.partner)
        with self._on(date(2026, 5, 12)):
            customer._promise(date(2026, 5, 26), {self._debt(invoice).id: None})
        self.assertEqual([check[0] for check in self._check()], [100, 0, 0, 0])

    def test_taken_or_not_it_is_the_same_and_late_bookings_are_seen_by_the_next_night(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 400, date(2026, 5, 12))
        self._settle(invoice, date(2026, 5, 15), 300)
        live = self._checks()
        kept = self.env["ar.cash.forecast.check"]
        for _night in range(2):
            kept._take(self.company, self.TODAY)
        self.assertEqual(kept.search_count([("company_id", "=", self.company.id)]), 4)
        self.assertEqual(self._checks(), live)
        self._settle(invoice, date(2026, 5, 20), 60)
        kept._take_once(self.company, self.TODAY)
        self.assertEqual(self._checks(), live, "Once a day.")
        kept._take_once(self.company, self._day(1))
        self.assertEqual([check.received for check in self._checks()], [300, 60, 0, 0])
        self.assertEqual(self.forecast._read_check(self.company, self._day(7))[0].first, date(2026, 5, 18))
        kept._take_once(self.company, self._day(7))
        first, *_others = rows = kept.search([("company_id", "=", self.company.id)], order="week")
        self.assertEqual((first.week, len(rows)), (date(2026, 5, 18), 4))

    def test_one_statement_each_for_any_number_of_items(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._read()
            self._checks()
            return self.env.cr.sql_log_count - before

        self._open(due=3)
        count()
        few = count()
        for partner in self._partners(20):
            self._open(due=3, partner=partner)
            self._paid(5, partner=partner, ago=20)
        self.assertEqual(count(), few)
