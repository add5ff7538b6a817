import datetime

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.facts import Exclusion
from ..customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Reported payments in the customer's facts: what the customer says to have paid is excluded from reminders."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude what is reported as paid and still open, until the last day of the report.

        After it the report is judged; until then it holds, unless the decision is about a day on which it will be.
        """
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.amount::text, line.residual_before::text,
                       COALESCE(line.credited_before, 0)::text, report.date_until
                  FROM ar_reported_payment report
                  JOIN ar_reported_payment_line line ON line.report_id = report.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND report.state = 'open'
                """,
                pg_array([line.line_id for line in lines]),
            )
        )
        lefts = self._read_open_parts([row[:-1] for row in rows], lines)
        for (line_id, *_amounts, deadline), left in zip(rows, lefts, strict=True):
            last_day = deadline if scope.is_judged else max(deadline, today)
            until = last_day + datetime.timedelta(days=1)
            if left > 0 and today < until:
                exclusions[line_id].append(Exclusion(codes.PAYMENT_REPORTED, left, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume items whose reported payment was not found or withdrawn, from the day the report ended."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id,
                       MAX(CASE report.state WHEN 'open' THEN report.date_until + 1 ELSE report.ended_on END)
                  FROM ar_reported_payment report
                  JOIN ar_reported_payment_line line ON line.report_id = report.id
                 WHERE line.move_line_id = ANY(%(lines)s::int[])
                   AND ((report.state IN ('not_found', 'withdrawn') AND report.ended_on IS NOT NULL)
                        OR (report.state = 'open' AND report.date_until < %(today)s))
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
        """Override to add the reported payments of the items, with their lines."""
        reported = self._select_agreement_versions(self.env["ar.reported.payment.line"])
        return [*super()._select_versions(left_out), reported]
