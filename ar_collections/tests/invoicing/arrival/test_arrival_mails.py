from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ...common import MAIL_LOGS
from .common_arrival import ArrivalCommon


class TestArrivalMails(ArrivalCommon):
    """What happens to Odoo's own mails of invoices, over a real SMTP connection and with real bounces."""

    def test_sent_and_delivered_and_bounced(self):
        self.assertEqual(self._state(self.invoice), "not_sent")
        (message,) = self._send(self.invoice)
        (fact,) = self.invoice.ar_arrival_ids
        self.assertEqual((fact.kind, fact.address, fact.date), ("sent", "payer@customer.example.com", self.TODAY))
        self.assertEqual((fact.domain, fact.debtor_id), ("customer.example.com", self.customer.partner_id))
        self.assertEqual(self._state(self.invoice, self.TODAY), "sent")
        self.assertEqual(self._state(self.invoice, self.tomorrow), "delivered")
        self.assertIn("payer@customer.example.com", self.invoice.ar_arrival_text)
        self._bounce_of(message, day=self.tomorrow)
        self._bounce_of(message, day=self.tomorrow)  # a mail server that says it twice
        self.assertEqual(self._kinds(self.invoice), ["sent", "bounced"])
        self.assertEqual(self._state(self.invoice, self.tomorrow), "bounced")
        with self._on(self.tomorrow):
            self.assertIn("Came back", self.invoice.ar_arrival_text)
        notification = self.invoice.message_ids.notification_ids.filtered(lambda each: each.failure_type)
        notification.sudo().write({"notification_status": "sent", "failure_type": False})  # sent once more by a person
        with self._on(self.tomorrow):
            self.env["ar.invoice.arrival"].sudo()._record_mails(notification.mail_message_id)
        self.assertEqual(self._state(self.invoice, self.tomorrow), "sent")

    def test_refused_and_unreachable_are_failures_with_a_reason(self):
        self.assertFalse(self._send(self.invoice, refused=["payer@"]))
        fact = self.invoice.ar_arrival_ids
        self.assertEqual((fact.kind, self._state(self.invoice)), ("failed", "failed"))
        self.assertIn("nobody of that name", fact.reason)

    def test_an_unreachable_server_is_a_failure_until_the_mail_is_sent_again(self):
        with self._smtp() as server, mute_logger(*MAIL_LOGS), self._on():
            servers = self.env["ir.mail_server"].sudo().search([])
            servers.smtp_port = 1  # no server listens on this port
            self.env["account.move.send"]._generate_and_send_invoices(self.invoice, sending_methods=["email"])
            self.env["mail.mail"].sudo().process_email_queue()
            self.assertTrue(self.invoice.is_move_sent)
            self.assertEqual((self._kinds(self.invoice), self.invoice.ar_arrival_state), (["failed"], "failed"))
            servers.smtp_port = server.port
            mail = self.env["mail.mail"].sudo().search([("model", "=", "account.move")])
            mail.mark_outgoing()
            self.env["mail.mail"].sudo().process_email_queue()
        self.assertEqual((len(server.messages), self._kinds(self.invoice)), (1, ["failed", "sent"]))
        rows = self.env["ar.deliverability"].search([("move_id", "=", self.invoice.id)])
        self.assertEqual(rows.mapped("outcome"), ["sent"])  # one email

    def test_of_several_recipients_each_has_its_own_outcome(self):
        other = self._partner(name="Accounts", parent_id=self.customer.partner_id.id, email="acc@customer.example.com")
        partners = self.customer.partner_id | other
        self._send(self.invoice, refused=["payer@"], mail_partner_ids=partners.ids)
        found = {fact.address.partition("@")[0]: fact.kind for fact in self.invoice.ar_arrival_ids}
        self.assertEqual(found, {"payer": "failed", "acc": "sent"})
        self.assertEqual(self._state(self.invoice, self.tomorrow), "delivered")

    def test_a_bounce_is_of_the_address_it_was_sent_to_whatever_it_is_now(self):
        old, partner = "payer@customer.example.com", self.customer.partner_id
        (message,) = self._send(self.invoice)
        partner.email = "new@customer.example.com"
        self._bounce_of(message)
        facts = self.invoice.ar_arrival_ids.sorted("id")
        self.assertEqual(facts.mapped("kind"), ["sent", "bounced"])
        self.assertEqual({(fact.address, fact.route) for fact in facts}, {(old, old)})
        self.assertEqual(self._state(self.invoice, self.tomorrow), "bounced")
        partner.email = old
        other = self._partner(name="Accounts", parent_id=partner.id, email="acc@customer.example.com")
        second = self._invoice(partner, 4)
        messages = self._send(second, mail_partner_ids=(partner | other).ids)
        partner.email = "new@customer.example.com"
        for _time in range(2):
            self._bounce_of(messages[0])
        kinds = [(fact.kind, fact.address) for fact in second.ar_arrival_ids.sorted("id")]
        self.assertEqual(sorted(kinds), [("bounced", old), ("sent", "acc@customer.example.com"), ("sent", old)])
        self.assertEqual(self._state(second, self.tomorrow), "delivered")

    def test_a_bounce_that_comes_to_the_catchall_address_is_seen(self):
        """Some providers ignore the return path and answer to the sender."""
        (message,) = self._send(self.invoice)
        self._bounce_of(message, to=f"{self.alias_catchall}@{self.alias_domain}")
        self.assertEqual(self._kinds(self.invoice), ["sent", "bounced"])

    def test_a_forwarded_mail_comes_back_from_its_only_recipient(self):
        (message,) = self._send(self.invoice)
        for _time in range(2):
            self._bounce_of(message, address="elsewhere@another.example.com")
        self.assertEqual(self._kinds(self.invoice), ["sent", "bounced"])
        self.assertEqual(self.invoice.ar_arrival_ids[0].address, "payer@customer.example.com")

    def test_an_invoice_without_an_address_is_a_failure_although_odoo_marks_it_as_sent(self):
        self.customer.partner_id.email = False
        self._send(self.invoice, mail_partner_ids=[])
        self.assertTrue(self.invoice.is_move_sent)
        self.assertEqual((self._kinds(self.invoice), self._state(self.invoice)), (["failed"], "failed"))

    def test_printed_is_assumed(self):
        self._send(self.invoice, methods=["manual"])
        self.assertEqual((self._kinds(self.invoice), self._state(self.invoice)), (["printed"], "printed"))
        other = self._invoice(self.customer.partner_id, 4)
        other.is_move_sent = True  # by a person, or an import: no evidence
        self.assertEqual(self._state(other), "not_sent")
        self.assertIn("Marked as sent", other.ar_arrival_text)

    def test_the_peppol_network_confirms_or_refuses(self):
        with self._on():
            self.invoice._record_peppol("processing")
        self.assertEqual(self._state(self.invoice, self.tomorrow), "sent")  # waiting proves nothing
        with self._on(self.tomorrow):
            self.invoice._record_peppol("error")
            self.assertEqual(self.invoice.ar_arrival_state, "failed")
            self.invoice._record_peppol("done")
            self.assertEqual(self.invoice.ar_arrival_state, "delivered")
        self.assertIn("(peppol)", self.invoice.ar_arrival_text)

    def test_messages_that_are_no_invoice_are_no_evidence(self):
        with self._on():
            self.invoice.message_post(
                body="Did you see it?", partner_ids=self.customer.partner_id.ids, message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )  # fmt: skip
            self.invoice.message_notify(body="Look", partner_ids=self.collector.partner_id.ids)
            with self._smtp():
                self.env["mail.mail"].sudo().process_email_queue()
        self.assertEqual(self._kinds(self.invoice), [])

    def test_another_amount_or_debtor_is_another_document(self):
        self._send(self.invoice)
        self.assertEqual(self._state(self.invoice, self.tomorrow), "delivered")
        self.invoice.button_draft()
        self.invoice.action_post()
        self.assertEqual(self._state(self.invoice, self.tomorrow), "delivered")
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 120
        self.invoice.action_post()
        self.assertEqual(self._state(self.invoice, self.tomorrow), "not_sent")
        self.assertEqual(self._kinds(self.invoice), ["sent"])

    def test_a_merged_contact_keeps_what_happened(self):
        self._send(self.invoice)
        other = self._partner(name="The same")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard.sudo()._merge((self.customer.partner_id | other).ids, other)
        self.env.invalidate_all()
        self.assertEqual(self._state(self.invoice, self.tomorrow), "delivered")

    def test_what_odoo_sent_before_is_read_once(self):
        with patch.object(type(self.env["ar.invoice.arrival"]), "_record_mails", lambda *_args: None):
            self._send(self.invoice)
        self.assertEqual(self._kinds(self.invoice), [])
        for _time in range(2):
            self.env["ar.invoice.arrival"].sudo()._import_mails()
        self.assertEqual(self._kinds(self.invoice), ["sent"])
        self.assertEqual(self.invoice.ar_arrival_ids.date, self.TODAY)

    def test_a_failure_of_ours_does_not_keep_odoo_from_sending(self):
        broken = patch.object(type(self.env["ar.invoice.arrival"]), "_store_mails", side_effect=ValueError("broken"))
        with broken, mute_logger("odoo.addons.ar_collections.models.customers.core_flow"):
            self.assertEqual(len(self._send(self.invoice)), 1)

    def test_it_is_append_only_and_read_by_the_roles_of_the_company(self):
        self._send(self.invoice)
        fact = self.invoice.ar_arrival_ids
        for change in (lambda: fact.write({"kind": "viewed"}), fact.unlink):
            with self.assertRaises(UserError):
                change()
        elsewhere = self._create_company(name="Elsewhere")
        stranger = self._user("credit_manager", login="arrival-elsewhere", company_id=elsewhere.id,
                              company_ids=[Command.set(elsewhere.ids)])  # fmt: skip
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            fact.with_user(stranger).read(["address"])
        self.assertEqual(fact.with_user(self.collector).address, "payer@customer.example.com")

    def test_the_report_and_the_timeline_show_it(self):
        (message,) = self._send(self.invoice)
        self._bounce_of(message)
        rows = self.env["ar.deliverability"].with_user(self.collector).search([("move_id", "=", self.invoice.id)])
        self.assertEqual((rows.outcome, rows.domain, rows.sent), ("bounced", "customer.example.com", 0))
        self.assertEqual((rows.customer_id, rows.address), (self.customer, "payer@customer.example.com"))
        grouped = self.env["ar.deliverability"]._read_group(
            [("customer_id", "=", self.customer.id)], ["domain"], ["bounced:sum", "failed:sum"]
        )
        self.assertEqual(grouped, [("customer.example.com", 1, 0)])
        entries = (
            self.env["ar.timeline.entry"]
            .with_user(self.collector)
            .search([("customer_id", "=", self.customer.id), ("kind", "=", "invoice")], order="id")
        )
        self.assertEqual(entries.mapped("title"), [f"Sent: {self.invoice.name}", f"Bounced: {self.invoice.name}"])
