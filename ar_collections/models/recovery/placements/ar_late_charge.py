from odoo import api, models
from odoo.tools import SQL

from ....core.recovery.placement import HOLDING
from ...customers.sql import pg_array


class ArLateCharge(models.Model):
    """Late charges of placed debts: they accrue for the claim, but are not charged by us; the agency claims them."""

    _inherit = "ar.late.charge"

    @api.model
    def _read_held(self, line_ids):
        """Override to add what an agency has."""
        query = SQL(
            """
            SELECT line.move_line_id
              FROM ar_placement_line line
              JOIN ar_placement placement ON placement.id = line.placement_id AND placement.state IN %s
             WHERE line.move_line_id = ANY(%s::int[]) AND line.is_live
            """,
            HOLDING,
            pg_array(line_ids),
        )
        return super()._read_held(line_ids) | {line_id for (line_id,) in self.env.execute_query(query)}
