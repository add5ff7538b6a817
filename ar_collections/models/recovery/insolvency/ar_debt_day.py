from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....core.recovery.insolvency import arose_on, follow_debts
from ...customers.sql import pg_array


class ArDebtDay(models.AbstractModel):
    """Reads on which day debts came about: those of late charges and legal costs with the debts they are about."""

    _name = "ar.debt.day"
    _description = "Day of a Debt"

    @api.model
    def _read_days(self, line_ids):
        """Return {journal item id: day on which the debt came about}.

        Two queries; two more where invoices charge late payment or legal costs. The caller flushed what it wrote.
        """
        if not line_ids:
            return {}
        rows = self.env.execute_query(
            SQL("SELECT line.id, line.move_id, line.date FROM account_move_line line WHERE line.id = ANY(%s::int[])",
                pg_array(line_ids))
        )  # fmt: skip
        days = self._read_days_of_moves({move_id for _line_id, move_id, _booked in rows})
        return {line_id: days.get(move_id, booked) for line_id, move_id, booked in rows}

    @api.model
    def _read_days_of_moves(self, move_ids):
        """Return {entry id: day on which its debt came about}, with those of the entries that they are about."""
        days, about, wanted = {}, {}, set(move_ids)
        while wanted:  # interest on the costs of pursuing a debt: three steps, as a rule one
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT move.id, move.date, move.invoice_date, move.delivery_date,
                           move.ar_late_charges OR move.ar_legal_costs
                      FROM account_move move
                     WHERE move.id = ANY(%s::int[])
                    """,
                    pg_array(wanted),
                )
            )
            days |= {move_id: arose_on(*dates) for move_id, *dates, _is_charge in rows}
            charges = [row[0] for row in rows if row[-1]]
            found = self._read_charge_sources(charges) if charges else {}
            about |= found
            wanted = {source_id for own in found.values() for source_id, _day in own if source_id} - days.keys()
        return {move_id: follow_debts(move_id, days, about) for move_id in days}

    @api.model
    def _read_charge_sources(self, move_ids):
        """Return {entry id: [(id of an entry that it is about, day of the cost)]}, each may be None.

        Only of entries that charge nothing else: what was sold with them came about on its own day.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, charge.move_id, NULL::date,
                       charge.id IS NOT NULL OR line.ar_legal_cost_id IS NOT NULL
                  FROM account_move_line line
             LEFT JOIN ar_late_charge charge ON charge.id = COALESCE(line.ar_late_charge_id, line.ar_lump_sum_of_id)
                 WHERE line.move_id = ANY(%(moves)s::int[]) AND line.display_type = 'product'
             UNION ALL
                SELECT line.move_id, item.move_id, cost.date, TRUE
                  FROM account_move_line line
                  JOIN ar_legal_cost cost ON cost.id = line.ar_legal_cost_id
             LEFT JOIN ar_placement_line item ON item.placement_id = cost.placement_id
                 WHERE line.move_id = ANY(%(moves)s::int[])
                """,
                moves=pg_array(move_ids),
            )
        )
        found, mixed = defaultdict(list), set()
        for move_id, source_id, day, is_charge in rows:
            if not is_charge:
                mixed.add(move_id)
            elif source_id or day:
                found[move_id].append((source_id, day))
        return {move_id: own for move_id, own in found.items() if move_id not in mixed}
