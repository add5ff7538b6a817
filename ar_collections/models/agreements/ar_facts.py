from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.agreements.settlement import Settlement, credited_outside
from ...core.money import ZERO
from ..customers.sql import pg_array

#: What reduced an item other than payments: reconciliations with entries outside bank, cash and credit card journals.
#: Ends in the WHERE clause, so that conditions and GROUP BY can be appended.
CREDITED = SQL(
    """
    SELECT partial.debit_move_id AS move_line_id, SUM(partial.debit_amount_currency) AS amount
      FROM account_partial_reconcile partial
      JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
      JOIN account_journal journal ON journal.id = counterpart.journal_id
     WHERE journal.type NOT IN ('bank', 'cash', 'credit')
    """
)


class ArFacts(models.AbstractModel):
    """Payments and credit notes on the items of agreements, read from the reconciliations."""

    _inherit = "ar.facts"

    @api.model
    def _read_disputed(self, line_ids, today):
        """Return {line id: amount that disputes exclude}, not limited to the residual; zero by default.

        Extension point for disputes: an override adds its amounts, in the line's currency, to those of `super()`.

        :param line_ids: ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        return defaultdict(Decimal)

    @api.model
    def _read_contested(self, line_ids, today):
        """Return {line id: amount that disputes exclude, or that was granted and credited}; zero by default.

        Extension point for disputes, as `_read_disputed`: what was granted stays contested after its credit note, so
        that a judgement does not change with it.

        :param line_ids: ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        return defaultdict(Decimal)

    @api.model
    def _read_credited_outside(self, rows):
        """Return for each part of an agreement what was credited on the rest of its item.

        See `core.agreements.settlement.credited_outside`.

        :param rows: [(journal item id or None, agreed amount, residual when it was agreed, credited amount by then)],
            Decimals in the item's currency
        :rtype: list[Decimal]
        """
        in_part = [line_id for line_id, agreed, before, _credited_before in rows if line_id and before > agreed]
        credited = self._read_credited(in_part) if in_part else {}
        return [
            credited_outside(agreed, before, credited.get(line_id, ZERO) - credited_before)
            for line_id, agreed, before, credited_before in rows
        ]

    @api.model
    def _read_credited(self, line_ids):
        """Return {line id: amount that credit notes and other entries, but not payments, reconciled so far}.

        Amounts are in the line's currency; lines without any are left out.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT move_line_id, amount::text FROM (%s AND partial.debit_move_id = ANY(%s::int[])"
                " GROUP BY partial.debit_move_id) credited",
                CREDITED,
                pg_array(line_ids),
            )
        )
        return {line_id: Decimal(amount) for line_id, amount in rows}

    @api.model
    def _read_settlements(self, line_ids):
        """Return {line id: what reduced it}, read from its reconciliations; amounts in the line's currency.

        :rtype: dict[int, list[Settlement]]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.max_date, partial.debit_amount_currency::text,
                       journal.type NOT IN ('bank', 'cash', 'credit')
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s::int[]) AND partial.debit_amount_currency > 0
                """,
                pg_array(line_ids),
            )
        )
        settlements = defaultdict(list)
        for line_id, day, amount, credit in rows:
            settlements[line_id].append(Settlement(day, Decimal(amount), credit))
        return settlements
