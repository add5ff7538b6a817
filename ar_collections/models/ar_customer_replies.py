from odoo import models
from odoo.tools import html2plaintext

REPLY_TYPE = "ar_collections.mail_activity_type_reply"


class ArCustomerReplies(models.Model):
    """The customer answers: the machine falls silent for some days, a person goes on."""

    _inherit = "ar.customer"

    def _message_post_after_hook(self, message, msg_values):
        """Override of `mail` to take what the customer wrote, by e-mail or on the own page, as a reply."""
        result = super()._message_post_after_hook(message, msg_values)
        for customer in self:
            if customer._is_reply(message):
                customer.sudo()._take_reply(message)  # whoever writes to us changes nothing but this
        return result

    def _is_reply(self, message):
        """Tell whether a person on the customer's side wrote the message.

        Neither colleagues nor machines do: an out-of-office notice leaves everything as it is.
        """
        if self.env.context.get("ar_no_reply") or message.is_internal or message.subtype_id.internal:
            return False
        colleague = message.author_id and not message.author_id.partner_share
        return message.message_type in ("email", "comment") and not colleague

    def _take_reply(self, message):
        """Pause automatic contact by the policy's working days, and give the collector the task to answer."""
        self.ensure_one()
        reader = self.with_context(lang=self.collector_id.lang or self.company_id.partner_id.lang)
        until = self._get_reply_pause()
        if until and (not self.pause_until or self.pause_until < until):
            self.write({"pause_until": until, "pause_reason": reader.env._("Reply from the customer")})
        if self.snooze_until:
            self.action_wake()
        words = message.subject or html2plaintext(message.body or "").strip().partition("\n")[0]
        self._add_task(REPLY_TYPE, reader.env._("Answer: %(words)s", words=words[:100]))

    def _get_reply_pause(self):
        """Return the day from which automatic contact may go on after a reply of today, if it pauses at all."""
        policy = self.policy_id
        if not policy.reply_pause_days:
            return None
        today = self.company_id._ar_today()
        return policy._get_work_calendar(today).add_workdays(today, policy.reply_pause_days + 1)
