from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import Exclusion
from ....core.recovery.placement import GIVEN_BACK, HOLDING


class ArFacts(models.AbstractModel):
    """Placements in the customer's facts: what an agency has is excluded, what came back resumes at a mild step."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude what is placed; a proposal excludes nothing yet."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        holding = SQL("part.is_live AND agreement.state IN %s", HOLDING)
        for line_id, left, _state, _last_day in self._read_held(self.env["ar.placement.line"], lines, holding):
            exclusions[line_id].append(Exclusion(codes.PLACED, left))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume the items of placements that were recalled, or that the agency refused."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        self._resume_failed(resumed, self.env["ar.placement.line"], lines, GIVEN_BACK)
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the placements of the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.placement.line"])]
