import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.agreements.settlement import open_part
from ....core.facts import Exclusion
from ....core.money import ZERO
from ....core.recovery import settlement as rules
from ...customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Settlements in the customer's facts: their items are excluded until the day, and while the rest is credited."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude the items of open settlements until they are judged, and the rest of those paid."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.amount::text, line.residual_before::text,
                       COALESCE(line.credited_before, 0)::text, settlement.state, settlement.date_until
                  FROM ar_settlement settlement
                  JOIN ar_settlement_line line ON line.settlement_id = settlement.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND settlement.state IN %s
                """,
                pg_array([line.line_id for line in lines]),
                rules.HOLDING,
            )
        )
        residuals = {line.line_id: line.residual_currency for line in lines} if rows else {}
        parts = [(row[0], *map(Decimal, row[1:4])) for row in rows]
        for row, part, credited in zip(rows, parts, self._read_credited_outside(parts), strict=True):
            line_id, amount, before, _credited_before = part
            left = open_part(amount, before - credited, residuals.get(line_id, ZERO))
            last_day = row[5] if scope.is_judged else max(row[5], today)
            until = last_day + datetime.timedelta(days=1) if row[4] == rules.OPEN else None
            if left > 0 and (until is None or today < until):
                exclusions[line_id].append(Exclusion(codes.SETTLEMENT_OPEN, left, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume the items of settlements that were missed or withdrawn, from that day."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id,
                       MAX(CASE settlement.state WHEN 'open' THEN settlement.date_until + 1
                                ELSE settlement.ended_on END)
                  FROM ar_settlement settlement
                  JOIN ar_settlement_line line ON line.settlement_id = settlement.id
                 WHERE line.move_line_id = ANY(%(lines)s::int[])
                   AND ((settlement.state IN ('missed', 'withdrawn') AND settlement.ended_on IS NOT NULL)
                        OR (settlement.state = 'open' AND settlement.date_until < %(today)s))
              GROUP BY line.move_line_id
                """,
                lines=pg_array([line.line_id for line in lines]),
                today=today,
            )
        )
        for line_id, day in rows:
            resumed[line_id] = max(day, resumed.get(line_id, day))
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the settlements of the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.settlement.line"])]
