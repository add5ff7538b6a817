"""From 19.0.1.3: overdue amounts are those of the aging, credits beside them; the best possible DSO counts credits."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Store overdue amounts and credits of the accounts, and the figures of earlier days. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):
        cr.execute(
            SQL(
                """
                UPDATE ar_customer account
                   SET overdue = ledger.overdue, credits = ledger.credits
                  FROM (%s) ledger
                 WHERE account.partner_id = ledger.partner_id AND account.company_id = %s
                """,
                env["ar.top.debtor"].with_company(company)._select_sums(company),
                company.id,
            )
        )
    cr.execute(
        """
        UPDATE ar_metric_snapshot
           SET best_dso = GREATEST(dso_simple * not_due / debts, 0),
               average_days_delinquent = dso_simple - GREATEST(dso_simple * not_due / debts, 0)
          FROM (SELECT id, receivable - credits AS debts FROM ar_metric_snapshot) books
         WHERE books.id = ar_metric_snapshot.id AND dso_simple IS NOT NULL AND debts > 0
        """
    )
