from odoo import fields, models

from ..const import SERIOUS_TONES

AUDITOR = "ar_collections.ar_collections_group_auditor"


class ArCommunicationSalesperson(models.Model):
    """What was said, as far as salespeople are concerned."""

    _inherit = "ar.communication"

    #: What was sent holds the link to the customer's page; who may only look at the account has no use for it.
    body = fields.Html(groups=AUDITOR)
    pay_html = fields.Html(groups=AUDITOR)
    items_html = fields.Html(groups=AUDITOR)
    contact_html = fields.Html(groups=AUDITOR)
    agreement_html = fields.Html(groups=AUDITOR)
    salesperson_told = fields.Boolean(readonly=True)

    def _touch_last_contact(self):
        """Override to tell the salesperson of a firm word or a call, after it was said and kept."""
        result = super()._touch_last_contact()
        for communication in self:
            if communication._is_serious() and not communication.salesperson_told:
                communication._tell_salesperson()
        return result

    def _is_serious(self):
        """Tell whether a step of the ladder was said in earnest, or a call was made."""
        self.ensure_one()
        serious = self.tone in SERIOUS_TONES or self.channel == "call"
        return self.state == "sent" and serious and bool(self.step_id)

    def _tell_salesperson(self):
        """Tell the salesperson once what was said."""
        reader = self.customer_id._for_salesperson()
        if not reader:
            return
        self.salesperson_told = True
        names = {"customer": reader.display_name, "step": self.with_env(reader.env).step_id.name}
        if self.channel == "call":
            reader._tell_salesperson(reader.env._("%(customer)s was called: “%(step)s”", **names))
        else:
            reader._tell_salesperson(reader.env._("%(customer)s was reminded: “%(step)s”", **names))
