from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.promise import Refused

from .common import ArCommon

CRON = "ar_collections.ir_cron_judge_promises"
JUDGE_LOG = "odoo.addons.ar_collections.models.ar_promise_judge"


class PromiseCommon(ArCommon):
    """A customer with two late invoices, and the verbs of promising."""

    #: A Wednesday in two weeks; the deadline is the Friday.
    PROMISED = date(2026, 6, 24)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.old = cls._invoice(cls.partner, overdue_days=12, amount=300.0)
        cls.new = cls._invoice(cls.partner, overdue_days=5, amount=100.0)
        cls.customer = cls._customer(cls.partner)

    def _promise(self, amounts=None, promised=None, on=None, **options):
        """Record a promise on that day.

        :param amounts: {invoice: amount, or None for all of it}; default: all of the old invoice
        """
        amounts = amounts if amounts is not None else {self.old: None}
        wish = {
            self._debt(move).id: None if amount is None else Decimal(str(amount)) for move, amount in amounts.items()
        }
        with self._on(on):
            return self.customer._promise(promised or self.PROMISED, wish, **options)

    def _judge(self, day):
        """Judge the company's promises on that day, as the night does."""
        with self._on(day):
            self.env["ar.promise"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()

    def _take_back(self, payment):
        """Undo a payment, as after a bounced cheque."""
        payment.action_draft()
        payment.action_cancel()

    def _notices(self, notice=None):
        """Return the notices to the customer, oldest first."""
        found = self._communications(self.customer).filtered("notice")
        return found.filtered(lambda c: c.notice == notice) if notice else found

    def _wizard(self, user=None, move=None):
        """Open the wizard from the customer, or from an invoice."""
        with self._on():
            if move:
                action = move.with_user(user or self.collector).action_ar_promise()
            else:
                action = self.customer.with_user(user or self.collector).action_promise()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def assertRefused(self, code, *args, **options):
        with self.assertRaises(Refused) as caught:
            self._promise(*args, **options)
        self.assertEqual(caught.exception.code, code)


class TestRecording(PromiseCommon):
    def test_what_is_stored(self):
        promise = self._promise({self.old: 200, self.new: None}, note="After the fair")
        self.assertEqual((promise.state, promise.amount_total, promise.amount_open), ("open", 300.0, 300.0))
        self.assertEqual((promise.promised_on, promise.date_deadline), (self.TODAY, date(2026, 6, 26)))
        self.assertEqual((promise.note, promise.origin, promise.user_id), ("After the fair", "staff", self.collector))
        self.assertEqual(promise.line_ids.mapped("amount"), [200.0, 100.0])
        self.assertEqual(promise.line_ids.mapped("residual_before"), [300.0, 100.0])
        self.assertRegex(promise.name, r"^PROMISE/\d{5}$")

    def test_the_story_stands_on_the_customers_thread(self):
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
            ("nothing_chosen", {}, {}),
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
        euro = self._foreign()
        foreign = self._invoice(self.partner, 5, amount=80.0, currency_id=euro.id)
        promise = self._promise({foreign: 40})
        self.assertEqual((promise.currency_id, promise.amount_total), (euro, 40.0))
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


class TestStaff(PromiseCommon):
    def test_wizard_offers_what_is_free_and_ticks_what_is_late(self):
        upcoming = self._invoice(self.partner, -20, 50.0)
        wizard = self._wizard()
        self.assertEqual(wizard.line_ids.move_id, self.old + self.new + upcoming)
        self.assertEqual(wizard.line_ids.mapped("amount"), [300.0, 100.0, 50.0])
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.old + self.new)
        self.assertEqual(wizard.amount_total, 400.0)

    def test_recorded_by_a_collector(self):
        wizard = self._wizard()
        wizard.write({"date": self.PROMISED, "note": "On the phone"})
        wizard.line_ids[1].ticked = False
        wizard.line_ids[0].amount = 250.0
        with self._on():
            action = wizard.action_record()
        promise = self.env["ar.promise"].browse(action["res_id"])
        self.assertEqual(
            (promise.amount_total, promise.note, promise.line_ids.move_id), (250.0, "On the phone", self.old)
        )

    def test_from_an_invoice_only_that_one_is_ticked(self):
        wizard = self._wizard(move=self.new)
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.new)

    def test_refusals_say_what_is_wrong_and_who_can_help(self):
        wizard = self._wizard()
        wizard.date = self.TODAY + timedelta(days=60)
        with self._on(), self.assertRaisesRegex(UserError, "at most 30 days.*collections manager"):
            wizard.action_record()
        wizard.date = self.TODAY - timedelta(days=1)
        with self._on(), self.assertRaisesRegex(UserError, "The date has passed") as caught:
            wizard.action_record()
        self.assertNotIn("manager", str(caught.exception))
        wizard.line_ids.ticked = False
        with self._on(), self.assertRaisesRegex(UserError, "Nothing is chosen"):
            wizard.action_record()

    def test_a_manager_goes_beyond_the_policy(self):
        wizard = self._wizard(self._user("manager"))
        wizard.date = self.TODAY + timedelta(days=60)
        with self._on():
            wizard.action_record()
        self.assertEqual(self.customer.promise_open_count, 1)

    def test_nothing_to_promise_is_said_at_once(self):
        self._promise({self.new: None})
        with self.assertRaisesRegex(UserError, "Nothing here can be promised"):
            self._wizard(move=self.new)

    def test_items_of_others_slipped_into_the_wizard_are_refused(self):
        other = self._invoice(self._partner(name="Somebody Else"), 5)
        wizard = self._wizard()
        wizard.write(
            {"line_ids": [Command.create({"move_line_id": self._debt(other).id, "ticked": True, "amount": 1})]}
        )
        with self._on(), self.assertRaisesRegex(UserError, "not open any more"):
            wizard.action_record()

    def test_withdraw_with_a_reason(self):
        promise = self._promise()
        action = promise.with_user(self.collector).action_withdraw()
        wizard = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
        with self._on():
            wizard.create({"reason": "Paid by the parent company"}).action_withdraw()
        self.assertEqual((promise.state, promise.ended_on), ("withdrawn", self.TODAY))
        self.assertIn("Paid by the parent company", self.customer.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "ended already"):
            promise._withdraw("Again")

    def test_nobody_writes_or_deletes_promises_by_hand(self):
        promise = self._promise()
        with self.assertRaises(UserError):
            promise.with_user(self._user("credit_manager")).state = "kept"
        with self.assertRaises(UserError):
            promise.sudo().unlink()

    def test_the_invoice_tells_of_its_promises(self):
        promise = self._promise()
        self.assertTrue(self.old.ar_promised)
        self.assertEqual((self.old.ar_promise_ids, self.new.ar_promise_ids), (promise, self.env["ar.promise"]))
        ours = [("partner_id", "=", self.partner.id)]
        self.assertEqual(self.env["account.move"].search([*ours, ("ar_promised", "=", True)]), self.old)
        self.assertEqual(self.env["account.move"].search([*ours, ("ar_promised", "=", False)]), self.new)
        promise._withdraw("A mistake")
        self.env.invalidate_all()
        self.assertFalse(self.old.ar_promised)
        self.assertEqual(self.old.ar_promise_ids, promise)

    def test_an_invoice_can_be_corrected_all_the_same(self):
        promise = self._promise({self.old: 100, self.new: None})
        self.new.button_draft()
        self.new.invoice_date_due = self.TODAY + timedelta(days=30)
        self.new.button_cancel()
        self.assertEqual(promise.amount_open, 100.0)
        self.old.button_draft()
        self.old.button_cancel()
        self._judge(self.PROMISED + timedelta(days=3))
        self.assertEqual(promise.state, "withdrawn")
        self.assertFalse(self._notices("promise_broken"))

    def test_reliability_by_number_and_by_amount(self):
        later = self.TODAY + timedelta(days=5)
        third = self._invoice(self.partner, 1, 600.0)
        for invoice in (self.old, self.new):
            self._promise({invoice: None}, promised=self.TODAY + timedelta(days=1))
        self._promise({third: None})
        self._pay(self.old)
        self._judge(later)
        with self._on(later):
            self.assertEqual((self.customer.promise_count, self.customer.promise_open_count), (3, 1))
            self.assertEqual(self.customer.promise_due_count, 2)
            self.assertEqual((self.customer.promise_kept_rate, self.customer.promise_kept_amount_rate), (50.0, 75.0))


