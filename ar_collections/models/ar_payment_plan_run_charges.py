import datetime

from odoo import api, models
from odoo.fields import Domain

from ..core import charge as rules

#: So long a bank debit may take; what is under way for longer is judged like anything else that is not paid.
BANK_DAYS = 14


class ArPaymentPlanRunCharges(models.Model):
    """Judging plans with automatic payments."""

    _inherit = "ar.payment.plan"

    @api.model
    def _get_judging_domain(self, company, today):
        """Override: what is being collected right now is not missed; its plan is judged when the bank has answered."""
        since = today - datetime.timedelta(days=BANK_DAYS)
        in_flight = Domain("outcome", "in", rules.IN_FLIGHT) & Domain("date", ">=", since)
        return super()._get_judging_domain(company, today) & ~Domain("charge_ids", "any", in_flight)
