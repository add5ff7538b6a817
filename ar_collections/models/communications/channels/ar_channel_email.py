from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all, html2plaintext
from odoo.tools.mail import formataddr

from ....core.communications.display_name import shorten_name
from ....core.communications.known_html import KnownHtml, has_text
from ....formats import get_formats
from ..mail.mail_message import Sanitized
from .failures import told_shortly

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
    _icon = "fa-envelope-o"

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
        for template, group in communications.grouped(lambda c: c._get_template()).items():
            with told_shortly(template):
                self._render_by_template(template, group)

    @api.model
    def _render_by_template(self, template, communications):
        """Write the texts of messages that have the same template."""
        self._check_template(template, communications)
        template = template.with_context(ar_keep_compiled=True, ar_formats=get_formats(communications.env))
        subjects = template._render_field("subject", communications.ids, compute_lang=True)
        options = {"post_process": True}
        bodies = template._render_field("body_html", communications.ids, compute_lang=True, options=options)
        for communication in communications:
            body = communication._keep_direction(bodies[communication.id])
            communication.write({"subject": subjects[communication.id], "body": body})
            self._check_text(communication, communication.subject, communication.body)

    @api.model
    def _check_template(self, template, communications):
        """Check that the messages have a template.

        :raise UserError: where it was removed
        """
        if not template.exists():
            name = communications[:1].display_title
            raise UserError(self.env._("The email template of “%(step)s” was removed: choose another one.", step=name))

    @api.model
    def _check_text(self, communication, *texts):
        """Check that no text of a message is empty: nothing empty is sent.

        :raise UserError: with the name of the template
        """
        if not all(has_text(text or "") or html2plaintext(text or "").strip() for text in texts):
            raise UserError(
                self.env._(
                    "The message to %(customer)s would be empty: check the email template “%(template)s” and the "
                    "layout of messages.",
                    customer=communication.customer_id.display_name,
                    template=communication._get_template().name or communication.display_title,
                )
            )

    @api.model
    def _get_addresses(self, rows):
        """Override to return each address once, also where two contacts have the same one."""
        pairs = {}
        for row in rows:
            for address in row["emails"]:
                pairs.setdefault(address, row["id"])
        return pairs

    @api.model
    def _send(self, communications):
        """Override to put the rendered e-mails into Odoo's mail queue; each is checked again before it is sent.

        Messages, mails, recipients and notifications are created in one batch each.
        """
        if not communications:
            return
        for communication, message in zip(communications, self._create_messages(communications), strict=True):
            communication.message_id = message
        self._create_recipients([(c, *pair) for c in communications for pair in self._get_planned_pairs(c)])

    @api.model
    def _get_planned_pairs(self, communication):
        """Return [(address, partner)] of a communication that is queued; they are decided anew at delivery."""
        owners = {
            address: partner
            for partner in reversed(communication.recipient_ids)
            for address in email_normalize_all(partner.email or "")
        }
        addresses = (communication.email_to or "").split(",")
        return [(each, owners.get(each, communication.recipient_ids[:1])) for each in addresses if each]

    @api.model
    def _create_recipients(self, planned):
        """Create the recipients, each with its mail and its notification in the chatter.

        :param list planned: (communication, address, partner)
        """
        if not planned:
            return
        layouts = {}
        for communication in dict.fromkeys(row[0] for row in planned):
            with told_shortly(communication._get_template()):
                layouts[communication] = self._in_layout(communication)
        # sudo: users may send messages to customers, and have no access to the mail queue.
        queue = self.env["mail.mail"].sudo()
        mails = queue.create([self._prepare_mail_vals(c, partner, layouts[c]) for c, _address, partner in planned])
        rows = list(zip(planned, mails, strict=True))
        self.env["ar.communication.recipient"].sudo().create(  # users have no create access to the log
            [
                {
                    "communication_id": communication.id,
                    "company_id": communication.company_id.id,  # as in `_prepare_communication_vals`
                    "partner_id": partner.id,
                    "address": address,
                    "mail_mail_id": mail.id,
                    "date": fields.Datetime.now(),
                }
                for (communication, address, partner), mail in rows
            ]
        )
        self._create_notifications(rows)

    @api.model
    def _create_messages(self, communications):
        """Create the messages in the customers' chatter; they get the Message-ID that bounces and replies refer to."""
        values = self._prepare_message_vals(communications)
        sanitized = self._sanitize_bodies(values)
        # The author is the collector, whoever the user is.
        return self.env["mail.message"].sudo().with_context(ar_sanitized=sanitized).create(values)

    @api.model
    def _sanitize_bodies(self, values):
        """Sanitize the bodies of messages in their values, in place; one of another kind is left as it is.

        The field would do it with each alone, which takes longer than writing them.

        :param list values: of the messages
        :return: the bodies that are done
        :rtype: Sanitized
        """
        messages = self.env["mail.message"]
        known = KnownHtml(lambda text: messages._fields["body"].convert_to_cache(text, messages))
        done = set()
        for row in values:
            body = known.clean(row["body"] or "")
            if body is not None:
                row["body"] = Markup(body)
                done.add(body)
        return Sanitized(done)

    @api.model
    def _prepare_message_vals(self, communications):
        """Return the values of the messages, with their present texts and senders."""
        senders = {communication: self._get_sender(communication) for communication in communications}
        subtype = self.env.ref("mail.mt_comment")
        customers = communications.customer_id.sudo()  # the reply address is computed from the thread's alias
        reply_to = customers._notify_get_reply_to_batch(
            defaults={c.customer_id.id: email for c, (email, _author) in senders.items()},
            author_ids={c.customer_id.id: author.id for c, (_email, author) in senders.items()},
        )
        return [
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
            }
            for communication in communications
        ]

    @api.model
    def _prepare_mail_vals(self, communication, partner, html):
        """Return the values of the queued mail for one recipient.

        :param html: the message in the company's layout, see `_in_layout`
        """
        return {
            "mail_message_id": communication.message_id.id,
            "body_html": html,
            "recipient_ids": [Command.set(partner.ids)],
            "auto_delete": False,
            # Asks mail servers not to send out-of-office notices; it does not affect the replies of people.
            "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}),
            "state": "outgoing",
        }

    @api.model
    def _create_notifications(self, rows):
        """Create the notifications that show the delivery state in the chatter.

        A contact has at most one for a message; a further address of it is shown by itself.

        :param list rows: ((communication, address, partner), mail)
        """
        messages = self.env["mail.message"].browse({communication.message_id.id for (communication, *_), _mail in rows})
        # sudo: what others were notified of counts, so that nobody is notified twice; nothing of it is shown.
        shown = {(row.mail_message_id, row.res_partner_id) for row in messages.sudo().notification_ids}
        values = []
        for (communication, address, partner), mail in rows:
            key = communication.message_id, partner
            first = partner and key not in shown
            whom = {"res_partner_id": partner.id} if first else {"mail_email_address": address}
            shown.add(key)
            values.append(
                {
                    "author_id": communication.message_id.author_id.id,
                    "mail_message_id": communication.message_id.id,
                    "mail_mail_id": mail.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                    **whom,
                }
            )
        self.env["mail.notification"].sudo().create(values)  # as the message

    @api.model
    def _get_preview(self, communication):
        """Override to return the mail with the company's header and footer."""
        return self._in_layout(communication)

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
        self._check_text(communication, html)
        base_url = communication.customer_id.get_base_url()
        return self.env["mail.render.mixin"]._replace_local_links(html, base_url=base_url)

    @api.model
    def _get_sender(self, communication):
        """Return the sender (formatted address, partner): the collector, unless archived, else the company.

        :raise UserError: when neither has a valid e-mail address
        """
        company, user = communication.company_id, communication.user_id
        for author in (user.filtered("active").partner_id, company.partner_id):
            if author.email_normalized:
                name = shorten_name(author.name or "")
                short = author.email_formatted if name == author.name else formataddr((name, author.email_normalized))
                return short, author
        raise UserError(
            self.env._(
                "No sender for reminders of %(company)s: set an email address on the company or assign a collector.",
                company=company.name,
            )
        )
