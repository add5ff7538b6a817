from odoo import api, models
from odoo.tools import SQL

from ....core.recovery import settlement as rules
from ...customers.sql import pg_array


class ArLateCharge(models.Model):
    """Late charges of settled debts: the agreed amount ends the debt with them; one that is missed leaves them all."""

    _inherit = "ar.late.charge"

    @api.model
    def _read_held(self, line_ids):
        """Override to add the items of settlements that are open, or paid while the rest is credited."""
        return super()._read_held(line_ids) | self._read_settled(line_ids, rules.HOLDING)

    def _find_kept(self):
        """Override to add what was paid by a settlement, whatever the policies say."""
        settled = self._read_settled(self.move_line_id.ids, (rules.PAID,)) if self else set()
        reason = self.env._("What was agreed on was kept")
        return super()._find_kept() | {charge: reason for charge in self if charge.move_line_id.id in settled}

    @api.model
    def _read_settled(self, line_ids, states):
        """Return the ids of those journal items that are in a settlement of these states."""
        query = SQL(
            """
            SELECT line.move_line_id
              FROM ar_settlement_line line
              JOIN ar_settlement settlement ON settlement.id = line.settlement_id AND settlement.state IN %s
             WHERE line.move_line_id = ANY(%s::int[])
            """,
            states,
            pg_array(line_ids),
        )
        return {line_id for (line_id,) in self.env.execute_query(query)}
