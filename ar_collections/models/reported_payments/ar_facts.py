import datetime

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.facts import Exclusion


class ArFacts(models.AbstractModel):
    """Reported payments in the customer's facts: what the customer says to have paid is excluded from reminders."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude what is reported as paid and still open, until the last day of the report.

        After it the report is judged; until then it holds, unless the decision is about a day on which it will be.
        """
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        parts, is_open = self.env["ar.reported.payment.line"], SQL("agreement.state = 'open'")
        for line_id, left, _state, deadline in self._read_held(parts, lines, is_open, "date_until"):
            last_day = deadline if scope.is_judged else max(deadline, today)
            until = last_day + datetime.timedelta(days=1)
            if today < until:
                exclusions[line_id].append(Exclusion(codes.PAYMENT_REPORTED, left, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume items whose reported payment was not found or withdrawn, from the day the report ended."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        parts, failed = self.env["ar.reported.payment.line"], ("not_found", "withdrawn")
        self._resume_failed(resumed, parts, lines, failed, "date_until", today)
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the reported payments of the items, with their lines."""
        reported = self._select_agreement_versions(self.env["ar.reported.payment.line"])
        return [*super()._select_versions(left_out), reported]
