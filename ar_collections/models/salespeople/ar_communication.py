import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import GROUP_AUDITOR, SERIOUS_TONES

#: How many days back the nightly run looks for serious reminders that the salesperson was not notified of.
MISSED_DAYS = 3


class ArCommunication(models.Model):
    """Communications: their content is hidden from salespeople, who are notified of serious ones."""

    _inherit = "ar.communication"

    #: The content holds the access link to the customer's page, which salespeople must not use.
    body = fields.Html(groups=GROUP_AUDITOR)
    pay_html = fields.Html(groups=GROUP_AUDITOR)
    items_html = fields.Html(groups=GROUP_AUDITOR)
    contact_html = fields.Html(groups=GROUP_AUDITOR)
    agreement_html = fields.Html(groups=GROUP_AUDITOR)
    salesperson_notified = fields.Boolean(
        readonly=True,
        help="Whether the salesperson was notified, or no notification was needed.",
    )

    def _update_last_contact(self):
        """Override to notify the salesperson of a serious reminder or a call, once it is sent and stored."""
        result = super()._update_last_contact()
        for communication in self:
            if communication._is_serious() and not communication.salesperson_notified:
                communication._notify_salesperson()
        return result

    @api.model
    def _notify_missed_salespeople(self, company, today):
        """Send the notifications of the last days that failed, because the account was locked at that moment.

        :param date today: the company's date
        """
        missed = self.sudo().search(  # the run reads the whole log of the company
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sent")
            & Domain("salesperson_notified", "=", False)
            & Domain("date_sent", ">", today - datetime.timedelta(days=MISSED_DAYS))
            & Domain("step_id", "!=", False)
            & (
                Domain("tone", "in", SERIOUS_TONES)
                | Domain("channel", "in", self.env["ar.channel"]._get_codes("_is_spoken"))
            )
            & (Domain("partner_id.user_id", "!=", False) | Domain("line_ids.member_id.partner_id.user_id", "!=", False))
        )
        for communication in missed.try_lock_for_update():
            communication._notify_salesperson()

    def _is_serious(self):
        """Return whether it is a sent reminder step with a serious tone, or a call."""
        self.ensure_one()
        serious = self.tone in SERIOUS_TONES or self._get_channel()._is_spoken
        return self.state == "sent" and serious and bool(self.step_id)

    def _notify_salesperson(self):
        """Notify the salespeople of the customer and of the members of its group, each once."""
        self.salesperson_notified = True
        accounts = self._get_accounts()
        of_user = {account._get_salesperson(): account for account in reversed(accounts)}
        for account in accounts.filtered(lambda account: of_user[account._get_salesperson()] == account):
            self._notify_salesperson_of(account)

    def _notify_salesperson_of(self, account):
        """Notify the salesperson of an account, unless the policy excludes that or the salesperson knows already."""
        reader = account._with_salesperson_lang()
        if not reader:
            return
        names = {"customer": reader.display_name, "step": self.with_env(reader.env).step_id.name}
        if self._get_channel()._is_spoken:
            reader._notify_salesperson(reader.env._("%(customer)s was called: “%(step)s”", **names))
        else:
            reader._notify_salesperson(reader.env._("%(customer)s was reminded: “%(step)s”", **names))