class TestJudging(PromiseCommon):
    def test_kept_is_known_as_soon_as_all_is_paid(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 12))
        self._judge(date(2026, 6, 13))
        self.assertEqual((promise.state, promise.amount_kept, promise.ended_on), ("kept", 300.0, date(2026, 6, 13)))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_open_up_to_the_deadline_and_broken_after_it(self):
        promise = self._promise()
        for day in (24, 25, 26):
            self._judge(date(2026, 6, day))
            self.assertEqual(promise.state, "open")
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.ended_on), ("broken", date(2026, 6, 27)))

    def test_paid_within_the_tolerance_is_kept(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 26))
        self._judge(date(2026, 6, 27))
        self.assertEqual(promise.state, "kept")

    def test_paid_late_is_broken_but_nobody_is_asked_for_what_is_paid(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 27))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept), ("broken", 0.0))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_paid_in_part(self):
        promise = self._promise()
        self._pay(self.old, 120, day=date(2026, 6, 20))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept, promise.amount_open), ("partly", 120.0, 180.0))
        notice = self._notices("promise_broken")
        self.assertEqual(notice.line_ids.amount_left, 180.0)
        self.assertIn("120.00", notice.body)

    def test_a_credit_note_keeps_it_too(self):
        promise = self._promise({self.new: None})
        refund = self._invoice(self.partner, 0, 100.0, move_type="out_refund")
        (self._debt(self.new) + self._debt(refund)).reconcile()
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual(promise.state, "kept")

    def test_broken_once_told_once_asked_once(self):
        self._promise()
        for day in (27, 27, 28, 30):
            self._judge(date(2026, 6, day))
        self.assertEqual(len(self._notices("promise_broken")), 1)
        (task,) = self._tasks(self.customer, "promise")
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("300.00", task.summary)

    def test_a_payment_taken_back_opens_it_again_before_the_deadline(self):
        promise = self._promise()
        payment = self._pay(self.old, day=date(2026, 6, 15))
        self._judge(date(2026, 6, 16))
        self.assertEqual(promise.state, "kept")
        self._take_back(payment)
        self.assertTrue(promise.to_judge)
        self._judge(date(2026, 6, 17))
        self.assertEqual((promise.state, promise.ended_on, promise.amount_kept), ("open", False, 0.0))
        self.assertTrue(promise.line_ids.is_live)

    def test_a_payment_taken_back_after_the_deadline_breaks_it(self):
        promise = self._promise()
        payment = self._pay(self.old, day=date(2026, 6, 15))
        self._judge(date(2026, 6, 27))
        self.assertFalse(promise.to_judge)
        self._take_back(payment)
        self._judge(date(2026, 7, 10))
        self.assertEqual((promise.state, promise.ended_on), ("broken", date(2026, 7, 10)))
        self.assertEqual(len(self._notices("promise_broken")), 1)

    def test_a_payment_that_is_booked_late_with_an_earlier_date_keeps_it_after_all(self):
        promise = self._promise()
        self._judge(date(2026, 6, 27))
        self._pay(self.old, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 29))
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self._deliver(date(2026, 6, 29))[-1]["subject"].count("has not arrived"), 0)
        self.assertEqual(self._notices("promise_broken").state, "cancelled")
        self.assertFalse(self._tasks(self.customer, "promise"))

    def test_what_was_promised_anew_meanwhile_is_not_opened_twice(self):
        first = self._promise({self.old: 100})
        payment = self._pay(self.old, 100, day=date(2026, 6, 11))
        self._judge(date(2026, 6, 12))
        second = self._promise({self.old: 200}, on=date(2026, 6, 12))
        self._take_back(payment)
        self._judge(date(2026, 6, 15))
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self._judge(date(2026, 6, 27))
        self.assertEqual((first.state, second.state), ("broken", "broken"))

    def test_only_its_own_items_are_silent(self):
        self._promise()
        self._run(date(2026, 6, 11))  # the answer was the contact of the day before
        reminder = self._communications(self.customer).filtered("step_id")
        self.assertEqual(reminder.line_ids.move_id, self.new)

    def test_only_the_promised_part_is_silent(self):
        self._promise({self.old: 200})
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        self.assertEqual([item.chaseable_currency for item in facts.items], [100, 100])

    def test_past_its_deadline_it_is_silent_until_it_was_judged(self):
        self._promise({self.old: None, self.new: None})
        self._run(date(2026, 6, 29))
        self.assertCode(self.customer, "promise_open")
        self._judge(date(2026, 6, 30))
        self._deliver(date(2026, 6, 30))
        self._run(date(2026, 7, 3))
        self.assertCode(self.customer, "step_reached")

    def test_one_failure_stops_nobody(self):
        other, invoice = self._late(name="Another Payer")
        promise = self._promise()
        with self._on():
            second = other._promise(self.PROMISED, {self._debt(invoice).id: None})
        store = type(promise)._store_judgement

        def fails(record, *args):
            if record == promise:
                raise ValueError("broken on purpose")
            return store(record, *args)

        with (
            patch.object(type(promise), "_store_judgement", fails),
            mute_logger(JUDGE_LOG, "odoo.addons.ar_collections.models.ar_customer_run"),
        ):
            self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, second.state), ("open", "broken"))
        self.assertIn("broken on purpose", self.customer.run_error)

    def test_a_foreign_promise_is_judged_in_its_own_currency(self):
        euro = self.setup_other_currency("EUR")
        foreign = self._invoice(self.partner, 5, amount=80.0, currency_id=euro.id)
        promise = self._promise({foreign: None})
        self._pay(foreign, day=date(2026, 6, 20))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 80.0))


