"""Statements on a schedule: once, complete, never beside a reminder, and true at the moment of sending."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ...models.communications.mail.mail_mail import MailMail
from ..common import PROBLEM_LOG
from ..migration.common_migration import run_migration
from .common_statements import ArStatementCommon

#: Of the delivery of one message without documents, its share of what is read for all of `MAILS` included.
MOST_QUERIES, MAILS = 30, 16


class TestStatements(ArStatementCommon):
    # === ONCE === #

    def test_it_is_sent_once_with_what_is_open(self):
        credit = self._invoice(self.customer.partner_id, 0, 30.0, move_type="out_refund")
        statement = self._prepare()
        self.assertEqual(self._prepare(), statement)
        self.assertEqual((statement.scheduled_for, statement.state), (self.TODAY, "prepared"))
        mail = self._deliver()
        self.assertEqual(len(mail), 1)
        for text in (self.invoice.name, credit.name, "70.00", "Balance", "/my/receivables"):
            self.assertIn(text, mail[0]["body"])
        lines = statement.communication_id._get_plain_text().replace("\xa0", " ").splitlines()
        due = self.invoice.invoice_date_due.strftime("%b %d, %Y")
        self.assertIn(f"- {self.invoice.name}, due {due}: $ 100.00 left to pay", lines)
        self.assertTrue(any(line.startswith(f"- Credit {credit.name} of ") for line in lines))
        self.assertIn("Balance: $ 70.00", lines)
        self.assertEqual(statement.communication_state, "sent")
        lines = statement.communication_id.line_ids
        self.assertEqual(sorted(lines.mapped("amount_left")), [-30, 100])
        self.assertEqual(lines.filtered(lambda line: line.amount_left < 0).kind, "credit")
        self.assertFalse(lines.step_id)
        self.assertFalse(self._prepare(self.TODAY + timedelta(days=1)) - statement)
        following = self._prepare(self.TODAY + timedelta(days=7)) - statement
        self.assertEqual((following.scheduled_for, following.first_day), (date(2026, 6, 17), self.TODAY))

    def test_missed_days_are_caught_up_once(self):
        self.policy.sudo().statement_done_for = self.TODAY - timedelta(days=40)
        statement = self._prepare(self.TODAY + timedelta(days=2))
        self.assertEqual((statement.scheduled_for, statement.day), (self.TODAY, self.TODAY + timedelta(days=2)))
        self.assertEqual(self._prepare(self.TODAY + timedelta(days=3)), statement)

    def test_a_new_schedule_and_collections_that_are_off_send_nothing_for_days_before(self):
        with self._on():
            self.policy.write({"statement_frequency": "monthly", "statement_month_day": 10})
            self.assertEqual(self.policy.statement_next_date, date(2026, 7, 10))
        self.assertFalse(self._prepare())
        with self._on(date(2026, 7, 5)):
            self.policy.write({"name": "Renamed", "statement_kind": "activity"})
        self.assertEqual(self.policy.statement_done_for, self.TODAY)  # other settings begin no schedule anew
        self.company.ar_active = False
        self.assertFalse(self._prepare(date(2026, 7, 10)))
        self.company.ar_active = True
        self.assertFalse(self._prepare(date(2026, 7, 11)))

    def test_a_month_end_on_a_weekend_is_sent_on_the_next_working_day(self):
        self.policy.write({"statement_frequency": "monthly", "statement_month_day": 31})
        self.policy.sudo().statement_done_for = date(2026, 4, 30)
        sunday, monday = date(2026, 5, 31), date(2026, 6, 1)
        statement = self._prepare(sunday)
        self.assertEqual(statement.scheduled_for, sunday)
        self.assertFalse(self._deliver(sunday))
        self.assertEqual(len(self._deliver(monday) + self._deliver(monday)), 1)  # written anew, as of that day
        statement = self._statements()
        self.assertEqual((statement.day, statement.communication_id.date_sent), (monday, monday))
        self.assertEqual(self._communications(self.customer).mapped("state"), ["cancelled", "sent"])

    def test_a_night_that_met_a_lock_is_repeated_for_that_account_alone(self):
        self.policy.statement_audience = "either"
        idle = self._customer(self._partner(name="Idle"))
        locked = patch.object(
            type(self.customer), "try_lock_for_update", lambda records, **_values: records - self.customer
        )
        first = self.TODAY + timedelta(days=3)  # after an outage: the days are counted from the first attempt
        with locked:
            self.assertFalse(self._prepare(first))
        self.assertEqual(self._statements().browse()._find_customers(self.policy, self.TODAY), self.customer)
        with self.env.cr.savepoint() as savepoint:
            self._invoice(idle.partner_id, -30)
            self.assertEqual(len(self._prepare(first + timedelta(days=1))), 1)
            self.assertFalse(self._statements(idle))  # nothing was open on the day
            self.assertEqual(self.policy.statement_done_for, self.TODAY)
            savepoint.rollback()
        self.env.invalidate_all()
        with locked, mute_logger(PROBLEM_LOG):  # what is given up is told
            self.assertFalse(self._prepare(first + timedelta(days=3)))
        self.assertEqual(self.policy.statement_done_for, self.TODAY)
        problem = self.env["ar.problem"].sudo().search([("res_model", "=", "ar.credit.policy")])
        self.assertIn(self.customer.display_name, problem.message)

    def test_the_next_one_covers_what_did_not_arrive_and_replaces_what_waits(self):
        first = self._prepare()
        first.sudo().communication_id._cancel("skipped")
        second = self._prepare(self.TODAY + timedelta(days=7)) - first
        third = self._prepare(self.TODAY + timedelta(days=14)) - first - second
        self.assertEqual({each.first_day for each in first | second | third}, {date(2026, 6, 3)})
        self.assertEqual((second.state, second.reason, third.state), ("left_out", "outdated", "prepared"))
        self.assertEqual(len(self._deliver(self.TODAY + timedelta(days=14))), 1)

    # === BESIDE OTHER MESSAGES === #

    def test_it_is_never_sent_on_the_day_of_a_reminder(self):
        self._invoice(self.customer.partner_id, 4)
        self._run()
        self._prepare()
        self.assertEqual(
            [mail["subject"] for mail in self._deliver()], [self._communications(self.customer)[0].subject]
        )
        tomorrow = self.TODAY + timedelta(days=1)
        self._deliver(tomorrow)
        self._deliver(tomorrow)
        sent = self._communications(self.customer).filtered(lambda each: each.state == "sent")
        self.assertEqual(
            [(each.notice, each.date_sent) for each in sent], [(False, self.TODAY), ("account_statement", tomorrow)]
        )

    def test_it_counts_as_a_contact_by_policy(self):
        self._invoice(self.customer.partner_id, 3)
        self.policy.write(
            {"minimum_gap_days": 3, "schedule_id": self._schedule({"days": 4}).id, "entry_step_id": False}
        )
        self._prepare()
        self._deliver()
        tomorrow = self.TODAY + timedelta(days=1)
        self.assertEqual(self._run(tomorrow)["no_contact"], {"too_soon": 1})
        self.env.cr.execute(
            "UPDATE ar_communication SET is_uncounted = TRUE WHERE customer_id = %s", [self.customer.id]
        )
        self.env.invalidate_all()
        self.assertEqual(sum(self._run(tomorrow)["contacted"].values()), 1)

    def test_one_that_does_not_count_waits_for_no_limit_but_for_its_day(self):
        self._invoice(self.customer.partner_id, 4)
        self.policy.write({"statement_counts": False, "minimum_gap_days": 5})
        self._run()
        self._prepare()
        self.assertEqual(len(self._deliver()), 1)  # the reminder
        tomorrow = self.TODAY + timedelta(days=1)
        self.assertEqual(len(self._deliver(tomorrow) + self._deliver(tomorrow)), 1)
        self.assertTrue(self._communications(self.customer)[-1].is_uncounted)

    # === TRUE AT THE MOMENT OF SENDING === #

    def test_what_changed_since_is_written_anew(self):
        other = self._invoice(self.customer.partner_id, -5, 40.0)
        self._prepare()
        self._pay(other)
        mail = self._deliver() + self._deliver()
        self.assertEqual(len(mail), 1)
        self.assertNotIn(other.name, mail[0]["body"])
        self.assertIn(self.invoice.name, mail[0]["body"])
        first, second = self._communications(self.customer)
        self.assertEqual((first.cancel_reason, second.state), ("outdated", "sent"))
        self.assertEqual(self._statements().communication_id, second)

    def test_nothing_is_sent_once_all_is_paid(self):
        statement = self._prepare()
        self._pay(self.invoice)
        self.assertFalse(self._deliver() + self._deliver())
        self.env.invalidate_all()
        self.assertEqual((statement.state, statement.reason), ("left_out", "nothing_due"))

    def test_a_disputed_item_is_listed_but_not_asked_for(self):
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        with self._on():
            self.env["ar.dispute"].with_user(self.collector)._raise_dispute(
                self.customer, requested={self._debt(self.invoice).id: Decimal(100)}, reason=reason, note="Too much"
            )
        self.env["ar.communication"].sudo().search([("notice", "=", "dispute_received")])._cancel("outdated")
        statement = self._prepare()
        self.assertFalse(statement.communication_id.line_ids)
        (mail,) = self._deliver()
        self.assertIn(self.invoice.name, mail["body"])
        self.assertIn("In dispute", mail["body"])
        self.assertNotIn("late", mail["body"])

    def test_deliveries_are_compared_together_and_each_is_verified(self):
        """What changes after the books were read for all is noticed for this customer, and for no other."""
        others = [self._late(overdue_days=-10, name=f"P{n}", email=f"p{n}@customer.example.com") for n in range(3)]
        self._prepare()
        (paid_by, invoice), (changed, listed), _other = others
        checked, log, prepare = [], type(self.env["ar.communication"]), MailMail._prepare_group
        check = log._check_before_sending

        def change(mails, group):
            found = prepare(mails, group)
            if not checked and len(group) > 1:
                self._pay(invoice, 40.0)
                statement = self.env["ar.customer.statement"].sudo().search([("customer_id", "=", changed.id)])
                statement.contents = {**statement.contents, "sections": []}
                self.env.flush_all()
            return found

        def note(communications):
            checked.extend(communications.customer_id)
            return check(communications)

        with patch.object(MailMail, "_prepare_group", change), patch.object(log, "_check_before_sending", note):
            mails = self._deliver()
        self.assertEqual(set(checked[:2]), {paid_by, changed})
        self.assertEqual(len(mails), 4)
        bodies = {mail["email_to"][0].rpartition("<")[2].strip(">"): mail["body"] for mail in mails}
        self.assertIn("60.00", bodies["p0@customer.example.com"])
        self.assertIn(listed.name, bodies["p1@customer.example.com"])

    def test_queries_of_a_delivery(self):
        for number in range(MAILS - 1):
            self._late(overdue_days=-10, name=f"P{number}", email=f"p{number}@customer.example.com")
        self.policy.statement_kind = "activity"
        self._prepare()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self._deliver()), MAILS)
        self.assertLessEqual((self.env.cr.sql_log_count - before) / MAILS, MOST_QUERIES)

    # === WHO GETS NONE === #

    def test_who_gets_none_is_listed_with_the_reason(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Key account"})
        nobody = self._late(name="No Address", email=False)[0]
        idle = self._customer(self._partner(name="Idle"))
        statements = self._prepare() | self._statements(nobody)
        self.assertEqual(
            {each.customer_id: each.reason for each in statements}, {self.customer: "excluded", nobody: "no_address"}
        )
        self.assertFalse(self._statements(idle))
        self.assertFalse(self._deliver())

    # === DOCUMENTS === #

    def test_invoices_are_attached_as_far_as_they_fit(self):
        self.policy.write({"statement_pdf": True, "statement_invoices": True, "statement_size_mb": 1})
        large = self._invoice(self.customer.partner_id, -5, 40.0)
        for invoice, size in ((self.invoice, 1000), (large, 1100 * 1024)):
            self.env["ir.attachment"].create(
                {
                    "name": "invoice.pdf", "raw": b"%PDF" + b"0" * size, "mimetype": "application/pdf",
                    "res_model": "account.move", "res_id": invoice.id, "res_field": "invoice_pdf_report_file",
                }
            )  # fmt: skip
        self.env.invalidate_all()
        statement = self._prepare()
        (mail,) = self._deliver()
        self.assertIn("as far as they fit", mail["body"])
        attached = statement.communication_id.attachment_ids
        self.assertIn(self.invoice.invoice_pdf_report_id, attached)
        self.assertNotIn(large.invoice_pdf_report_id, attached)
        self.assertTrue(attached.filtered(lambda each: "Statement" in each.name))

    # === SETTINGS AND PEOPLE === #

    def test_a_schedule_needs_a_template(self):
        for values in ({"statement_template_id": False}, {"statement_template_id": self._partner_template().id}):
            with self.assertRaises(ValidationError):
                self.policy.write(values)
        run_migration(self.env, "19.0.1.9.0/post-statements.py", None)
        self.env.cr.execute("UPDATE ar_credit_policy SET statement_template_id = NULL")
        run_migration(self.env, "19.0.1.9.0/post-statements.py", "19.0.1.8.0")
        template = self.env.ref("ar_collections.mail_template_account_statement")
        self.assertEqual(self.policy.statement_template_id, template)

    def _partner_template(self):
        model = self.env["ir.model"]._get("res.partner")
        return self.env["mail.template"].create({"name": "Other", "model_id": model.id})

    def test_a_person_sends_statements_to_a_selection(self):
        self.policy.statement_frequency = False
        excluded = self._late(name="Excluded")[0]
        excluded.write({"excluded": True, "exclusion_reason": "Key account"})
        customers = (self.customer | excluded).with_user(self.collector)
        with self._on():
            action = customers.action_send_statements()
            self.assertIn("Excluded from reminders", action["params"]["message"])
            customers[0].action_send_statements()  # pressed twice
        self.assertEqual(sorted(self._statements().mapped("state")), ["left_out", "prepared"])
        self.assertEqual(len(self._deliver()), 1)
        with self._on():
            customers[0].action_send_statements()  # again, by a person
        self.assertEqual(len(self._deliver()), 1)
        auditor = self._user("auditor")
        with self.assertRaises(UserError):
            self.customer.with_user(auditor).action_send_statements()

    # === IDENTITY AND SPEED === #

    def test_merged_accounts_keep_one_statement_of_a_day(self):
        other = self._late(overdue_days=-3, name="Other Payer", email="other@customer.example.com")[0]
        self._prepare()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.customer | other).partner_id.ids, self.customer.partner_id)
        self.env.invalidate_all()
        self.assertEqual(len(self._statements(self.customer | other)), 1)
        mails = self._deliver() + self._deliver()
        self.assertEqual(len(mails), 1)

    def test_merged_accounts_keep_the_statement_that_is_sent(self):
        other = self._late(overdue_days=-3, name="Other Payer", email="other@customer.example.com")[0]
        self.customer.partner_id.email = False
        self._prepare()
        self.assertEqual(self._statements().reason, "no_address")
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.customer | other).partner_id.ids, self.customer.partner_id)
        self.assertEqual(self._statements(self.customer | other).state, "prepared")
        self.assertEqual(len(self._deliver() + self._deliver()), 1)

    def test_queries_do_not_grow_with_the_customers(self):
        def count(number):
            customers = self.env["ar.customer"].union(*(self._customer(p) for p in self._partners(number)))
            self._invoices(customers.partner_id, 4)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on():
                self.env["ar.customer.statement"].sudo()._prepare(customers, self.policy, self.TODAY, self.TODAY)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        spent = {number: count(number) for number in (1, 4, 24)}
        self.assertLessEqual(spent[24], spent[4] + 4, spent)
