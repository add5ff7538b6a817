from odoo import api, models
from odoo.tools import SQL

from ..core.cash_forecast import BEHAVIOR, CREDIT, DISPUTED

#: How many parts an item may have: their numbers are the last digits of the parts' ids.
PARTS = 1000


class ArCashForecastParts(models.AbstractModel):
    """What the forecast is made of: open items, cut into parts that are expected on different days.

    An item is laid out from zero to its residual, as `core.cash_forecast.split` does: at the top what is contested, beneath
    it what was agreed, the latest date first, at the bottom what follows the customer's habit. Credits are cut off from
    the bottom. Borders are rounded, not parts, so the parts of an item add up to the cent.
    """

    _inherit = "ar.cash.forecast"

    @api.model
    def _select_parts(self, company, today, known):
        """Return the query of all parts: (id, line_id, kind, expected_on, amount, and columns of the item).

        :param date today: the first day on which something can come
        :param date known: the last day whose bookings and agreements are known
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
                 habit AS MATERIALIZED (%(habits)s),
                 covered AS (%(covered)s),
                 silent AS MATERIALIZED (%(silent)s),
                 agreed AS MATERIALIZED (%(agreed)s),
                 part AS (%(habitual)s
                          UNION ALL SELECT line_id, number, kind, expected_on, amount FROM agreed WHERE amount <> 0)
            SELECT item.id::bigint * %(most)s + part.number AS id, item.id AS line_id, item.company_id, item.move_id,
                   item.name, item.partner_id, item.due_date, part.kind,
                   GREATEST(part.expected_on, %(today)s + (%(today)s - part.expected_on)) AS expected_on, part.amount
              FROM part JOIN item ON item.id = part.line_id
            """,
            items=SQL(
                """
                SELECT id, company_id, move_id, name, customer_partner_id AS partner_id, currency_id, due_date,
                       residual_currency AS own, residual AS booked
                  FROM (%s) open_line WHERE residual <> 0
                """,
                self.env["ar.as.of"]._select_open_lines(company, known),
            ),
            habits=self.env["ar.payment.habit"]._select_habits(company, today),
            covered=self._select_covered(),
            silent=self._select_silent(company, today, known),
            agreed=self._select_agreed(company),
            habitual=self._select_habitual(),
            most=PARTS,
            today=today,
        )

    @api.model
    def _select_covered(self):
        """Return the query of what credits cover of debts, and the other way round: (line_id, amount).

        Within a customer and currency, the oldest items first.
        """
        return SQL(
            """
            SELECT item.id AS line_id, LEAST(ABS(item.booked), GREATEST(other.amount + ABS(item.booked)
                       - SUM(ABS(item.booked)) OVER (PARTITION BY item.partner_id, item.currency_id, item.booked > 0
                                                     ORDER BY item.due_date, item.id), 0)) AS amount
              FROM item
              JOIN (SELECT partner_id, currency_id, booked > 0 AS is_debt, SUM(ABS(booked)) AS amount
                      FROM item GROUP BY 1, 2, 3) other
                ON other.partner_id = item.partner_id AND other.currency_id = item.currency_id
               AND other.is_debt <> (item.booked > 0)
            """
        )

    @api.model
    def _select_agreed(self, company):
        """Return the query of the parts that are agreed or contested: (line_id, number, kind, expected_on, amount, bottom).

        Amounts are agreed in the item's currency, and counted at its booked rate. ``bottom`` is where the parts of an item
        end and its habit begins.
        """
        return SQL(
            """
            SELECT line_id, number, kind, expected_on, GREATEST(top - GREATEST(bottom, cut), 0) AS amount,
                   bottom
              FROM (SELECT silent.line_id, silent.kind, silent.expected_on, silent.number, COALESCE(covered.amount, 0) AS cut,
                           ROUND(item.booked * GREATEST(item.own - silent.reach + silent.amount, 0) / item.own, %(digits)s)
                               AS top,
                           ROUND(item.booked * GREATEST(item.own - silent.reach, 0) / item.own, %(digits)s) AS bottom
                      FROM (SELECT line_id, kind, expected_on, amount, SUM(amount) OVER from_top AS reach,
                                   ROW_NUMBER() OVER from_top AS number
                              FROM silent WHERE amount > 0
                            WINDOW from_top AS (PARTITION BY line_id
                                                ORDER BY kind = %(disputed)s DESC, expected_on DESC, kind, id)
                           ) silent
                      JOIN item ON item.id = silent.line_id AND item.booked > 0 AND item.own > 0
                 LEFT JOIN covered ON covered.line_id = item.id) laid_out
            """,
            digits=company.currency_id.decimal_places,
            disputed=DISPUTED,
        )

    @api.model
    def _select_habitual(self):
        """Return the query of the other parts, the last of each item, and of credits: (as `part`, number 0)."""
        return SQL(
            """
            SELECT line_id, number, kind, expected_on, amount
              FROM (SELECT item.id AS line_id, 0::bigint AS number,
                           CASE WHEN item.booked > 0 THEN %(behavior)s ELSE %(credit)s END AS kind,
                           CASE WHEN item.booked > 0 THEN item.due_date + COALESCE(own.days, common.days, 0) END
                               AS expected_on,
                           CASE WHEN item.booked > 0
                                THEN GREATEST(COALESCE(below.bottom, item.booked) - COALESCE(covered.amount, 0), 0)
                                ELSE item.booked + COALESCE(covered.amount, 0) END AS amount
                      FROM item
                 LEFT JOIN habit own ON own.partner_id = item.partner_id
                 LEFT JOIN habit common ON common.partner_id IS NULL
                 LEFT JOIN covered ON covered.line_id = item.id
                 LEFT JOIN (SELECT line_id, MIN(bottom) AS bottom FROM agreed GROUP BY line_id) below
                        ON below.line_id = item.id) habitual
             WHERE amount <> 0
            """,
            behavior=BEHAVIOR,
            credit=CREDIT,
        )
