from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....core.autopay.outcomes import DECLINED
from ....core.credit.features import SHORT_PAYMENTS


class ArCreditBehaviorCounts(models.AbstractModel):
    """Counts what became of promises, installments, payments and disputes of customers: one query for all."""

    _inherit = "ar.credit.behavior"

    @api.model
    def _read_counts(self, partners, companies, since, today):
        """Return {partner id: {code: number of events since a day}}.

        Codes: ``kept`` and ``broken`` (promises and installments), ``returned`` (payments that came back, and
        installments whose automatic payment was declined), ``rejected`` (disputes).
        """
        values = {"partners": partners.ids, "companies": companies.ids, "since": since, "today": today}
        values["declined"] = list(DECLINED)
        queries = (self._select_promises, self._select_installments, self._select_returned, self._select_rejected)
        union = SQL(" UNION ALL ").join(query(values) for query in queries)
        counts = defaultdict(lambda: defaultdict(int))
        for partner_id, code, number in self.env.execute_query(union):
            counts[partner_id][code] += number
        return counts

    @api.model
    def _read_short_payments(self, partners, companies, since, today):
        """Return {partner id: number of payments below what was due}. Extension point: not known here.

        :param partners: commercial partners
        :param companies: a root company and its branches
        """
        return {}

    @api.model
    def _get_unread_features(self):
        """Return the codes of the features that nothing reads, whose weights would have no effect.

        :rtype: list[str]
        """
        is_read = type(self)._read_short_payments is not ArCreditBehaviorCounts._read_short_payments
        return [] if is_read else [SHORT_PAYMENTS]

    @api.model
    def _select_promises(self, values):
        return SQL(
            """
            SELECT partner_id, CASE state WHEN 'kept' THEN 'kept' ELSE 'broken' END AS code, COUNT(*) AS number
              FROM ar_promise
             WHERE partner_id = ANY(%(partners)s) AND company_id = ANY(%(companies)s)
               AND state IN ('kept', 'partly', 'broken') AND ended_on > %(since)s
          GROUP BY 1, 2
            """,
            **values,
        )

    @api.model
    def _select_installments(self, values):
        """Return the query of installments whose time has passed; of plans that ended before, only missed ones."""
        return SQL(
            """
            SELECT plan.partner_id, CASE WHEN installment.missed_on IS NULL THEN 'kept' ELSE 'broken' END, COUNT(*)
              FROM ar_payment_plan_installment installment
              JOIN ar_payment_plan plan ON plan.id = installment.plan_id
             WHERE plan.partner_id = ANY(%(partners)s) AND plan.company_id = ANY(%(companies)s)
               AND installment.date > %(since)s
               AND (installment.missed_on IS NOT NULL OR plan.state = 'completed'
                    OR plan.state = 'active' AND installment.date + plan.grace_days < %(today)s)
          GROUP BY 1, 2
            """,
            **values,
        )

    @api.model
    def _select_returned(self, values):
        """Return the query of payments that came back, each once whatever it paid, and of declined installments."""
        return SQL(
            """
            SELECT account.partner_id, 'returned',
                   COUNT(DISTINCT COALESCE(returned.counterpart_move_id::text, returned.payment, returned.id::text))
              FROM ar_returned_payment returned
              JOIN ar_customer account ON account.id = returned.customer_id
             WHERE account.partner_id = ANY(%(partners)s) AND returned.company_id = ANY(%(companies)s)
               AND returned.state = 'returned' AND returned.is_credit IS NOT TRUE AND returned.date > %(since)s
          GROUP BY 1
         UNION ALL
            SELECT account.partner_id, 'returned', COUNT(DISTINCT charge.installment_id)
              FROM ar_autopay_charge charge
              JOIN ar_customer account ON account.id = charge.customer_id
             WHERE account.partner_id = ANY(%(partners)s) AND charge.company_id = ANY(%(companies)s)
               AND charge.outcome = ANY(%(declined)s) AND charge.settled_on > %(since)s
          GROUP BY 1
            """,
            **values,
        )

    @api.model
    def _select_rejected(self, values):
        return SQL(
            """
            SELECT partner_id, 'rejected', COUNT(*)
              FROM ar_dispute
             WHERE partner_id = ANY(%(partners)s) AND company_id = ANY(%(companies)s)
               AND state = 'rejected' AND date_resolved > %(since)s
          GROUP BY 1
            """,
            **values,
        )
