from markupsafe import Markup

from odoo import models

from ...const import FLAGS_OF_SENDERS
from ...core.replies import kinds
from ..communications.mail.origin import Origin
from ..customers.core_flow import ignore_failure


class ArCustomer(models.Model):
    """Replies are read when they arrive: they pause automatic contact, and become the collector's task."""

    _inherit = "ar.customer"

    def _message_post_after_hook(self, message, msg_values):
        """Override of `mail` to read automatic replies as well, and to note what answers the customer's inquiries."""
        result = super()._message_post_after_hook(message, msg_values)
        for customer in self:
            if customer._is_automatic_mail(message):
                with ignore_failure(self.env, "reading an automatic reply"):
                    # Mails arrive without rights on accounts.
                    customer.env["ar.reply"].sudo()._read(customer.sudo(), message, is_automatic=True)
            elif customer._is_page_request(message):
                with ignore_failure(self.env, "opening the inquiry of a request"):
                    customer.sudo()._open_inquiry(message)  # visitors have no rights
            elif customer._is_from_us(message):
                customer._answer_inquiries()
        return result

    def _is_automatic_mail(self, message):
        """Return whether a message is a mail whose headers say that it is automatic, and none of a colleague."""
        is_automatic = self.env.context.get("ar_origin") is Origin.AUTOMATIC and message.message_type == "email"
        return is_automatic and (not message.author_id or message.author_id.partner_share)

    def _is_page_request(self, message):
        """Return whether a message is a request of the customer page, which pauses nothing."""
        is_comment = message.message_type == "comment" and not message.subtype_id.internal
        return self.env.context.get("ar_origin") is Origin.PAGE and is_comment

    def _is_from_us(self, message):
        """Return whether a message is one that a colleague wrote to the customer, not an automatic notice."""
        if isinstance(self.env.context.get("ar_origin"), Origin):
            return False
        if message.message_type not in ("comment", "email") or message.subtype_id.internal:
            return False
        author = message.author_id
        return bool(author) and not author.partner_share and not message.is_internal and bool(message.subtype_id)

    def _handle_reply(self, message):
        """Override to read the reply first: whoever is out of office has not answered.

        Where it cannot be stored, the reply is handled as one that nobody has read.
        """
        self.ensure_one()
        is_answer = True
        with ignore_failure(self.env, "reading a reply"):
            reply = self.env["ar.reply"]._read(self, message)
            if reply.is_answer:
                self._open_inquiry(message, reply)
            is_answer = reply.is_answer
        return super()._handle_reply(message) if is_answer else None

    def _is_pausing_reply(self, message):
        """Override to pause as the policy says, and never where the sender is suspicious."""
        reply = self._get_reply(message)
        if not reply:
            return super()._is_pausing_reply(message)
        if any(flag["code"] in FLAGS_OF_SENDERS for flag in reply.flags or ()):
            return False
        pauses_always = self.policy_id.reply_pauses == "all"
        return pauses_always or bool(kinds.PAUSING.intersection(row["kind"] for row in reply._get_rows()))

    def _get_reply_task(self, message, reader):
        """Override to say what the reply is about, with a link to it and its warnings."""
        reply = self._get_reply(message)
        if not reply:
            return super()._get_reply_task(message, reader)
        link = reply._get_html_link(title=reader.env._("What was read, with the button to record it"))
        warnings = Markup("").join(Markup("<p>%s</p>") % text for text in reply._get_flag_texts(reader))
        return reply._get_task_text(reader), Markup("<p>%s</p>") % link + warnings

    def _get_reply(self, message):
        """Return what was read in a message of this customer; empty where it was not read."""
        return self.env["ar.reply"].sudo().search([("message_id", "=", message.id)])  # of the account at hand
