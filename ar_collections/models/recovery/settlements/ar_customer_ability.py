from datetime import timedelta

from odoo import SUPERUSER_ID, models
from odoo.tools import plaintext2html

from ....core import decision as codes
from ....core.money import ZERO

TASK = "ar_collections.mail_activity_type_ability"

#: Who explains it again within these days is not paused again, so that nobody stops reminders for ever by a form.
DAYS_BETWEEN_PAUSES = 30


#: What is not asked for here: an agency has it, it is claimed in insolvency proceedings, or its payment is blocked.
ELSEWHERE = (codes.PLACED, codes.INSOLVENT, codes.PAYMENT_BLOCKED)


class ArCustomerAbility(models.Model):
    """The customer explains on its page that it cannot pay: a note, a task, and a pause of some days."""

    _inherit = "ar.customer"

    def _may_explain(self):
        """Return whether the page asks for it: the policy allows it, and something late is asked for here."""
        self.ensure_one()
        today = self.company_id._ar_today()
        return self.policy_id.ability_portal and any(
            item.is_debt
            and item.due_date < today
            and item.residual_currency > sum((part.amount for part in item.exclusions if part.code in ELSEWHERE), ZERO)
            for item in self._get_facts().items
        )

    def _explain_ability(self, reason, means, proposal):
        """Store what the customer says of its ability to pay; the caller checked the visitor's access.

        :param str reason: why it cannot pay
        :param str means: income, assets and other debts
        :param str proposal: what it offers; no amount in it is taken for anything but text
        :return: the day on which reminders may go on; None where they do not pause
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self._lock_account()  # of two requests at the same time, only the first one pauses
        today = self.company_id._ar_today()
        account = self.with_user(SUPERUSER_ID)  # the visitor may be anonymous, so the system is the author
        abilities = account.env["ar.payment.ability"]
        since = today - timedelta(days=DAYS_BETWEEN_PAUSES)
        again = abilities.search_count(
            [("customer_id", "=", self.id), ("origin", "=", "portal"), ("date", ">", since)], limit=1
        )
        values = {"reason": reason, "means": means, "proposal": proposal}
        abilities.create({**values, "customer_id": self.id, "date": today, "origin": "portal"})
        reader = account.with_context(lang=self.collector_id.lang or self.company_id.partner_id.lang)
        title = reader.env._("The customer explained on the portal that it cannot pay")
        until = None if again else account._pause_for_answer(title)
        if account.snooze_until:
            account.action_end_snooze()
        account._add_task(TASK, reader.env._("Cannot pay: %(reason)s", reason=reason[:100]), append=True)
        account.message_post(body=plaintext2html(f"{title}: {reason}"), subtype_xmlid="mail.mt_note")
        return until
