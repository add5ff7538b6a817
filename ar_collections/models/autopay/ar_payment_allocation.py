import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.autopay.outcomes import UNKNOWN
from .ar_facts import DRAFT_HOURS
from .charging import get_charging


class ArPaymentAllocation(models.Model):
    """Credits that automatic payments use: as their items, see `ar.facts._read_pending_transactions`."""

    _inherit = "ar.payment.allocation"

    @api.model
    def _get_unbooked_domain(self):
        """Override to add charges without an answer, and for a charge what a customer is paying at this moment."""
        charging = get_charging(self.env)
        unknown = Domain("ar_autopay_charge_ids.outcome", "=", UNKNOWN)
        unknown |= Domain("state", "=", "draft") & Domain("ar_unanswered", "=", True)
        repeated = charging.repeated if charging else ()
        found = super()._get_unbooked_domain() | unknown & Domain("id", "not in", repeated)
        if not charging:
            return found
        since = fields.Datetime.now() - datetime.timedelta(hours=DRAFT_HOURS)
        begun = Domain("state", "=", "draft") & Domain("last_state_change", ">", since)
        return found | begun & Domain("ar_autopay_charge_ids", "=", False)
