from datetime import date, timedelta

from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.reported_payments import report as rules

from ...formats import format_amount
from ..common import PROBLEM_LOG
from .common_reported import ReportedCommon


class TestRecorded(ReportedCommon):
    def test_what_is_stored(self):
        reported = self._report({self.old: None, self.new: 40}, method="check", reference="CHK 7", note="By post")
        self.assertEqual((reported.state, reported.origin, reported.method), ("open", "staff", "check"))
        self.assertEqual((reported.amount_total, reported.amount_left), (340.0, 340.0))
        self.assertEqual(reported.line_ids.mapped("amount"), [300.0, 40.0])
        self.assertEqual((reported.reported_on, reported.date_until), (self.TODAY, self.LAST_DAY))
        self.assertRegex(reported.name, r"PAID/\d+")
        self.assertEqual(reported.user_id, self.collector)

    def test_the_collector_gets_one_task_that_names_each_report(self):
        first, second = self._report(), self._report({self.new: None})
        task = self._tasks(self.customer, "reported_payment")
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.collector)
        self.assertIn(first.name, task.summary)
        self.assertIn(second.name, task.note)

    def test_the_days_are_those_of_the_policy(self):
        self.policy.reported_days = 1
        self.assertEqual(self._report().date_until, self.TODAY + timedelta(days=1))
        self.policy.reported_days = 0
        self.assertEqual(self._report({self.new: None}).date_until, self.TODAY)

    def test_refusals(self):
        other = self._invoice(self._partner(name="Other"), 9, 70.0)
        self.assertRefused(rules.UNKNOWN_ITEM, {other: None})
        self.assertRefused(rules.TOO_MUCH, {self.old: "300.01"})
        self.assertRefused(rules.FUTURE_DATE, paid_on=self.TODAY + timedelta(days=1))
        self.assertRefused(rules.NOTHING_SELECTED, {})
        self._report()
        self.assertRefused(rules.ALREADY_REPORTED)
        self.assertEqual(len(self.customer.reported_payment_ids), 1)

    def test_a_customer_reports_an_item_once_staff_again(self):
        self._report(origin="portal")
        self._judge(self.DAY_AFTER)
        self.assertRefused(rules.REPORTED_BEFORE, origin="portal", on=self.DAY_AFTER)
        self.assertEqual(self._report(on=self.DAY_AFTER).state, "open")

    def test_what_is_promised_or_disputed_can_be_reported(self):
        with self._on():
            self.customer._promise(date(2026, 6, 24), {self._debt(self.old).id: None})
        self.assertEqual(self._report().amount_total, 300.0)

    def test_what_is_reported_cannot_be_promised(self):
        self._report()
        with self._on():
            self.assertEqual(list(self.customer._get_free_amounts()), self._debt(self.new).ids)


class TestReminders(ReportedCommon):
    def test_only_what_is_reported_gets_no_reminder(self):
        self._report()
        self._run()
        lines = self._communications(self.customer).line_ids
        self.assertEqual(lines.move_line_id, self._debt(self.new))
        self.assertEqual(self._codes(), {self.old: ["payment_reported"], self.new: []})

    def test_a_reminder_in_the_queue_is_cancelled(self):
        self._run()
        self._report({self.old: None, self.new: None})
        self.assertEqual(self._deliver(), [])
        self.assertEqual(self._communications(self.customer).mapped("state"), ["cancelled"])

    def test_mails_link_to_the_form(self):
        (mail,) = self._day()
        self.assertIn("I have paid", mail["body"])
        self.assertRegex(mail["body"], rf"/my/receivables/{self.customer.id}/reported\?access_token=")

    def test_mails_do_not_where_the_policy_forbids_it(self):
        self.policy.reported_portal = False
        (mail,) = self._day()
        self.assertNotIn("I have paid", mail["body"])
        self.assertNotIn("/reported", mail["body"])

    def test_reminders_go_on_where_the_money_is_not_found(self):
        self._report({self.old: None, self.new: None})
        for day in range(6, 8):
            self._run(self.TODAY + timedelta(days=day))
        self.assertFalse(self._communications(self.customer))
        self._judge(self.DAY_AFTER)
        self._deliver(self.DAY_AFTER)
        self._day(self.DAY_AFTER + timedelta(days=1))
        self.assertTrue(self._communications(self.customer).filtered(lambda c: not c.notice and c.state == "sent"))

    def test_part_of_it_arrives(self):
        reported = self._report()
        self._pay(self.old, 200)
        self.assertEqual(reported.amount_left, 100.0)
        self._judge(self.LAST_DAY)
        self.assertEqual(reported.state, "open")
        self._judge(self.DAY_AFTER)
        self.assertEqual((reported.state, reported.amount_left), ("not_found", 100.0))
        self.assertEqual(self._notices().line_ids.amount_left, 100.0)


