from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import PROBLEM_LOG
from .common_sending import PDF, SendingCommon, without_pdf


@tagged("post_install", "-at_install")
class TestSending(SendingCommon):
    def test_a_posted_invoice_is_sent_once(self):
        invoice = self._bill()
        row = self.assertState(invoice, "waiting")
        self.assertEqual(row.due_at, fields.Datetime.now())
        self._turn()
        row = self.assertState(invoice, "queued")
        self.assertEqual((row.methods, row.methods_text), ("email", "by Email"))
        self.assertFalse(row.sent_on)
        self._turn()  # it is in the mail queue: not again
        (mail,) = self._mails_of(invoice)
        self.assertEqual(mail["email_to"], ['"Patient Payer" <payer@customer.example.com>'])
        self.assertEqual([name for name, *_rest in mail["attachments"]], [f"{invoice.id}.pdf"])
        row = self.assertState(invoice, "sent")
        self.assertTrue(row.sent_on)
        for hours in (1, 24):
            self._turn(hours)
            self._night()
        self.assertFalse(self._mails_of(invoice))

    def test_off_by_default_and_nothing_from_before(self):
        self.policy.invoice_sending = "off"
        before = self._bill()
        self.assertFalse(self._row(before))
        self.policy.invoice_sending = "posting"
        self._turn()
        self._night()
        self._reset(before)
        self._turn()
        self.assertFalse(self._row(before))
        self.assertFalse(self._mails_of(before))
        waiting = self._bill()
        self.policy.invoice_sending = "off"
        self._turn()
        self.assertState(waiting, "held", "switched_off")
        self.company.ar_active = False
        self._turn()
        self.assertState(waiting, "held", "inactive")

    def test_daily_at_an_hour_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Tokyo"  # noon in UTC is 21:00 there
        self.policy.write({"invoice_sending": "daily", "invoice_sending_hour": 22})
        invoice = self._bill()
        self.assertEqual(str(self._row(invoice).due_at), "2026-06-10 13:00:00")
        self._turn()
        self.assertState(invoice, "waiting")
        self._turn(hours=1)
        self.assertState(invoice, "queued")

    def test_what_was_missed_is_found_at_night(self):
        with (
            patch.object(type(self.env["ar.invoice.sending"]), "_follow_posted", side_effect=ValueError),
            mute_logger("odoo.addons.ar_collections.models.customers.core_flow"),
        ):
            invoice = self._bill()
            refund = self._bill(move_type="out_refund")
        self._turn()
        self.assertState(invoice, "held", "missed")
        self.policy.invoice_sending_refunds = False
        self._night(days=0)
        self.assertState(invoice, "waiting")
        self.assertFalse(self._row(refund))
        self._turn()
        self.assertState(invoice, "queued")

    def test_a_customer_moves_to_a_policy_that_sends(self):
        off = self.policy.copy({"name": "Off", "invoice_sending": "off"})
        self.customer.policy_override_id = off
        invoices = self._bills(2)
        self.customer.policy_override_id = False
        self._night()
        self.assertFalse(self._row(invoices[0]) | self._row(invoices[1]))

    def test_invoices_of_long_ago_wait_for_a_person(self):
        old, late = (self._bill(invoice_date=self.TODAY - timedelta(days=days)) for days in (31, 30))
        self._turn()
        self.assertState(old, "held", "old")
        self.assertState(late, "queued")
        self._row(old).action_send()
        self._turn()
        self.assertState(old, "queued")
        typo = self._bill(invoice_date=self.TODAY - timedelta(days=100))
        self._reset(typo, invoice_date=self.TODAY)
        self.policy.invoice_review_older = 0
        older = self._bill(invoice_date=self.TODAY - timedelta(days=100))
        self._turn()
        self.assertState(typo, "queued")
        self.assertState(older, "queued")

    def test_judging_takes_longer_than_a_turn_has(self):
        self._require("upload", url="https://portal.example.com", is_enforced=True)
        held = self._bills(3)
        free = self._bill(self._partner(name="Free"))
        model = type(self.env["ar.invoice.sending"])
        no_time = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0)
        with (
            patch("odoo.addons.ar_collections.models.invoicing.sending.ar_invoice_sending_judge.BATCH", 1),
            patch.object(model, "_settle", lambda rows, _commit: rows.env.flush_all()),
            no_time,
        ):
            nights = [
                self.env["ar.invoice.sending"]._judge_company(self.company, self.TODAY, True) for _turn in "12345"
            ]
            self.assertIn(True, nights)  # it comes to an end
            self.assertEqual(set(held.ar_sending_ids.mapped("state")), {"held"})
            held.ar_sending_ids.sudo().judged_at = False
            for _turn in "12345":
                self.env["ar.invoice.sending"]._send_company(self.company, auto_commit=True)
        self.assertState(free, "queued")

    def _credit(self, invoice):
        """Return the posted credit note of an invoice."""
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        invoice.reversal_move_ids.action_post()
        return invoice.reversal_move_ids

    def test_credit_notes_by_the_policy(self):
        self.policy.invoice_sending = "off"
        before = self._bill()
        self.policy.invoice_sending = "posting"
        refund = self._credit(before)  # of an invoice that was sent by hand
        self._turn()
        self.assertState(refund, "queued")
        self.policy.invoice_sending_refunds = False
        self.assertFalse(self._row(self._bill(move_type="out_refund")))

    def test_credited_before_it_was_sent(self):
        invoice = self._bill()
        refund = self._credit(invoice)
        self._turn()
        self.assertState(invoice, "held", "credited")
        self.assertState(refund, "held", "credited")
        self._row(invoice).action_send()
        self._turn()
        self.assertState(invoice, "queued")
        self.assertState(refund, "queued")  # the invoice is sent, so its credit note is no surprise

    def test_amounts_to_review(self):
        self.policy.invoice_review_above = 500
        small, large = self._bill(amount=500), self._bill(amount=500.01)
        self._turn()
        self.assertState(small, "queued")
        self.assertState(large, "held", "review")
        with self.assertRaises(UserError):
            self.policy.invoice_review_above = -1

    def test_on_paper(self):
        self.partner.invoice_sending_method = "manual"
        invoice = self._bill()
        self._turn()
        row = self.assertState(invoice, "print")
        self.assertEqual(row.action_print()["report_name"], "account.report_invoice_with_payments")
        self.assertState(invoice, "print")
        row.action_mark_sent()
        self.assertState(invoice, "sent")
        self.assertEqual(self._row(invoice).user_done_id, self.env.user)
        self.assertFalse(self._mails_of(invoice))

    def test_nobody_to_send_it_to(self):
        self.partner.email = False
        invoice = self._bill()
        self._turn()
        row = self.assertState(invoice, "held", "no_receiver")
        self.assertFalse(invoice.is_move_sent)
        with mute_logger(PROBLEM_LOG):
            self._night(days=2)
            self.assertFalse(self._problems(row))
            self._night(days=3)
        self.assertEqual(self._problems(row).message, "Not sent since 2026-06-10: Nobody to send it to")
        self.assertEqual(self._problems(row).customer_id, self.customer)
        self._turn()
        self.assertEqual(self._problems(row).times, 1)
        self.partner.email = "new@customer.example.com"
        self._turn()
        self.assertState(invoice, "queued")
        self.assertFalse(self._problems(row))
        self.assertEqual(len(self._mails_of(invoice)), 1)

    def test_a_failing_report_stops_nobody_else(self):
        bad, good = self._bills(2)

        def fail(send, invoices_data):
            if bad in invoices_data:
                raise ValueError("No paper")
            without_pdf(send, invoices_data)

        with patch(PDF, fail), mute_logger(PROBLEM_LOG):
            self._turn()
            row = self.assertState(bad, "waiting", "retry")
            self.assertState(good, "queued")
            self.assertEqual(self._problems(row).message, "ValueError: No paper")
            self._turn()  # not before an hour has passed
            self.assertEqual(self._row(bad).attempts, 1)
            self._turn(hours=1)
            self._turn(hours=2)
        self.assertState(bad, "failed")
        self._turn(hours=3)
        self._row(bad).action_send()
        self._turn()
        self.assertState(bad, "queued")
        self.assertFalse(self._problems(self._row(bad)))

    def _fail_to_judge(self, *bad):
        """Return a patch in which Odoo cannot tell how these invoices are sent."""
        rows = type(self.env["ar.invoice.sending"])
        find = rows._find_methods

        def fail(row):
            if row.move_id.id in [invoice.id for invoice in bad]:
                raise ValueError("No receiver")
            return find(row)

        return patch.object(rows, "_find_methods", fail)

    @mute_logger(PROBLEM_LOG)
    def test_an_invoice_that_cannot_be_judged_stops_nobody_else(self):
        bad, good = self._bills(2)
        with self._fail_to_judge(bad):
            self._turn()
            row = self.assertState(bad, "waiting", "retry")
            self.assertState(good, "queued")
            self.assertEqual((row.attempts, self._problems(row).message), (1, "ValueError: No receiver"))
            for hours in (1, 2):
                self._turn(hours)
            self.assertState(bad, "failed")
            row.action_send()  # stored, and tried by the next turn
            self.assertState(bad, "waiting")
        self._turn(3)
        self.assertState(bad, "queued")
        good.narration = "Changed while it is in the mail queue"
        with self._fail_to_judge(bad, good):
            self.assertFalse(self._mails_of(good))
        self.assertEqual(self._problems(self.assertState(good, "failed")).message, "ValueError: No receiver")

    @mute_logger(PROBLEM_LOG)
    def test_a_company_that_fails_stops_no_other(self):
        self._bill()
        turns = []

        def send(_rows, company, auto_commit=False):
            turns.append(company)
            raise ValueError("No company")

        model = type(self.env["ar.invoice.sending"])
        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60),
            patch.object(model, "_send_company", send),
            patch.object(model, "_settle", lambda rows, _commit: rows.env.flush_all()),
            patch.object(self.env.cr, "rollback"),
        ):
            self.env["ar.invoice.sending"]._cron_send()
        self.assertIn(self.company, turns)
        problems = self.env["ar.problem"]._search_open(self.company, "invoice_checks")
        self.assertEqual(problems.message, "ValueError: No company")
        self._turn()
        self.assertFalse(problems.filtered(lambda problem: not problem.solved_on))

    @mute_logger(PROBLEM_LOG)
    def test_where_all_fail_the_others_wait(self):
        """A service that is down fails invoices that a person has to look at: few of them, and one each hour."""
        invoices = self._bills(5)
        edis = "odoo.addons.account.models.account_move_send.AccountMoveSend._get_default_extra_edis"

        def states():
            self.env.invalidate_all()
            return invoices.ar_sending_ids.mapped("state")

        with (
            patch("odoo.addons.ar_collections.core.invoicing.sending.turn.FAILURES", 2),
            patch(edis, lambda _send, _move: {"tax_office"}),
        ):
            with patch(PDF, side_effect=UserError("The service does not answer")):
                for hours, failed in ((0, 2), (0.5, 2), (1, 3), (1.5, 3)):
                    self._turn(hours)
                    self.assertEqual(states().count("failed"), failed, hours)
                stop = self._problems(self.company)
                self.assertEqual(stop.times, 2)
                self.assertIn("The service does not answer", stop.message)
            with freeze_time("2026-06-10 13:45:00"):
                invoices.ar_sending_ids.filtered(lambda row: row.state == "failed")[0].action_send()
            with self._fail_to_solve(), suppress(LockError):
                self._turn(1.75)  # a person knows better
        self.assertEqual(sorted(states()), ["failed", "failed", "queued", "waiting", "waiting"])
        self.assertFalse(stop.solved_on)
        self._turn(2)
        self.assertEqual(states().count("queued"), 3)
        self.assertTrue(stop.solved_on)

    def _fail_to_solve(self):
        """Return a patch in which somebody changes the company's problem at the moment in which it is solved."""
        problems = type(self.env["ar.problem"])
        clear = problems._clear

        def fail(problem, records, code):
            if records == self.company:
                raise LockError("Changed")
            return clear(problem, records, code)

        return patch.object(problems, "_clear", fail)

    @mute_logger(PROBLEM_LOG)
    def test_one_that_cannot_be_taken_is_counted_and_what_somebody_stored_meanwhile_stays(self):
        bad, sent = self._bills(2)
        model = type(self.env["ar.invoice.sending"])
        claim, end = model._claim, model._end_failed

        def fail(row, *args):
            claim(row, *args)
            raise ValueError("Cannot be stored")

        def mark_sent(row, *args, **options):
            if row.move_id == sent:
                row._set_sent()  # by somebody who was quicker
                row.flush_recordset()
            return end(row, *args, **options)

        with patch.object(model, "_claim", fail), patch.object(model, "_end_failed", mark_sent):
            self._turn()
            self.assertEqual(self.assertState(bad, "waiting", "retry").attempts, 1)
            for hours in (1, 2):
                self._turn(hours)
        self.assertState(bad, "failed")
        self.assertState(sent, "sent")
        self.assertFalse(self._problems(self._row(sent)))

    def test_a_web_service_may_have_been_called(self):
        invoices = self._bills(5)

        def fail(_send, invoices_data):
            raise errors[next(iter(invoices_data)).id]

        kinds = (ValueError("No paper"), UserError("Refused"), LockError("Busy"), LockError("Busy"))
        errors = dict(zip(invoices.ids, kinds, strict=False))
        errors[invoices[4].id] = ValueError("No paper")
        services = {invoices[0].id, invoices[1].id, invoices[2].id}
        edis = "odoo.addons.account.models.account_move_send.AccountMoveSend._get_default_extra_edis"
        with (
            patch(PDF, fail),
            patch(edis, lambda _send, move: {"tax_office"} if move.id in services else set()),
            mute_logger(PROBLEM_LOG),
        ):
            self._turn()
        expected = [("unknown", False), ("failed", False), ("unknown", False), ("waiting", False), ("waiting", "retry")]
        for invoice, (state, reason) in zip(invoices, expected, strict=True):
            self.assertEqual(self.assertState(invoice, state, reason).attempts, 1)

    def test_judging_creates_no_contacts(self):
        template = self.env.ref("account.email_template_edi_invoice")
        template.write({"use_default_to": False, "partner_to": False, "email_to": "clerk@elsewhere.example.com"})
        self.partner.email = False
        invoice = self._bill()
        self._row(invoice).sudo()._judge()
        self.assertEqual(self.assertState(invoice, "waiting").methods, "email")
        clerk = [("email", "=", "clerk@elsewhere.example.com")]
        self.assertFalse(self.env["res.partner"].search(clerk))
        self._turn()
        self.assertState(invoice, "queued")
        self.assertTrue(self.env["res.partner"].search(clerk))

    def test_many_are_judged_together(self):
        self.partner.invoice_sending_method = "manual"
        self._require("upload", url="https://portal.example.com")
        few, many = self._count_queries(2), self._count_queries(12)
        self.assertLess(many - few, 12)  # not one for each of ten more

    def _count_queries(self, number):
        """Return the number of queries that judging so many new invoices takes."""
        rows = self._bills(number).ar_sending_ids.sudo()
        rows = rows.browse(rows.ids)  # read together, as the scheduled action does
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        rows._judge()
        self.env.flush_all()
        self.assertEqual(set(rows.mapped("state")), {"held"})
        return self.cr.sql_log_count - before

    def _bills(self, number):
        return self._invoices([self.partner] * number, -30)
