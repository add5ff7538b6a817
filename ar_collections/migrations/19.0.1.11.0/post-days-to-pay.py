"""From 19.0.1.10: invoices with an installment of which nothing is paid no longer count in days to pay and days late.

A snapshot is stored for good, so those of companies with installments are computed again, the two figures alone.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.ar_collections.core.metrics.periods import month_ending

#: Companies with a customer invoice that has several installments.
WITH_INSTALLMENTS = """
    SELECT DISTINCT company_id
      FROM (SELECT line.company_id
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
             WHERE move.move_type = 'out_invoice' AND move.state = 'posted' AND line.display_type = 'payment_term'
          GROUP BY line.move_id, line.company_id
            HAVING COUNT(*) > 1) installments
"""


def migrate(cr, version):
    """Store the two figures of the snapshots. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(WITH_INSTALLMENTS)
    company_ids = [company_id for (company_id,) in cr.fetchall()]
    for snapshot in env["ar.metric.snapshot"].search([("company_id", "in", company_ids)]):
        company = snapshot.company_id
        paid = env["ar.metrics"].with_company(company)._read_paid(company, month_ending(snapshot.date))
        snapshot.write(
            {
                "weighted_days_to_pay": float(paid.amount_days / paid.amount) if paid.amount else None,
                "weighted_days_late": float(paid.amount_days_late / paid.amount) if paid.amount else None,
            }
        )
