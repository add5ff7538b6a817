from odoo import Command, api, models
from odoo.exceptions import UserError

LAYOUT = "ar_collections.communication_mail_layout"


class ArChannelEmail(models.AbstractModel):
    """E-mails: bodies are rendered by template, messages and mails created in batches.

    `message_post` would take tens of milliseconds for each mail. The same records (message, notification, mail) are
    created in batches instead, so that the chatter shows the messages as usual.
    """

    _name = "ar.channel.email"
    _inherit = "ar.channel"
    _description = "Email"

    _is_dated = True
    _is_automatic = True
    _has_addresses = True
    _has_template = True
    _is_editable = True

    @api.model
    def _reaches(self, row):
        """Override to require an e-mail address that works."""
        return row["usable"]

    @api.model
    def _choose_recipients(self, rows):
        """Override to return all receivables contacts that can be reached, else the best address that can."""
        usable = [row for row in rows if self._reaches(row)]
        return [row for row in usable if row["rank"] == 0] or usable[:1]

    @api.model
    def _render(self, communications):
        """Override to render subject and body of e-mails from their templates, in each customer's language."""
        self.env["ar.outreach"]._ensure_page_links(communications.customer_id)
        for template, group in communications.grouped(lambda c: c._get_template()).items():
            subjects = template._render_field("subject", group.ids, compute_lang=True)
            bodies = template._render_field("body_html", group.ids, compute_lang=True, options={"post_process": True})
            for communication in group:
                communication.write({"subject": subjects[communication.id], "body": bodies[communication.id]})

    @api.model
    def _send(self, communications):
        """Override to put the rendered e-mails into Odoo's mail queue; each is checked again before it is sent.

        Messages, mails and notifications are created in one batch each.
        """
        if not communications:
            return
        messages = self._create_messages(communications)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(  # users have no access to the mail queue
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
        """Create the messages in the customers' chatter; they get the Message-ID that bounces and replies refer to."""
        senders = {communication: self._get_sender(communication) for communication in communications}
        subtype = self.env.ref("mail.mt_comment")
        customers = communications.customer_id.sudo()  # the reply address is computed from the thread's alias
        reply_to = customers._notify_get_reply_to_batch(
            defaults={c.customer_id.id: email for c, (email, _author) in senders.items()},
            author_ids={c.customer_id.id: author.id for c, (_email, author) in senders.items()},
        )
        return (
            self.env["mail.message"]
            .sudo()
            .create(  # the author is the collector, whoever the user is
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
                        "attachment_ids": [Command.set(self.env["ar.outreach"]._get_attachments(communication).ids)],
                    }
                    for communication in communications
                ]
            )
        )

    @api.model
    def _prepare_mail_vals(self, communication, message):
        """Return the values of the queued mail: the message in the company's layout."""
        return {
            "mail_message_id": message.id,
            "body_html": self._in_layout(communication),
            "recipient_ids": [Command.set(communication.recipient_ids.ids)],
            "auto_delete": False,
            # Asks mail servers not to send out-of-office notices; it does not affect the replies of people.
            "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}),
            "state": "outgoing",
        }

    @api.model
    def _create_notifications(self, communications):
        """Create the notifications that show the delivery state in the chatter."""
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
        """Return the HTML of the mail: the body with the company's header and footer, links made absolute."""
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
        """Return the sender (formatted address, partner): the collector, else the company.

        :raise UserError: when neither has a valid e-mail address
        """
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
