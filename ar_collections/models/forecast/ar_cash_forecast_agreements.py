from odoo import api, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import DISPUTED, PLAN, PROMISE
from ..agreements.ar_facts import CREDITED


class ArCashForecastAgreements(models.AbstractModel):
    """Promises, payment plans and disputes on open items as of a day, for the forecast; amounts in item currency.

    For a day in the past, an agreement counts from the day it was made until the day it ended. Changes within that
    time that leave no trace, of the dates of a plan for example, cannot be undone: the present values are used.
    """

    _inherit = "ar.cash.forecast"

    @api.model
    def _select_agreements(self, company, today, known):
        """Return the query of what does not follow the payment behavior: (line_id, kind, expected_on, amount, id).

        It reads the items from ``touched``, and what is disputed from ``disputed``. Extension point: an override adds
        the rows of its kind of agreement with UNION ALL.

        :param date today, known: see `_select_parts`
        """
        return SQL(
            "%s UNION ALL %s UNION ALL %s UNION ALL SELECT * FROM disputed",
            self._select_promised(company, today, known),
            self._select_planned(company, known),
            self._select_settled(company, today, known),
        )

    @api.model
    def _select_promised(self, company, today, known):
        """Return the query of promised parts; a promise past its deadline does not count, judged or not."""
        return SQL(
            """
            SELECT agreed.move_line_id AS line_id, %(kind)s AS kind, promise.date AS expected_on,
                   %(open_part)s AS amount, agreed.id
              FROM ar_promise promise
              JOIN ar_promise_line agreed ON agreed.promise_id = promise.id
              JOIN touched item ON item.id = agreed.move_line_id
              %(credited)s
             WHERE promise.company_id = %(company)s AND promise.promised_on <= %(known)s
               AND promise.date_deadline >= %(today)s AND (promise.state = 'open' OR promise.ended_on > %(known)s)
            """,
            kind=PROMISE,
            open_part=self._open_part(),
            credited=self._join_credited(known),
            company=company.id,
            today=today,
            known=known,
        )

    @api.model
    def _select_planned(self, company, known):
        """Return the query of planned parts: what is left of a plan's items, matched with its unpaid installments.

        Items and installments are both stacked from the latest to the oldest, so that paid amounts reduce the oldest
        installments. Disputed amounts come first and reduce the last installments, as in reminders.
        """
        return SQL(
            """
            SELECT part.move_line_id, %(kind)s, installment.date,
                   LEAST(part.reach, installment.reach)
                       - GREATEST(part.reach - part.amount, installment.reach - installment.amount), installment.id
              FROM (SELECT planned.plan_id, planned.move_line_id, LEAST(planned.amount, planned.available) AS amount,
                           SUM(GREATEST(planned.amount - planned.available, 0)) OVER (PARTITION BY planned.plan_id)
                           + SUM(LEAST(planned.amount, planned.available)) OVER (
                               PARTITION BY planned.plan_id
                                   ORDER BY planned.due_date DESC, planned.move_line_id DESC) AS reach
                      FROM (SELECT agreed.plan_id, agreed.move_line_id, item.due_date, %(open_part)s AS amount,
                                   GREATEST(item.own - COALESCE(contested.amount, 0), 0) AS available
                              FROM ar_payment_plan plan
                              JOIN ar_payment_plan_line agreed ON agreed.plan_id = plan.id
                              JOIN touched item ON item.id = agreed.move_line_id
                         LEFT JOIN disputed contested ON contested.line_id = item.id
                              %(credited)s
                             WHERE plan.company_id = %(company)s AND plan.activated_on <= %(known)s
                               AND (plan.state = 'active' OR plan.ended_on > %(known)s)) planned) part
              JOIN (SELECT id, plan_id, date, amount, SUM(amount) OVER (
                           PARTITION BY plan_id ORDER BY date DESC, number DESC) AS reach
                      FROM ar_payment_plan_installment WHERE company_id = %(company)s) installment
                ON installment.plan_id = part.plan_id AND installment.reach > part.reach - part.amount
               AND part.reach > installment.reach - installment.amount
            """,
            kind=PLAN,
            open_part=self._open_part(),
            credited=self._join_credited(known),
            company=company.id,
            known=known,
        )

    @api.model
    def _select_disputed(self, company, known):
        """Return the query, one row per item, of amounts in open disputes, or accepted and not yet credited."""
        return SQL(
            """
            SELECT claim.move_line_id, %(kind)s, NULL::date, claim.contested + GREATEST(claim.granted
                       - GREATEST(COALESCE(credited.amount, 0) - claim.credited_before, 0), 0), claim.id
              FROM (SELECT agreed.move_line_id, MIN(agreed.id) AS id,
                           COALESCE(SUM(agreed.amount) FILTER (WHERE is_open), 0) AS contested,
                           COALESCE(SUM(agreed.amount_accepted) FILTER (WHERE NOT is_open), 0) AS granted,
                           COALESCE(MIN(agreed.credited_before) FILTER (WHERE NOT is_open), 0) AS credited_before
                      FROM (SELECT id, state IN ('new', 'review') OR date_resolved > %(known)s AS is_open
                              FROM ar_dispute
                             WHERE company_id = %(company)s AND date_raised <= %(known)s
                               AND (state IN ('new', 'review', 'accepted', 'partly')
                                    OR date_resolved > %(known)s)) dispute
                      JOIN ar_dispute_line agreed ON agreed.dispute_id = dispute.id
                     WHERE agreed.move_line_id IS NOT NULL
                  GROUP BY agreed.move_line_id) claim
         LEFT JOIN LATERAL (%(credits)s AND partial.debit_move_id = claim.move_line_id AND claim.granted > 0
                               AND partial.max_date <= %(known)s
                            GROUP BY partial.debit_move_id) credited ON TRUE
            """,
            kind=DISPUTED,
            credits=CREDITED,
            company=company.id,
            known=known,
        )

    # === OPEN PART OF AN AGREEMENT, as in `core.agreements.settlement` === #

    @api.model
    def _join_credited(self, known):
        """Return the join of credited amounts on items of ``agreed`` of which only a part is agreed."""
        return SQL(
            """
            LEFT JOIN LATERAL (%s AND partial.debit_move_id = agreed.move_line_id
                                  AND agreed.residual_before > agreed.amount AND partial.max_date <= %s
                               GROUP BY partial.debit_move_id) credited ON TRUE
            """,
            CREDITED,
            known,
        )

    @api.model
    def _open_part(self):
        """Return the SQL expression of the open part of ``agreed``: payments settle it first, credit notes last."""
        credited_outside = SQL(
            "GREATEST(LEAST(COALESCE(credited.amount, 0) - COALESCE(agreed.credited_before, 0),"
            " agreed.residual_before - agreed.amount), 0)"
        )
        return SQL(
            "GREATEST(LEAST(agreed.amount - GREATEST(agreed.residual_before - %s - item.own, 0), item.own), 0)",
            credited_outside,
        )
