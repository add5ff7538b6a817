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
            self.assertFalse(self.invoice.ar_arrival_ids)  # no failure yet: it is tried again
            self._work_queue()  # it waits for some minutes
            self.assertEqual(self._mail().ar_attempts, 1)
            self._mail().scheduled_date = False
            server.behave = "data"
            self._work_queue()
            row = self.assertState(self.invoice, "failed")
            self.assertIn("not this text", row.message)
            self.assertEqual(self.invoice.ar_arrival_ids.mapped("kind"), ["failed"])
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

    def test_canceled_or_deleted_in_the_queue(self):
        self._mail().cancel()
        self._turn(hours=1)
        row = self.assertState(self.invoice, "failed")
        self.assertEqual(len(self._problems(row)), 1)
        row.action_send()
        self._turn()
        self.assertState(self.invoice, "queued")
        self._mail().unlink()
        self._turn(hours=1)
        self.assertEqual(len(self._problems(self.assertState(self.invoice, "unknown"))), 1)


@tagged("post_install", "-at_install")
class TestSendingRecipients(SendingCommon):
    """An invoice that several people get: each email succeeds or fails alone."""

    def setUp(self):
        super().setUp()
        names = ("Yan", "Zoe")  # Odoo makes one email for both
        clerks = [
            self._partner(name=name, email=f"{name}@customer.example.com".lower(), parent_id=self.partner.id)
            for name in names
        ]
        colleague = self._user("auditor").partner_id
        colleague.email = "colleague@example.com"
        self.invoice = self._bill()
        self.invoice.message_subscribe([*(clerk.id for clerk in clerks), colleague.id])
        self._turn()
        self.enterContext(mute_logger(*MAIL_LOGS, PROBLEM_LOG))

    def _work(self, server):
        """Work the mail queue without the pause between attempts; return to whom emails went by now."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).scheduled_date = False
        self._work_queue()
        return sorted(message["To"].addresses[0].username for message in server.messages)

    def test_one_is_refused(self):
        with self._smtp() as server:
            server.refused = {"zoe@", "colleague@"}
            self.assertEqual(self._work(server), ["payer", "yan"])
        row = self.assertState(self.invoice, "failed")
        self.assertIn("nobody of that name", row.message)
        self.assertIn("2 of 3", row.message)

    def test_one_is_refused_for_now(self):
        with self._smtp() as server:
            server.replies = {"zoe@": "450 later", "colleague@": "550 nobody of that name"}
            for _attempt in range(2):
                self.assertEqual(self._work(server), ["payer", "yan"])
                self.assertState(self.invoice, "queued")
            server.replies.pop("zoe@")
            self.assertEqual(self._work(server), ["payer", "yan", "zoe"])
        self.assertFalse(self._problems(self.assertState(self.invoice, "sent")))  # whatever a colleague's mailbox does

    def test_changed_when_one_has_it_already(self):
        with self._smtp() as server:
            server.replies = {"zoe@": "450 later", "colleague@": "550 nobody of that name"}
            self._work(server)
            self._reset(self.invoice, **self._line(self.invoice, 90))
            server.replies.pop("zoe@")
            self.assertEqual(self._work(server), ["payer", "yan"])
            self._turn(hours=1)
            self.assertEqual(self._work(server), ["payer", "yan"])
            row = self.assertState(self.invoice, "failed")
            self.assertIn("2 of 3", row.message)
            row.action_send()  # a person decides that both get the new version
            self._turn()
            self.assertEqual(self._work(server), ["payer", "payer", "yan", "yan", "zoe"])
