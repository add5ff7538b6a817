from odoo import Command, api, fields, models
from odoo.tools import plaintext2html

from ...const import MASK, SHORT_PATH
from ...core.parts import count_parts, simplify
from ...core.texts import fill


class ArChannelSms(models.AbstractModel):
    """Text messages: to contacts that agreed, written from the step's text, delivered by `ar.sms.queue`."""

    _name = "ar.channel.sms"
    _inherit = "ar.channel"
    _description = "SMS"

    _is_dated = True
    _is_automatic = True
    _has_addresses = True
    _icon = "fa-mobile"

    # === RECIPIENTS === #

    @api.model
    def _reaches(self, row):
        """Override to require a number that can take text messages, and a consent."""
        number, obstacle = row.get("sms", ("", True))
        return bool(number) and not obstacle

    @api.model
    def _choose_recipients(self, rows):
        """Override to return all receivables contacts that can be reached, else the best one that can."""
        reached = [row for row in rows if self._reaches(row)]
        return [row for row in reached if row["rank"] == 0] or reached[:1]

    @api.model
    def _get_addresses(self, rows):
        """Override to return each number once, also where two contacts share it."""
        pairs = {}
        for row in rows:
            pairs.setdefault(row["sms"][0], row["id"])
        return pairs

    # === MESSAGE === #

    @api.model
    def _render(self, communications):
        """Override to fill in the texts of the steps, in each customer's language."""
        for communication in communications:
            text = self._compose(communication)
            communication.write(
                {
                    "subject": communication.step_id.with_context(lang=communication.lang).name,
                    "sms_text": text,
                    "sms_parts": count_parts(text),
                    "body": plaintext2html(text),
                }
            )

    @api.model
    def _compose(self, communication):
        """Return the text of a message; where the key of its link goes it has a mask of the same length."""
        values = communication._get_message_values()
        amounts = [table["total"] for table in values["tables"]]
        text = fill(
            communication.step_id.with_context(lang=communication.lang).sms_text or "",
            {
                "name": communication.recipient_ids[:1].name or communication.partner_id.name or "",
                "company": communication.company_id.name,
                "amount": " + ".join(amounts),
                "deadline": values["deadline"] or "",
                "link": f"{communication.customer_id.get_base_url()}{SHORT_PATH}{MASK}",
            },
        )
        return simplify(text)

    # === QUEUE === #

    @api.model
    def _send(self, communications):
        """Override to put the messages into the queue; each is checked again before it is sent."""
        for communication, message in zip(communications, self._create_messages(communications), strict=True):
            communication.message_id = message
        self._create_recipients([(c, *pair) for c in communications for pair in self._get_planned_pairs(c)])
        self._trigger_queue()

    @api.model
    def _trigger_queue(self, moment=None):
        """Let the queue run now, or at a moment (UTC)."""
        # sudo: whoever releases a message may start the queue.
        self.env.ref("ar_collections_sms.ir_cron_sms_queue").sudo()._trigger(moment)

    @api.model
    def _create_messages(self, communications):
        """Create the messages in the customers' chatter; the collector is their author, whoever the user is."""
        subtype = self.env.ref("mail.mt_note")
        messages = self.env["mail.message"].sudo()  # as for emails: the user need not be the author
        return messages.create(
            [
                {
                    "model": "ar.customer",
                    "res_id": communication.customer_id.id,
                    "message_type": "sms",
                    "subtype_id": subtype.id,
                    "body": communication.body,
                    "author_id": (communication.user_id.partner_id or communication.company_id.partner_id).id,
                    "record_company_id": communication.company_id.id,
                    "partner_ids": [Command.set(communication.recipient_ids.ids)],
                }
                for communication in communications
            ]
        )

    @api.model
    def _get_planned_pairs(self, communication):
        """Return [(number, partner)] of a communication that is queued; they are decided anew at delivery."""
        owners = {partner._ar_get_sms_number(): partner for partner in reversed(communication.recipient_ids)}
        numbers = [number for number in (communication.email_to or "").split(",") if number]
        return [(number, owners.get(number, communication.recipient_ids[:1])) for number in numbers]

    @api.model
    def _create_recipients(self, planned):
        """Create the recipients, each with the notification that shows its delivery in the chatter.

        :param list planned: (communication, number, partner)
        """
        recipients = self.env["ar.communication.recipient"].sudo()  # users have no create access to the log
        created = recipients.create(
            [
                {
                    "communication_id": communication.id,
                    "partner_id": partner.id,
                    "address": number,
                    "date": fields.Datetime.now(),
                    "sms_uuid": recipients._new_sms_uuid(),
                }
                for communication, number, partner in planned
            ]
        )
        self._create_notifications(created)

    @api.model
    def _create_notifications(self, recipients):
        """Create the notifications that show the delivery in the chatter; the gateway's reports find them."""
        self.env["mail.notification"].sudo().create(  # as for emails
            [
                {
                    "author_id": recipient.communication_id.message_id.author_id.id,
                    "mail_message_id": recipient.communication_id.message_id.id,
                    "res_partner_id": recipient.partner_id.id,
                    "sms_number": recipient.address,
                    "notification_type": "sms",
                    "notification_status": "ready",
                    "is_read": True,
                    # Known before the gateway is called, also where its first answer is lost.
                    "sms_tracker_ids": [Command.create({"sms_uuid": recipient.sms_uuid})],
                }
                for recipient in recipients
            ]
        )
