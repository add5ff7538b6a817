from odoo import api, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import BEHAVIOR, CLAIMED, CREDIT
from ..customers.sql import pg_array

#: Parts that an item may have at most: the id of a part is the id of its item times this, plus its number.
PARTS = 1000

#: The columns of an item that its parts have.
COLUMNS = SQL("item.id, item.company_id, item.partner_id, item.due_date")


class ArCashForecastParts(models.AbstractModel):
    """The parts of the forecast: open items, split into parts that are expected on different days.

    The residual of an item is an interval from zero upward. At its top is what has no date, such as the disputed
    amount, below that the agreed amounts, the latest date first, and at the bottom what follows the payment behavior.
    Credits reduce it from the bottom. The limits of the parts are rounded, not the parts, so that the parts of an item
    add up exactly.
    """

    _inherit = "ar.cash.forecast"

    @api.model
    def _select_parts(self, company, today, known):
        """Return the query of all parts: (id, line_id, kind, expected_on, amount, and columns of the item).

        Amounts are in company currency, those of credits negative. ``expected_on`` is NULL for credits and disputed
        parts. A part whose expected day passed n days ago is expected in n days.

        :param date today: the first day on which a payment can be expected
        :param date known: the last day whose entries and agreements are known
        """
        claimed = self._find_claimed(company, known)
        return SQL(
            """
            WITH behavior AS MATERIALIZED (%(behavior_rows)s),
                 agreement_line AS MATERIALIZED (%(agreement_lines)s),
                 entangled AS MATERIALIZED (%(entangled)s),
                 item AS MATERIALIZED (%(items)s),
                 touched AS MATERIALIZED (SELECT * FROM item WHERE id IN (SELECT line_id FROM agreement_line)),
                 disputed (line_id, kind, expected_on, amount, id) AS MATERIALIZED (%(disputed)s),
                 excluded AS MATERIALIZED (%(excluded)s),
                 covered AS MATERIALIZED (%(covered)s),
                 agreed AS MATERIALIZED (%(agreed)s)
            SELECT part.id::bigint * %(most)s + part.number AS id, part.id AS line_id, part.company_id,
                   part.partner_id, part.due_date, part.kind,
                   %(today)s + ABS(part.expected_on - %(today)s) AS expected_on, part.amount
              FROM (%(plain)s
                    UNION ALL
                    %(by_behavior)s
                    UNION ALL
                    SELECT %(columns)s, agreed.number, agreed.kind, agreed.expected_on, agreed.amount
                      FROM agreed JOIN touched item ON item.id = agreed.line_id WHERE agreed.amount <> 0) part
            """,
            behavior_rows=self.env["ar.payment.behavior"]._select_behavior(company, today),
            agreement_lines=self._select_agreement_lines(claimed),
            entangled=self._select_entangled(company, known),
            items=self._select_items(company, known),
            disputed=self._select_disputed(company, known),
            excluded=self._select_excluded(self._select_agreements(company, today, known), claimed),
            covered=self._select_covered(company),
            agreed=self._select_agreed(company),
            columns=COLUMNS,
            plain=self._select_plain(company, known),
            by_behavior=self._select_by_behavior(),
            most=PARTS,
            today=today,
        )

    @api.model
    def _select_items(self, company, known):
        """Return the query of the open items of the entangled customers."""
        return SQL(
            """
            SELECT id, company_id, customer_partner_id AS partner_id, currency_id, due_date, residual_currency AS own,
                   residual AS booked
              FROM (%s) open_line WHERE residual <> 0
            """,
            self.env["ar.as.of"]._select_open_lines(company, known, SQL("SELECT partner_id FROM entangled")),
        )

    @api.model
    def _select_agreement_lines(self, claimed):
        """Return the query of the items that were ever part of an agreement or a dispute, or are claimed: (line_id).

        :param claimed: see `_find_claimed`
        """
        return SQL(
            """
            SELECT move_line_id AS line_id FROM ar_promise_line WHERE move_line_id IS NOT NULL
             UNION SELECT move_line_id FROM ar_payment_plan_line WHERE move_line_id IS NOT NULL
             UNION SELECT move_line_id FROM ar_settlement_line WHERE move_line_id IS NOT NULL
             UNION SELECT move_line_id FROM ar_dispute_line WHERE move_line_id IS NOT NULL
             UNION SELECT unnest(%s::int[])
            """,
            pg_array(claimed),
        )

    @api.model
    def _select_excluded(self, agreements, claimed):
        """Return the query of agreements with at most one row without a date for each item: the top of it.

        What is claimed in insolvency proceedings is all of an item.

        :param agreements: see `_select_agreements`
        :param claimed: see `_find_claimed`
        """
        return SQL(
            """
            SELECT line_id, (ARRAY_AGG(kind ORDER BY kind = %(claimed)s DESC, kind))[1] AS kind, expected_on,
                   SUM(amount) AS amount, MIN(id) AS id
              FROM (%(agreements)s
                    UNION ALL
                    SELECT id, %(claimed)s, NULL, own, id FROM touched WHERE id = ANY(%(items)s::int[])) found
             WHERE amount > 0
          GROUP BY line_id, expected_on, CASE WHEN expected_on IS NOT NULL THEN kind || id END
            """,
            agreements=agreements,
            claimed=CLAIMED,
            items=pg_array(claimed),
        )

    @api.model
    def _select_entangled(self, company, known):
        """Return the query of the customers with credits or agreements, whose items are split: (partner_id).

        They are few, so that the items of all others are read once and stored nowhere. Customers whose items were
        settled later are among them, whether that leaves credits or not: it takes less to split an item into one part.
        """
        as_of = self.env["ar.as.of"]
        return SQL(
            """
            SELECT DISTINCT partner.commercial_partner_id AS partner_id
              FROM (SELECT line.partner_id FROM account_move_line line
                     WHERE line.amount_residual < 0 AND line.account_id = ANY(%(accounts)s)
                       AND line.company_id = %(company)s AND line.parent_state = 'posted'
                 UNION ALL
                    SELECT line.partner_id FROM account_move_line line
                     WHERE line.id IN (SELECT line_id FROM agreement_line UNION ALL SELECT line_id FROM (%(undone)s) x)
                       AND line.company_id = %(company)s) line
              JOIN res_partner partner ON partner.id = line.partner_id
            """,
            accounts=as_of._get_account_ids(company),
            company=company.id,
            undone=as_of._select_undone(company, known),
        )

    @api.model
    def _select_covered(self, company):
        """Return the query of the amounts of debts covered by credits, and of credits used up: (line_id, amount).

        Amounts are positive. Credits cover debts of the same customer and currency, the oldest first, disputed amounts
        last. Only customers with credits are read.
        """
        return SQL(
            """
            SELECT line_id, SUM(LEAST(amount, GREATEST(
                       CASE WHEN is_debt THEN given ELSE owed END - (running - amount), 0))) AS amount
              FROM (SELECT item.id AS line_id, slice.amount, item.booked > 0 AS is_debt,
                           SUM(slice.amount) FILTER (WHERE booked < 0) OVER account AS given,
                           COALESCE(SUM(slice.amount) FILTER (WHERE booked > 0) OVER account, 0) AS owed,
                           SUM(slice.amount) OVER (PARTITION BY item.partner_id, item.currency_id, item.booked > 0
                                                   ORDER BY slice.is_contested, item.due_date, item.id) AS running
                      FROM item
                      JOIN (SELECT DISTINCT partner_id, currency_id FROM item WHERE booked < 0) given
                        ON given.partner_id = item.partner_id AND given.currency_id = item.currency_id
                 LEFT JOIN (%(contested)s) contested ON contested.line_id = item.id
                CROSS JOIN LATERAL (VALUES (FALSE, ABS(item.booked) - COALESCE(contested.amount, 0)),
                                           (TRUE, COALESCE(contested.amount, 0))) slice (is_contested, amount)
                     WHERE slice.amount <> 0
                    WINDOW account AS (PARTITION BY item.partner_id, item.currency_id)) netted
          GROUP BY line_id
            """,
            contested=SQL(
                """
                SELECT excluded.line_id, item.booked
                           - ROUND(item.booked * GREATEST(item.own - SUM(excluded.amount), 0) / item.own, %s) AS amount
                  FROM excluded
                  JOIN touched item ON item.id = excluded.line_id AND item.booked > 0 AND item.own > 0
                 WHERE excluded.expected_on IS NULL
              GROUP BY excluded.line_id, item.booked, item.own
                """,
                company.currency_id.decimal_places,
            ),
        )

    @api.model
    def _select_agreed(self, company):
        """Return the query of agreed and undated parts: (line_id, number, kind, expected_on, amount, bottom).

        Agreed amounts are in the item's currency and are converted at its booked rate. ``bottom`` is the lower limit
        of a part; below the lowest one the item follows the payment behavior. Where more is disputed and agreed than
        is open, the parts with the latest dates are reduced.
        """
        return SQL(
            """
            SELECT line_id, number, kind, expected_on, GREATEST(top - GREATEST(bottom, cut), 0) AS amount,
                   bottom
              FROM (SELECT line_id, number, kind, expected_on, cut,
                           ROUND(booked * CASE WHEN expected_on IS NULL THEN own ELSE LEAST(reach, available) END / own,
                                 %(digits)s) AS top,
                           ROUND(booked * LEAST(reach - amount, available) / own, %(digits)s) AS bottom
                      FROM (SELECT excluded.*, item.booked, item.own, COALESCE(covered.amount, 0) AS cut,
                                   GREATEST(item.own - excluded.total, 0) + excluded.below AS reach,
                                   GREATEST(item.own - excluded.contested, 0) AS available
                              FROM (SELECT line_id, kind, expected_on, amount,
                                           COALESCE(SUM(amount) FILTER (WHERE expected_on IS NULL) OVER item, 0)
                                               AS contested,
                                           SUM(amount) OVER item AS total, SUM(amount) OVER from_bottom AS below,
                                           ROW_NUMBER() OVER from_bottom AS number
                                      FROM excluded
                                    WINDOW item AS (PARTITION BY line_id),
                                           from_bottom AS (PARTITION BY line_id
                                                           ORDER BY expected_on IS NULL, expected_on, kind, id)
                                   ) excluded
                              JOIN touched item ON item.id = excluded.line_id AND item.booked > 0 AND item.own > 0
                         LEFT JOIN covered ON covered.line_id = item.id) stacked) laid_out
            """,
            digits=company.currency_id.decimal_places,
        )

    @api.model
    def _select_plain(self, company, known):
        """Return the query of the items of all other customers, expected by payment behavior, with item columns."""
        return SQL(
            """
            SELECT %(columns)s, 0::bigint AS number, %(expectation)s, item.booked AS amount
              FROM (SELECT line.*, line.residual AS booked, contact.partner_id, contact.days, contact.is_split
                      FROM (%(lines)s) line
                 LEFT JOIN (SELECT partner.id, partner.commercial_partner_id AS partner_id, own.days,
                                   entangled.partner_id IS NOT NULL AS is_split
                              FROM res_partner partner
                         LEFT JOIN behavior own ON own.partner_id = partner.commercial_partner_id
                         LEFT JOIN entangled ON entangled.partner_id = partner.commercial_partner_id
                            OFFSET 0) contact ON contact.id = line.contact_id
                     WHERE line.residual <> 0) item
             WHERE item.is_split IS NOT TRUE
            """,
            columns=COLUMNS,
            expectation=self._expect_by_behavior(SQL("item.days")),
            lines=self.env["ar.as.of"]._select_open_lines(company, known),
        )

    @api.model
    def _select_by_behavior(self):
        """Return the query of the rest of each split item, expected by payment behavior, and of credits, likewise."""
        return SQL(
            """
            SELECT part.*
              FROM (SELECT %(columns)s, 0::bigint AS number, %(expectation)s,
                           CASE WHEN item.booked > 0
                                THEN GREATEST(COALESCE(below.bottom, item.booked) - COALESCE(covered.amount, 0), 0)
                                ELSE item.booked + COALESCE(covered.amount, 0) END AS amount
                      FROM item
                 LEFT JOIN behavior own ON own.partner_id = item.partner_id
                 LEFT JOIN covered ON covered.line_id = item.id
                 LEFT JOIN (SELECT line_id, MIN(bottom) AS bottom FROM agreed GROUP BY line_id) below
                        ON below.line_id = item.id) part
             WHERE part.amount <> 0
            """,
            columns=COLUMNS,
            expectation=self._expect_by_behavior(SQL("own.days")),
        )

    @api.model
    def _expect_by_behavior(self, days):
        """Return the SQL of the columns (kind, expected_on) of an `item`.

        The behavior of the company is a subquery, not a join, so that the database reads it once and not per item.

        :param SQL days: the behavior of the customer; NULL where it is not known
        """
        return SQL(
            """
            CASE WHEN item.booked > 0 THEN %(behavior)s ELSE %(credit)s END AS kind,
            CASE WHEN item.booked > 0
                 THEN item.due_date + COALESCE(%(days)s, (SELECT days FROM behavior WHERE partner_id IS NULL), 0)
                 END AS expected_on
            """,
            behavior=BEHAVIOR,
            credit=CREDIT,
            days=days,
        )
