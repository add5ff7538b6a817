from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ....const import RISK_CLASSES

#: What is compared with now, in months ago.
QUARTER = 3


class ArCreditMigration(models.Model):
    """The risk class of customers a quarter ago and now: who got better, who got worse. A query, nothing is stored."""

    _name = "ar.credit.migration"
    _inherit = "ar.report.mixin"
    _description = "Class Migration"
    _auto = False
    _order = "movement desc, exposure desc, id"
    _rec_name = "partner_id"
    _depends = {
        "ar.customer": [
            "active", "balance", "company_id", "exposure", "partner_id", "policy_id", "risk_class", "risk_score",
            "risk_source", "user_id",
        ],
        "ar.credit.score": ["customer_id", "date", "risk_class", "score"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    class_before = fields.Selection(
        [*RISK_CLASSES, ("new", "New")], "A Quarter ago", readonly=True, help="New: the customer had no class yet."
    )
    class_now = fields.Selection(RISK_CLASSES, "Now", readonly=True)
    movement = fields.Selection(
        [("better", "Better"), ("new", "New"), ("same", "Same"), ("worse", "Worse")], readonly=True
    )
    score_before = fields.Float("Score a Quarter ago", readonly=True, digits=(4, 1), aggregator="avg")
    score_now = fields.Float("Score", readonly=True, digits=(4, 1), aggregator="avg")
    is_overridden = fields.Boolean("Set Manually", readonly=True)
    balance = fields.Monetary("Balance of the Last Run", readonly=True)
    exposure = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Return the query of the accounts with a class, in the user's companies that are no branches."""
        roots = self.env.companies.filtered(lambda company: not company.parent_id)
        parts = [self._select_migrations(company) for company in roots or self.env.companies[:1]]
        return SQL(" UNION ALL ").join(parts)

    def _select_migrations(self, company):
        """Return the query of a root company."""
        return SQL(
            """
            SELECT account.id, account.company_id, account.id AS customer_id, account.partner_id, account.policy_id,
                   COALESCE(before.risk_class, 'new') AS class_before, account.risk_class AS class_now,
                   CASE WHEN before.risk_class IS NULL THEN 'new'
                        WHEN before.risk_class = account.risk_class THEN 'same'
                        WHEN before.risk_class > account.risk_class THEN 'better' ELSE 'worse' END AS movement,
                   before.score AS score_before, account.risk_score AS score_now,
                   account.risk_source = 'overridden' AS is_overridden, account.balance, account.exposure
              FROM ar_customer account
         LEFT JOIN LATERAL (SELECT score, risk_class FROM ar_credit_score
                             WHERE customer_id = account.id AND date <= %(day)s
                          ORDER BY date DESC LIMIT 1) before ON TRUE
             WHERE account.company_id = %(company)s AND account.risk_class IS NOT NULL AND account.active
            """,
            company=company.id,
            day=company._ar_today() - relativedelta(months=QUARTER),
        )
