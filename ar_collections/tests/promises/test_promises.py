from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.tools import mute_logger

from .common_promise import PromiseCommon


class TestRecording(PromiseCommon):
    def test_what_is_stored(self):
        promise = self._promise({self.old: 200, self.new: None}, note="After the fair")
        self.assertEqual((promise.state, promise.amount_total, promise.amount_open), ("open", 300.0, 300.0))
        self.assertEqual((promise.promised_on, promise.date_deadline), (self.TODAY, date(2026, 6, 26)))
        self.assertEqual((promise.note, promise.origin, promise.user_id), ("After the fair", "staff", self.collector))
        self.assertEqual(promise.line_ids.mapped("amount"), [200.0, 100.0])
        self.assertEqual(promise.line_ids.mapped("residual_before"), [300.0, 100.0])
        self.assertRegex(promise.name, r"^PROMISE/\d{5}$")

    def test_the_history_is_on_the_customers_thread(self):
        promise = self._promise()
        note = self.customer.message_ids.filtered(lambda message: promise.name in (message.body or ""))[-1:]
        self.assertIn("300.00 promised for June 24, 2026", note.body)

    def test_the_customer_gets_an_answer_at_once(self):
        self._promise()
        (mail,) = self._deliver(self.TODAY + timedelta(days=3))  # a Saturday: an answer goes out all the same
        self.assertIn("we expect your payment by June 24, 2026", mail["subject"])
        self.assertIn(self.old.name, mail["body"])
        self.assertNotIn(self.new.name, mail["body"])
        self.assertIn("300.00", mail["body"])

    def test_nothing_is_mailed_before_activation(self):
        self.company.ar_active = False
        self._promise()
        self.assertFalse(self._notices())

    def test_errors_change_nothing(self):
        other = self._invoice(self._partner(name="Somebody Else"), 5)
        paid = self._invoice(self.partner, 5)
        self._pay(paid)
        foreign = self._invoice(self.partner, 5, currency_id=self._foreign().id)
        cases = [
            ("nothing_selected", {}, {}),
            ("unknown_item", {other: None}, {}),
            ("unknown_item", {paid: 10}, {}),
            ("mixed_currencies", {self.old: None, foreign: None}, {}),
            ("bad_amount", {self.old: 0}, {}),
            ("bad_amount", {self.old: "NaN"}, {}),
            ("bad_amount", {self.old: 0.001}, {}),
            ("too_much", {self.old: 300.01}, {}),
            ("past_date", {self.old: None}, {"promised": self.TODAY - timedelta(days=1)}),
            ("bad_date", {self.old: None}, {"promised": date(9999, 12, 31)}),
        ]
        for code, amounts, options in cases:
            for bound in (True, False):
                with self.subTest(code=code, amounts=amounts, bound=bound):
                    self.assertRefused(code, amounts, bound=bound, **options)
        self.assertFalse(self.env["ar.promise"].search([("customer_id", "=", self.customer.id)]))
        self.assertFalse(self._notices())

    def _foreign(self):
        return self.setup_other_currency("EUR")

    def test_a_promise_in_a_foreign_currency_stays_in_it(self):
        franc = self.setup_other_currency("CHF")
        foreign = self._invoice(self.partner, 5, amount=80.0, currency_id=franc.id)
        franc.active = False  # the invoice stays open
        promise = self._promise({foreign: 40})
        self.assertEqual((promise.currency_id, promise.amount_total), (franc, 40.0))
        self.assertAlmostEqual(promise.amount_company, foreign.amount_residual_signed / 2)

    def test_an_item_is_in_one_open_promise_at_a_time(self):
        self._promise({self.old: 100})
        self.assertRefused("already_promised", {self.old: 50})
        self.assertRefused("already_promised", {self.old: 50}, bound=False)
        self._promise({self.new: 50})

    def test_the_database_keeps_one_open_promise_an_item(self):
        promise = self._promise({self.old: 100})
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            promise.copy({"line_ids": [Command.create(promise.line_ids.copy_data()[0])]})
            self.env.flush_all()

    def test_what_is_paid_in_full_stands_in_no_ones_way_before_the_night(self):
        first = self._promise({self.old: 100})
        self._pay(self.old, 100)
        second = self._promise({self.old: None})
        self.assertEqual((first.state, second.amount_total), ("kept", 200.0))

    def test_limits_of_the_policy_bind_who_is_bound(self):
        far = self.TODAY + timedelta(days=31)
        self.assertRefused("beyond_horizon", promised=far)
        self.policy.promise_share_max = 50
        self.assertRefused("above_share")
        self._promise({self.old: 200})  # half of 400
        self.policy.promise_open_max = 1
        self.assertRefused("too_many_open", {self.new: None})
        self._promise({self.new: None}, promised=far, bound=False)

    def test_broken_then_a_new_one_is_the_second_and_withdrawn_then_a_new_one_is_not(self):
        withdrawn = self._promise()
        with self._on():
            withdrawn._withdraw("A mistake")
        first = self._promise(promised=self.TODAY + timedelta(days=1))
        self._judge(self.TODAY + timedelta(days=5))
        self.assertEqual(first.state, "broken")
        later = {"on": self.TODAY + timedelta(days=5), "promised": self.TODAY + timedelta(days=9)}
        self.assertRefused("too_many_broken", **later)
        second = self._promise(bound=False, **later)
        self.assertEqual([p.line_ids.number for p in (withdrawn, first, second)], [1, 1, 2])

    def test_a_year_later_broken_promises_on_other_items_are_forgiven(self):
        self.policy.promise_broken_max = 1
        for invoice in (self.old, self.new):
            self._promise({invoice: None}, promised=self.TODAY + timedelta(days=1))
        self._judge(self.TODAY + timedelta(days=5))
        third = self._invoice(self.partner, 1)
        soon, later = self.TODAY + timedelta(days=6), self.TODAY + timedelta(days=370)
        self.assertRefused("too_many_broken", {third: None}, on=soon, promised=soon)
        self._promise({third: None}, on=later, promised=later)