class TestNotes(PromiseCommon):
    """The courtesy note on the working day before."""

    def _days_of_note(self, first, last):
        """Judge day after day and work the queue; return the days on which the note went out."""
        told, day = [], first
        while day <= last:
            self._judge(day)
            mails = self._deliver(day)
            told += [day for mail in mails if "your payment promised for" in mail["subject"]]
            day += timedelta(days=1)
        return told

    def test_on_the_day_before_and_once(self):
        self._promise()
        self.assertEqual(self._days_of_note(date(2026, 6, 19), self.PROMISED), [date(2026, 6, 23)])

    def test_before_a_weekend(self):
        self._promise(promised=date(2026, 6, 22))
        self.assertEqual(self._days_of_note(date(2026, 6, 17), date(2026, 6, 22)), [date(2026, 6, 19)])

    def test_a_night_that_was_missed_is_made_up_for_before_the_day(self):
        self._promise(promised=date(2026, 6, 24))
        self.assertEqual(self._days_of_note(date(2026, 6, 24), date(2026, 6, 24)), [])
        self._promise({self.new: None}, promised=date(2026, 6, 29))
        self.assertEqual(self._days_of_note(date(2026, 6, 27), date(2026, 6, 29)), [])  # a weekend: held, then too late

    def test_not_when_paid_meanwhile(self):
        self._promise()
        self._pay(self.old)
        self.assertEqual(self._days_of_note(date(2026, 6, 22), self.PROMISED), [])

    def test_not_when_paid_while_it_waits_in_the_queue(self):
        self._promise()
        self._judge(date(2026, 6, 23))
        self._pay(self.old)
        self.assertEqual(self._days_of_note(date(2026, 6, 23), self.PROMISED), [])
        self.assertEqual(self._notices("promise_due").state, "cancelled")

    def test_not_on_the_day_it_was_promised(self):
        self._promise(promised=self.TODAY + timedelta(days=1))
        self.assertEqual(self._days_of_note(self.TODAY, self.TODAY + timedelta(days=1)), [])

    def test_not_where_the_policy_wants_none(self):
        self.policy.promise_courtesy = False
        self._promise()
        self.assertEqual(self._days_of_note(date(2026, 6, 22), self.PROMISED), [])