class TestJudged(ReportedCommon):
    def test_paid(self):
        reported = self._report()
        self._pay(self.old)
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual((reported.state, reported.ended_on), ("settled", self.TODAY + timedelta(days=1)))
        self.assertFalse(self._tasks(self.customer, "reported_payment"))
        self.assertFalse(self._notices())

    def test_a_part_was_reported_and_that_part_is_paid(self):
        reported = self._report({self.old: 120})
        self._pay(self.old, 120)
        self._judge(self.TODAY)
        self.assertEqual(reported.state, "settled")
        self.assertEqual(self._codes()[self.old], [])

    def test_not_found(self):
        reported = self._report(reference="Ref 7")
        self._judge(self.DAY_AFTER)
        self.assertEqual(reported.state, "not_found")
        task = self._tasks(self.customer, "reported_payment")
        self.assertIn("was not found, contact the customer", task.summary)
        (mail,) = self._deliver(self.DAY_AFTER)
        self.assertIn("could not find your payment", mail["subject"])
        for text in ("Ref 7", "300.00", self.old.name):
            self.assertIn(text, mail["body"])

    def test_each_payment_that_was_not_found_is_named(self):
        self._report()
        self._report({self.new: None})
        self._judge(self.DAY_AFTER)
        task = self._tasks(self.customer, "reported_payment")
        for amount in ("300.00", "100.00"):
            self.assertIn(f"{amount} was not found", f"{task.summary} {task.note}".replace("\xa0", " "))

    def test_what_somebody_dealt_with_is_not_named_again(self):
        first = self._report()
        self._judge(self.DAY_AFTER)
        self._tasks(self.customer, "reported_payment").action_feedback()
        second = self._report({self.new: None}, on=self.DAY_AFTER)
        self._judge(self.DAY_AFTER + timedelta(days=10))
        task = self._tasks(self.customer, "reported_payment")
        self.assertIn(second.name, f"{task.summary} {task.note}")
        self.assertNotIn(first.name, f"{task.summary} {task.note}")

    def test_one_is_not_found_while_another_is_expected(self):
        self._report()
        self._report({self.new: None}, on=self.LAST_DAY)
        self._judge(self.DAY_AFTER)
        task = self._tasks(self.customer, "reported_payment")
        self.assertIn("was not found", task.note)
        self._pay(self.new, day=self.DAY_AFTER)
        self._judge(self.DAY_AFTER)
        self.assertTrue(self._tasks(self.customer, "reported_payment"))

    def test_tasks_are_in_the_language_of_the_collector(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        with self._on():
            item = self._debt(self.old)
            self.customer.with_context(lang="fr_FR")._report_payment(self.TODAY, {item.id: None}, origin="portal")
        self.assertIn("the customer says", self._tasks(self.customer, "reported_payment").summary)

    def test_judged_twice_is_told_once(self):
        self._report()
        for day in range(3):
            self._judge(self.DAY_AFTER + timedelta(days=day))
        self.assertEqual(len(self._notices()), 1)

    def test_booked_late(self):
        reported = self._report()
        self._judge(self.DAY_AFTER)
        self._pay(self.old, day=self.DAY_AFTER)
        self._judge(self.DAY_AFTER + timedelta(days=1))
        self.assertEqual(reported.state, "settled")
        self.assertFalse(self._tasks(self.customer, "reported_payment"))
        self.assertEqual(self._deliver(self.DAY_AFTER + timedelta(days=1)), [])
        self.assertEqual(self._notices().state, "cancelled")

    def test_the_task_stays_while_another_payment_is_looked_for(self):
        self._report()
        other = self._report({self.new: None})
        self._pay(self.old)
        self._judge(self.TODAY)
        self.assertTrue(self._tasks(self.customer, "reported_payment"))
        self._pay(self.new)
        self._judge(self.TODAY)
        self.assertEqual(other.state, "settled")
        self.assertFalse(self._tasks(self.customer, "reported_payment"))

    def test_one_that_fails_stops_no_other(self):
        mine = self._report()
        theirs, invoice = self._late(5, 50.0, name="Next Payer")
        with self._on():
            other = theirs._report_payment(self.TODAY, {self._debt(invoice).id: None})
        judge = type(mine)._get_state_by_books

        def fails(reported, *args):
            if reported == mine:
                raise ValueError("cannot be judged")
            return judge(reported, *args)

        self.patch(type(mine), "_get_state_by_books", fails)
        with mute_logger(PROBLEM_LOG):
            self._judge(self.DAY_AFTER)
        self.assertEqual((mine.state, other.state), ("open", "not_found"))
        self.assertIn("cannot be judged", self.customer.run_error)

    def test_the_nightly_run_judges_before_it_reminds(self):
        steps = [code for code, _model, _method in self.env["ar.nightly"]._get_steps()]
        self.assertLess(steps.index("reported_payments"), steps.index("reminders"))

    def _count_queries(self, number):
        """Return the queries of a night in which that many more payments are looked for."""
        partners = self._partners(number)
        with self._on():
            for partner, invoice in zip(partners, self._invoices(partners, 5, 50.0), strict=True):
                self._customer(partner)._report_payment(self.TODAY, {self._debt(invoice).id: None})
        with self._on():
            self.env.cr.flush()  # what was decided anew at the end of the transaction
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with self._on(self.LAST_DAY):
            self.env["ar.reported.payment"].sudo()._judge_company(self.company, self.LAST_DAY)
        return self.env.cr.sql_log_count - before

    def test_a_silent_night_takes_as_many_queries_for_many_as_for_few(self):
        few = self._count_queries(2)
        self.assertLessEqual(self._count_queries(10), few)
        self.assertLessEqual(few, 16)


class TestStaff(ReportedCommon):
    def _wizard(self):
        with self._on():
            action = self.customer.with_user(self.collector).action_report_payment()
        return self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])

    def test_the_dialog_proposes_what_is_overdue(self):
        euro = self.setup_other_currency("EUR")
        self._invoice(self.partner, 2, amount=80.0, currency_id=euro.id)
        wizard = self._wizard()
        self.assertEqual([(line.amount, line.ticked) for line in wizard.line_ids],
                         [(300.0, True), (100.0, True), (80.0, False)], "a payment is in one currency")  # fmt: skip
        sums = [format_amount(self.env, *amount) for amount in ((400, self.company.currency_id), (80, euro))]
        self.assertEqual((wizard.date, wizard.total_text), (self.TODAY, sums[0]))
        wizard.line_ids[2].ticked = True
        self.assertEqual(wizard.total_text, " + ".join(sums))
        wizard.line_ids[2].ticked = False
        with Form(wizard) as form, form.line_ids.edit(1) as line:
            line.ticked = False
        with self._on():
            result = wizard.action_record()
        reported = self.customer.reported_payment_ids
        self.assertEqual(reported.amount_total, 300.0)
        self.assertIn(reported.name, result["params"]["message"])

    def test_nothing_left_to_report(self):
        self._report({self.old: None, self.new: None})
        with self.assertRaisesRegex(Exception, "reported as paid already"):
            self._wizard()

    def test_an_entry_that_is_not_accepted(self):
        wizard = self._wizard()
        wizard.line_ids[0].amount = 300.5
        with self._on(), self.assertRaisesRegex(Exception, "higher than the amount due"):
            wizard.action_record()
        self.assertFalse(self.customer.reported_payment_ids)

    def test_not_found_by_a_person(self):
        reported = self._report().with_user(self.collector)
        with self._on():
            reported.action_not_found()
        self.assertEqual((reported.state, len(self._notices())), ("not_found", 1))
        with self.assertRaisesRegex(Exception, "still expected"):
            reported.action_not_found()

    def test_not_found_by_a_person_although_it_is_paid(self):
        reported = self._report()
        self._pay(self.old)
        with self._on():
            reported.with_user(self.collector).action_not_found()
        self.assertEqual(reported.state, "settled")
        self.assertFalse(self._notices())

    def test_withdraw(self):
        reported = self._report().with_user(self.collector)
        with self._on():
            reported.action_withdraw()
        self.assertEqual((reported.state, self._codes()[self.old]), ("withdrawn", []))
        self.assertFalse(self._tasks(self.customer, "reported_payment"))
        with self.assertRaisesRegex(Exception, "already ended"):
            reported.action_withdraw()

    def test_after_a_call(self):
        with self._on():
            action = self.customer.with_user(self.collector)._get_next_step("says_paid")
        self.assertEqual(action["res_model"], "ar.reported.payment.new")
