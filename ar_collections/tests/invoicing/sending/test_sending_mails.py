from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import MAIL_LOGS, PROBLEM_LOG
from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestSendingMails(SendingCommon):
    """What became of the emails, with a real mail server."""

    def setUp(self):
        super().setUp()
        self.invoice = self._bill()
        self._turn()
        self.assertState(self.invoice, "queued")
        self.enterContext(mute_logger(*MAIL_LOGS, PROBLEM_LOG))

    def _mail(self):
        self.env.invalidate_all()
        return self.env["mail.mail"].search([("ar_sending_id.move_id", "=", self.invoice.id)])

    def test_delivered(self):
        with self._smtp() as server:
            self._work_queue()
            self._work_queue()
        self.assertEqual([message["To"] for message in server.messages], ["Patient Payer <payer@customer.example.com>"])
        self.assertState(self.invoice, "sent")

    def test_refused_for_now_and_for_ever(self):
        with self._smtp() as server:
            server.behave = "later"
            self._work_queue()
            self.assertState(self.invoice, "queued")
            self.assertEqual(self._mail().ar_attempts, 1)
            self._work_queue()  # it waits for some minutes
            self.assertEqual(self._mail().ar_attempts, 1)
            self._mail().scheduled_date = False
            server.behave = "data"
            self._work_queue()
            row = self.assertState(self.invoice, "failed")
            self.assertIn("not this text", row.message)
            self.assertEqual(len(self._problems(row)), 1)
            self._work_queue()
            self.assertEqual(server.messages, [])
            server.behave = "accept"
            row.action_send()
            self._turn()
            self._work_queue()
        self.assertEqual(len(server.messages), 1)
        self.assertFalse(self._problems(self.assertState(self.invoice, "sent")))

    def test_taken_without_an_answer_is_unknown(self):
        with self._smtp() as server:
            server.behave = "hang"
            self._work_queue()
            row = self.assertState(self.invoice, "unknown")
            self.assertEqual(len(self._problems(row)), 1)
            server.behave = "accept"
            self._work_queue()
            self._turn(hours=24)
            self._work_queue(self.TODAY + timedelta(days=1))
            self.assertEqual(len(server.messages), 1)
            self._row(self.invoice).action_mark_sent()
        self.assertFalse(self._problems(self.assertState(self.invoice, "sent")))

    def test_a_delivery_that_began_in_a_dead_process_is_unknown(self):
        self._mail().ar_began = True  # committed before SMTP
        with self._smtp() as server:
            self._work_queue()
        self.assertEqual(server.messages, [])
        row = self.assertState(self.invoice, "unknown")
        self.assertIn("not known", row.message)
        self.assertEqual(self._mail().state, "exception")
        status = self.env["mail.notification"].search([("mail_mail_id", "in", self._mail().ids)])
        self.assertEqual(set(status.mapped("notification_status")), {"exception"})

    def test_no_mail_server(self):
        with self._smtp() as server:
            self.env["ir.mail_server"].sudo().search([]).smtp_port = 1
            self._work_queue()
            self.assertState(self.invoice, "queued")
            problem = self.env["ar.problem"]._search_open(self.company, "delivery")
            self.assertIn("invoices waiting: 1", problem.message)
            self.env["ir.mail_server"].sudo().search([]).smtp_port = server.port
            self._work_queue()
        self.assertEqual(len(server.messages), 1)
        self.assertState(self.invoice, "sent")

    def test_an_invalid_address_is_a_failure(self):
        self._mail().mail_message_id.notification_ids.res_partner_id.email = "no address"
        with self._smtp() as server:
            self._work_queue()
        self.assertEqual(server.messages, [])
        self.assertState(self.invoice, "failed")

    def test_reset_to_draft_while_it_is_in_the_queue(self):
        self.invoice.button_draft()
        self.assertFalse(self._deliver())
        self.assertState(self.invoice, "held", "draft")
        self.invoice.write(self._line(self.invoice, 200))
        self.invoice.action_post()
        self._turn()
        (mail,) = self._mails_of(self.invoice)  # once, with the new amount
        self.assertIn("200.00", mail["body"])
        self.assertState(self.invoice, "sent")

    def test_not_to_send_while_it_is_in_the_queue(self):
        self._row(self.invoice).action_not_to_send()
        self.assertFalse(self._deliver())
        self.assertState(self.invoice, "not_to_send")
        self._turn(hours=24)
        self._night()
        self.assertState(self.invoice, "not_to_send")
