from odoo import api, fields, models
from odoo.tools import SQL

from ....const import RISK_CLASSES, RISK_SOURCES


class ArCreditScore(models.Model):
    """The history of scores: a row for the day on which class or source changed, or the score by a point or more."""

    _name = "ar.credit.score"
    _description = "Risk Score of a Day"
    _order = "date desc, id desc"
    _log_access = False  # filled by SQL only

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    score = fields.Float(readonly=True, digits=(4, 1), aggregator="avg")
    risk_class = fields.Selection(RISK_CLASSES, required=True, readonly=True)
    source = fields.Selection(RISK_SOURCES, required=True, readonly=True)

    _once_a_day = models.UniqueIndex("(customer_id, date)")

    @api.model
    def _append(self, account_ids, today):
        """Add a row for those of the accounts whose stored score or class differs from their last row.

        :param date today: the company's date; a second change of a day replaces the first
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ar_credit_score AS kept (customer_id, company_id, date, score, risk_class, source)
                SELECT account.id, account.company_id, %(today)s, account.risk_score, account.risk_class,
                       account.risk_source
                  FROM ar_customer account
             LEFT JOIN LATERAL (SELECT score, risk_class, source FROM ar_credit_score
                                 WHERE customer_id = account.id AND date <= %(today)s
                              ORDER BY date DESC LIMIT 1) last ON TRUE
                 WHERE account.id = ANY(%(accounts)s) AND account.risk_class IS NOT NULL
                   AND ((account.risk_class, account.risk_source) IS DISTINCT FROM (last.risk_class, last.source)
                        OR (account.risk_score IS NULL) <> (last.score IS NULL)
                        OR ABS(account.risk_score - last.score) >= 1)
                ON CONFLICT (customer_id, date) DO UPDATE
                   SET score = EXCLUDED.score, risk_class = EXCLUDED.risk_class, source = EXCLUDED.source
                """,
                accounts=list(account_ids),
                today=today,
            )
        )
        self.invalidate_model(flush=False)
