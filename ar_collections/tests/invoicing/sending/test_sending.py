from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
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
        self.assertEqual(row.methods, "email")
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
        self.policy.sudo().invoice_sending_since = "2030-01-01"  # rows of a test have the time of its transaction
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
        self.assertFalse(self._row(invoice))
        self._night(days=0)
        self.assertState(invoice, "waiting")

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
        self._mails_of(invoice)
        self._turn()  # the invoice was sent, so its credit note is no surprise
        self.assertState(refund, "queued")

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

    def test_many_are_judged_together(self):
        self.partner.invoice_sending_method = "manual"
        self._require("upload", url="https://portal.example.com")
        few, many = self._count_queries(2), self._count_queries(12)
        self.assertLess(many - few, 12)  # not one for each of ten more

    def _count_queries(self, number):
        """Return the number of queries that judging so many new invoices takes."""
        moves = self._bills(number)
        rows = self.env["ar.invoice.sending"].sudo().search([("move_id", "in", moves.ids)])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        rows._judge()
        self.env.flush_all()
        self.assertEqual(set(rows.mapped("state")), {"held"})
        return self.cr.sql_log_count - before

    def _bills(self, number):
        return self._invoices([self.partner] * number, -30)