class TestPromiseCron(PromiseCommon):
    def _cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_it_judges_from_the_companys_hour_on(self):
        promise = self._promise()
        self._cron("2026-06-27 05:59:00")
        self.assertEqual(promise.state, "open")
        self._cron("2026-06-27 06:00:00")
        self.assertEqual(promise.state, "broken")
        self._cron("2026-06-27 07:00:00")
        self.assertEqual(len(self._notices("promise_broken")), 1)

    def test_it_comes_before_the_run_of_the_day(self):
        judge, run = self.env.ref(CRON), self.env.ref("ar_collections.ir_cron_run_day")
        self.assertLess(judge.priority, run.priority)
        self.assertEqual((judge.user_id, judge.interval_type), (run.user_id, run.interval_type))

    def test_other_companies_have_their_own_day(self):
        promise = self._promise()
        other = self._create_company(name="Elsewhere")
        with self._on(date(2026, 6, 27)):
            self.env["ar.promise"].sudo()._judge_company(other, date(2026, 6, 27))
        self.assertEqual(promise.state, "open")


class TestPromiseSpeed(PromiseCommon):
    """Reads do not grow with the number of promises."""

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _promises(self, number):
        """Give so many customers a promise each; return (customers, promises)."""
        customers, promises = self.env["ar.customer"], self.env["ar.promise"]
        for partner in self._partners(number):
            invoice = self._invoice(partner, 5)
            customer = self._customer(partner)
            with self._on():
                promises |= customer._promise(self.PROMISED, {self._debt(invoice).id: None})
            customers |= customer
        return customers.sudo(), promises.sudo()

    def test_facts_and_judgements_are_read_together(self):
        customers, promises = self._promises(20)

        def look(number):
            with self._on():
                self.env["ar.facts"]._gather(customers[:number], self.TODAY)
                promises[:number]._judge(self.TODAY)
                customers[:number].mapped("promise_kept_rate")
                promises[:number].mapped("amount_open")

        look(20)
        few, many = self._count(lambda: look(2)), self._count(lambda: look(20))
        self.assertLessEqual(many, few + 2, f"{few} statements for two promises, {many} for twenty")

    def test_reconciling_looks_for_promises_once(self):
        _customers, promises = self._promises(10)
        touch = self.env["ar.promise.line"]._touch
        lines = promises.line_ids.move_line_id
        self.assertEqual(self._count(lambda: touch(lines[:1])), self._count(lambda: touch(lines)))
        self.assertTrue(all(promises.mapped("to_judge")))
