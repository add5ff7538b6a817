from collections import defaultdict
from decimal import Decimal

from odoo import api, models, tools
from odoo.tools import SQL

from ....core.credit.insurance import InsuredItem, find_gaps, start_clock
from ....core.money import ZERO
from ...customers.sql import DUE_DATE, JOIN_DEBTOR, is_paid_out, of_customers


class ArCreditInsurance(models.AbstractModel):
    """Reads what is insured of a batch of customers, with one query: the open invoices and their original due dates."""

    _name = "ar.credit.insurance"
    _description = "Credit Insurance of Customers"

    @tools.ormcache()
    def _is_used(self):
        """Return whether any customer is insured; cleared by `_note_use`."""
        return bool(self.env.execute_query(SQL("SELECT 1 FROM ar_customer WHERE insured_amount > 0 LIMIT 1")))

    @api.model
    def _note_use(self, accounts):
        """Tell all workers that customers are insured, which is read from a cache; called each night, too.

        :param accounts: ar.customer, some of them insured
        """
        if any(account.insured_amount for account in accounts.sudo()) and not self._is_used():  # figures alone
            self.env.registry.clear_cache()

    @api.model
    def _read_items(self, accounts):
        """Return {account: [InsuredItem, …]} of the open invoices, the oldest first.

        :param accounts: of one root company, in superuser mode
        """
        companies = self.env["ar.facts"]._get_branches(accounts.company_id)
        receivable_ids = self.env["ar.facts"]._get_receivable_account_ids(companies)
        found = defaultdict(list)
        if not receivable_ids:
            return found
        self.env.flush_all()
        by_partner = {account.partner_id.id: account for account in accounts}
        for partner_id, item_id, day, residual in self._select_items(accounts, companies, receivable_ids):
            found[by_partner[partner_id]].append(InsuredItem(item_id, day, Decimal(residual)))
        return found

    @api.model
    def _select_items(self, accounts, companies, receivable_ids):
        """Return [(partner id, item id, original due date, residual in company currency)]."""
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, line.id,
                       LEAST(line.ar_original_due_date, %(due_date)s), line.amount_residual::text
                  FROM account_move_line line
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual > 0
                   AND NOT (%(paid_out)s)
              ORDER BY 3, line.id
                """,
                due_date=DUE_DATE,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(receivable_ids),
                of_customers=of_customers(accounts.partner_id.ids),
                companies=companies.ids,
                paid_out=is_paid_out(SQL("line.amount_residual > 0")),
            )
        )

    @api.model
    def _read_clocks(self, accounts):
        """Return {account: (Clock or None, insured debt)} of those of the accounts that are insured.

        :param accounts: of one root company, in superuser mode
        """
        insured = accounts.filtered(lambda account: account._get_insurance() is not None)
        self._note_use(insured)
        items = self._read_items(insured) if insured else {}
        return {
            account: (
                start_clock(items[account], account._get_insurance(), *account._get_insurer_steps(items[account])),
                sum((item.residual for item in items[account]), ZERO),
            )
            for account in insured
        }

    @api.model
    def _read_gaps(self, accounts, today):
        """Return {account: (code, …)}: why the insurance of these accounts does not cover further deliveries.

        :param accounts: of one root company, in superuser mode
        """
        clocks = self._read_clocks(accounts)
        return {
            account: find_gaps(account._get_insurance(), clock, owed, account._get_insured_terms(today), today)
            for account, (clock, owed) in clocks.items()
        }
