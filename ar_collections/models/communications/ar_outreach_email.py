from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LAYOUT = "ar_collections.communication_mail_layout"


class ArOutreachEmail(models.AbstractModel):
    """The e-mail channel: bodies rendered per template, messages and mails created per batch.

    Posting through the chatter's notification path would cost tens of milliseconds a mail; here the same rows
    (message, notification, mail) are written in one go, so that the chatter shows what was sent all the same.
    """

    _inherit = "ar.outreach"

    @api.model
    def _send_email(self, communications):
        """Put the rendered e-mails into Odoo's mail queue; the gate checks each again when it is handed over."""
        self._queue(communications)

    @api.model
    def _render(self, communications):
        """Write subject and body of e-mails, in each customer's language."""
        self._ensure_page_links(communications.customer_id)
        for template, group in communications.grouped(lambda c: c._get_template()).items():
            subjects = template._render_field("subject", group.ids, compute_lang=True)
            bodies = template._render_field("body_html", group.ids, compute_lang=True, options={"post_process": True})
            for communication in group:
                communication.write({"subject": subjects[communication.id], "body": bodies[communication.id]})

    @api.model
    def _ensure_page_links(self, customers):
        """Give the customers' pages their tokens in one statement; one by one each costs a write."""
        customers.flush_recordset(["access_token"])
        self.env.cr.execute(
            SQL(
                "UPDATE ar_customer SET access_token = gen_random_uuid()::text"
                " WHERE id = ANY(%s) AND access_token IS NULL",
                customers.ids,
            )
        )
        customers.invalidate_recordset(["access_token"], flush=False)

    @api.model
    def _queue(self, communications):
        """Create message, notifications and mail of each e-mail: three batches."""
        if not communications:
            return
        messages = self._create_messages(communications)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(  # the queue belongs to the system
                [
                    self._prepare_mail_vals(communication, message)
                    for communication, message in zip(communications, messages, strict=True)
                ]
            )
        )
        for communication, message, mail in zip(communications, messages, mails, strict=True):
            communication.write({"message_id": message.id, "mail_mail_id": mail.id})
        self._create_notifications(communications)

    @api.model
    def _create_messages(self, communications):
        """Create what the customer's chatter shows; the Message-ID is fixed here, once and for all."""
        senders = {communication: self._get_sender(communication) for communication in communications}
        subtype = self.env.ref("mail.mt_comment")
        customers = communications.customer_id.sudo()  # the reply address is worked out from the thread's alias
        reply_to = customers._notify_get_reply_to_batch(
            defaults={c.customer_id.id: email for c, (email, _author) in senders.items()},
            author_ids={c.customer_id.id: author.id for c, (_email, author) in senders.items()},
        )
        return (
            self.env["mail.message"]
            .sudo()
            .create(  # written in the collector's name
                [
                    {
                        "model": "ar.customer",
                        "res_id": communication.customer_id.id,
                        "message_type": "email_outgoing",
                        "subtype_id": subtype.id,
                        "subject": communication.subject,
                        "body": communication.body,
                        "email_from": senders[communication][0],
                        "author_id": senders[communication][1].id,
                        "reply_to": reply_to[communication.customer_id.id],
                        "record_company_id": communication.company_id.id,
                        "partner_ids": [Command.set(communication.recipient_ids.ids)],
                        "attachment_ids": [Command.set(self._get_attachments(communication).ids)],
                    }
                    for communication in communications
                ]
            )
        )

    @api.model
    def _prepare_mail_vals(self, communication, message):
        """Return the queued mail: the message in the company's layout."""
        return {
            "mail_message_id": message.id,
            "body_html": self._in_layout(communication),
            "recipient_ids": [Command.set(communication.recipient_ids.ids)],
            "auto_delete": False,
            # Out-of-office notices are no answers; people's replies come through all the same.
            "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}),
            "state": "outgoing",
        }

    @api.model
    def _create_notifications(self, communications):
        """Create what shows the delivery state beside the message in the chatter."""
        self.env["mail.notification"].sudo().create(  # as the message
            [
                {
                    "author_id": communication.message_id.author_id.id,
                    "mail_message_id": communication.message_id.id,
                    "mail_mail_id": communication.mail_mail_id.id,
                    "res_partner_id": partner.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for communication in communications
                for partner in communication.recipient_ids
            ]
        )

    @api.model
    def _in_layout(self, communication):
        """Return the whole mail: the company's head and foot around the body, links absolute."""
        html = (
            self.env["ir.qweb"]
            .with_context(lang=communication.lang)
            ._render(
                LAYOUT,
                {"object": communication, "company": communication.company_id, "lang": communication.lang},
                minimal_qcontext=True,
                lang=communication.lang,
            )
        )
        base_url = communication.customer_id.get_base_url()
        return self.env["mail.render.mixin"]._replace_local_links(html, base_url=base_url)

    @api.model
    def _get_sender(self, communication):
        """Return (formatted address, partner) in whose name the reminder goes out: the collector, else the company."""
        company = communication.company_id
        for author in (communication.user_id.partner_id, company.partner_id):
            if author.email_normalized:
                return author.email_formatted, author
        raise UserError(
            self.env._(
                "No sender for reminders of %(company)s: set an email address on the company or assign a collector.",
                company=company.name,
            )
        )

    @api.model
    def _get_attachments(self, communication):
        """Return the PDFs the step asks for; those made for the communication are kept with it."""
        attachments = self._make_attachments(communication)
        if attachments:
            communication.attachment_ids = attachments
        return attachments

    @api.model
    def _make_attachments(self, communication):
        """Return the invoices the step asks for; the statement is added by overriding."""
        attachments = self.env["ir.attachment"]
        if communication.step_id.attach_invoices:
            for line in communication.line_ids.filtered(lambda line: line.kind == "item" and line.move_id):
                attachments |= line.move_id.invoice_pdf_report_id or self._attach_invoice(communication, line)
        return attachments

    @api.model
    def _attach_invoice(self, communication, line):
        """Render an invoice that has no PDF yet."""
        reports = (
            self.env["ir.actions.report"].with_context(lang=communication.lang).sudo()
        )  # the engine's own document
        content, _type = reports._render_qweb_pdf("account.account_invoices", line.move_id.ids)
        return self._attach(communication, line.name, content)

    @api.model
    def _attach(self, communication, name, content):
        """Keep a PDF with the communication it was made for."""
        return (
            self.env["ir.attachment"]
            .sudo()  # as the log itself
            .create(
                {
                    "name": f"{name.replace('/', '-')}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "ar.communication",
                    "res_id": communication.id,
                }
            )
        )
