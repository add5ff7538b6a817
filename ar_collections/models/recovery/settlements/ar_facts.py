import datetime

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import Exclusion
from ....core.recovery import settlement as rules


class ArFacts(models.AbstractModel):
    """Settlements in the customer's facts: their items are excluded until the day, and while the rest is credited."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude the items of open settlements until they are judged, and the rest of those paid."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        parts, holding = self.env["ar.settlement.line"], SQL("agreement.state IN %s", rules.HOLDING)
        for line_id, left, state, deadline in self._read_held(parts, lines, holding, "date_until"):
            last_day = deadline if scope.is_judged else max(deadline, today)
            until = last_day + datetime.timedelta(days=1) if state == rules.OPEN else None
            if until is None or today < until:
                exclusions[line_id].append(Exclusion(codes.SETTLEMENT_OPEN, left, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume the items of settlements that were missed or withdrawn, from that day."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        parts, failed = self.env["ar.settlement.line"], ("missed", "withdrawn")
        self._resume_failed(resumed, parts, lines, failed, "date_until", today)
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the settlements of the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.settlement.line"])]
