import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import GROUP_AUDITOR, SERIOUS_TONES

#: So many days back the nightly run looks for firm words that the salesperson was not told of.
MISSED_DAYS = 3


class ArCommunication(models.Model):
    """What was said, as far as salespeople are concerned."""

    _inherit = "ar.communication"

    #: What was sent holds the link to the customer's page; who may only look at the account has no use for it.
    body = fields.Html(groups=GROUP_AUDITOR)
    pay_html = fields.Html(groups=GROUP_AUDITOR)
    items_html = fields.Html(groups=GROUP_AUDITOR)
    contact_html = fields.Html(groups=GROUP_AUDITOR)
    agreement_html = fields.Html(groups=GROUP_AUDITOR)
    salesperson_notified = fields.Boolean(
        readonly=True,
        string="Salesperson Notified",
        help="Whether the salesperson was notified, or no notification was needed.",
    )

    def _update_last_contact(self):
        """Override to tell the salesperson of a firm word or a call, after it was said and kept."""
        result = super()._update_last_contact()
        for communication in self:
            if communication._is_serious() and not communication.salesperson_notified:
                communication._notify_salesperson()
        return result

    @api.model
    def _notify_missed_salespeople(self, company, today):
        """Tell what could not be told when it was said, because somebody was at work on the customer just then.

        :param date today: the company's date
        """
        missed = self.sudo().search(  # the engine's log
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sent")
            & Domain("salesperson_notified", "=", False)
            & Domain("date_sent", ">", today - datetime.timedelta(days=MISSED_DAYS))
            & Domain("step_id", "!=", False)
            & (Domain("tone", "in", SERIOUS_TONES) | Domain("channel", "=", "call"))
            & Domain("partner_id.user_id", "!=", False)
        )
        for communication in missed.try_lock_for_update():
            communication._notify_salesperson()

    def _is_serious(self):
        """Tell whether a step of the ladder was said in earnest, or a call was made."""
        self.ensure_one()
        serious = self.tone in SERIOUS_TONES or self.channel == "call"
        return self.state == "sent" and serious and bool(self.step_id)

    def _notify_salesperson(self):
        """Tell the salesperson once what was said, unless the policy or who said it makes that needless."""
        self.salesperson_notified = True
        reader = self.customer_id._with_salesperson_lang()
        if not reader:
            return
        names = {"customer": reader.display_name, "step": self.with_env(reader.env).step_id.name}
        if self.channel == "call":
            reader._notify_salesperson(reader.env._("%(customer)s was called: “%(step)s”", **names))
        else:
            reader._notify_salesperson(reader.env._("%(customer)s was reminded: “%(step)s”", **names))
