from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import RELEASED, SETTLEMENT
from ...core.recovery import settlement as rules


class _Debt(NamedTuple):
    """An open item, as `ar.facts._find_claimed` reads it."""

    line_id: int
    partner_id: int


class ArCashForecastRecovery(models.AbstractModel):
    """Settlements and insolvencies in the forecast, as of a day; amounts in item currency."""

    _inherit = "ar.cash.forecast"

    @api.model
    def _select_settled(self, company, today, known):
        """Return the query of the items of settlements: what is to be paid by the last day, and what is released.

        The items are stacked from the latest to the oldest: money pays the oldest ones, the last ones are credited. A
        settlement past its day does not count unless it was paid, judged or not.
        """
        return SQL(
            """
            SELECT part.line_id, slice.kind, slice.expected_on, slice.amount, part.id
              FROM (SELECT stacked.*, GREATEST(LEAST(reach, released) - (reach - amount), 0) AS lost
                      FROM (SELECT agreed.move_line_id AS line_id, agreed.id, settlement.date_until,
                                   settlement.amount_released AS released, %(open_part)s AS amount,
                                   SUM(%(open_part)s) OVER (PARTITION BY settlement.id
                                                            ORDER BY item.due_date DESC, item.id DESC) AS reach
                              FROM ar_settlement settlement
                              JOIN ar_settlement_line agreed ON agreed.settlement_id = settlement.id
                              JOIN touched item ON item.id = agreed.move_line_id
                              %(credited)s
                             WHERE settlement.company_id = %(company)s AND settlement.date_decided <= %(known)s
                               AND (settlement.state IN %(holding)s OR settlement.ended_on > %(known)s)
                               AND (settlement.date_until >= %(today)s OR settlement.state = %(paid)s)) stacked) part
        CROSS JOIN LATERAL (VALUES (%(settlement)s, part.date_until, part.amount - part.lost),
                                   (%(released)s, NULL::date, part.lost)) slice (kind, expected_on, amount)
            """,
            open_part=self._open_part(),
            credited=self._join_credited(known),
            company=company.id,
            holding=rules.HOLDING,
            paid=rules.PAID,
            today=today,
            known=known,
            settlement=SETTLEMENT,
            released=RELEASED,
        )

    @api.model
    def _find_claimed(self, company, known):
        """Return the ids of the open items that are claimed in insolvency proceedings: those nothing may be asked of.

        Customers in proceedings are few, so that their items are read by themselves.
        """
        insolvencies = self.env["ar.insolvency"].sudo()  # only amounts are shown; see the class
        if not insolvencies._is_used():
            return []
        self.env.flush_all()
        found = insolvencies.search([("customer_id.company_id", "child_of", company.root_id.id)])
        partners = found.customer_id.partner_id
        if not partners:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT id, customer_partner_id FROM (%s) open_line WHERE residual > 0",
                self.env["ar.as.of"]._select_open_lines(company, known, partners.ids),
            )
        )
        claimed = self.env["ar.facts"]._find_claimed(company, [_Debt(*row) for row in rows])
        return [line_id for line_id, found in claimed.items() if any(each.holds(known) for each in found)]
