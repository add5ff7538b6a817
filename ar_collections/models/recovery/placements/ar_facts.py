from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.agreements.settlement import open_part
from ....core.facts import Exclusion
from ....core.money import ZERO
from ....core.recovery.placement import GIVEN_BACK, HOLDING
from ...customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Placements in the customer's facts: what an agency has is excluded, what came back resumes at a mild step."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude what is placed; a proposal excludes nothing yet."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.amount::text, line.residual_before::text,
                       COALESCE(line.credited_before, 0)::text
                  FROM ar_placement placement
                  JOIN ar_placement_line line ON line.placement_id = placement.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND line.is_live AND placement.state IN %s
                """,
                pg_array([line.line_id for line in lines]),
                HOLDING,
            )
        )
        residuals = {line.line_id: line.residual_currency for line in lines} if rows else {}
        parts = [(line_id, *map(Decimal, amounts)) for line_id, *amounts in rows]
        for part, credited in zip(parts, self._read_credited_outside(parts), strict=True):
            line_id, amount, before, _credited_before = part
            left = open_part(amount, before - credited, residuals.get(line_id, ZERO))
            if left > 0:
                exclusions[line_id].append(Exclusion(codes.PLACED, left))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume the items of placements that were recalled, or that the agency refused."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, MAX(placement.ended_on)
                  FROM ar_placement placement
                  JOIN ar_placement_line line ON line.placement_id = placement.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND placement.state IN %s
                       AND placement.ended_on IS NOT NULL
              GROUP BY line.move_line_id
                """,
                pg_array([line.line_id for line in lines]),
                GIVEN_BACK,
            )
        )
        for line_id, day in rows:
            resumed[line_id] = max(day, resumed.get(line_id, day))
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the placements of the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.placement.line"])]
