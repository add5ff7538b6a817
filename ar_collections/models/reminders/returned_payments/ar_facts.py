from odoo import api, models
from odoo.tools import SQL

from ...customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Returned payments in the customer's facts."""

    _inherit = "ar.facts"

    def _read_returned(self, lines, today):
        """Override to return the last day on which a payment of each item came back.

        An item of an invoice that was posted again since is found by the invoice.
        """
        returned = super()._read_returned(lines, today)
        self.env["ar.returned.payment"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, move_id, MAX(date)
                  FROM ar_returned_payment
                 WHERE (move_line_id = ANY(%(lines)s::int[])
                        OR (move_line_id IS NULL AND move_id = ANY(%(moves)s::int[])))
                   AND date <= %(today)s
              GROUP BY move_line_id, move_id
                """,
                lines=pg_array([line.line_id for line in lines]),
                moves=pg_array({line.move_id for line in lines if line.is_invoice}),
                today=today,
            )
        )
        of_line = {line_id: day for line_id, _move_id, day in rows if line_id}
        of_move = {move_id: day for line_id, move_id, day in rows if not line_id}
        for line in lines if rows else ():
            days = [day for day in (of_line.get(line.line_id), of_move.get(line.move_id)) if day]
            if days:
                returned[line.line_id] = max(days)
        return returned

    @api.model
    def _select_versions(self, left_out):
        """Override to add the returned payments."""
        returned = SQL(
            "SELECT account.id, %s FROM account JOIN ar_returned_payment returned ON returned.customer_id = account.id",
            self._version_of("returned"),
        )
        return [*super()._select_versions(left_out), returned]
