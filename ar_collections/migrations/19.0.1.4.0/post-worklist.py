"""From 19.0.1.3: the worklist shows debts by age, which are stored here until the next nightly run."""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

#: Accounts that are read together.
BATCH = 1000


def migrate(cr, version):
    """Store the debts by age of accounts that owe something. It may run again."""
    if not version:
        return
    accounts = api.Environment(cr, SUPERUSER_ID, {})["ar.customer"].with_context(tracking_disable=True)
    for company, customers in accounts.search([("balance", "!=", 0)]).grouped("company_id").items():
        for batch in split_every(BATCH, customers.ids, accounts.browse):
            batch.with_company(company)._store_aged(company._ar_today())
            batch.env.flush_all()
            batch.invalidate_recordset()
