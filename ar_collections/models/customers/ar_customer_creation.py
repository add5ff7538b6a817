from odoo import api, models
from odoo.tools import SQL, split_every

from ...core.facts import ITEMS_ONLY
from .sql import JOIN_DEBTOR


class ArCustomerCreation(models.Model):
    """Accounts are created for who owes something, or has credits."""

    _inherit = "ar.customer"

    @api.model
    def _ensure_for_company(self, company):
        """Create an account, with its balance, for every partner with open receivables that has none yet.

        :return: the accounts created
        """
        accounts = self._ensure_for_partners(self._find_without_account(company), company)
        for batch in split_every(1000, accounts.ids, self.browse):
            facts = self.env["ar.facts"]._gather(batch, company._ar_today(), ITEMS_ONLY)
            balances = {
                customer.id: self.env["ar.facts"]._balance_of(facts[customer.id], company._ar_today())
                for customer in batch
            }
            batch.sudo()._write_results(balances)  # users may not write balances
        return accounts

    @api.model
    def _find_without_account(self, company):
        """Return the commercial partners that owe something, or have credits, and have no account in the company.

        One query, because nearly always there is none.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owing.partner_id
                  FROM (%(owing)s) owing
                 WHERE NOT EXISTS (SELECT FROM ar_customer account
                                    WHERE account.partner_id = owing.partner_id AND account.company_id = %(company)s
                                      AND account.merged_into_id IS NULL)
              ORDER BY 1
                """,
                owing=self._select_owing(company),
                company=company.id,
            )
        )
        return self.env["res.partner"].browse([partner_id for (partner_id,) in rows])

    @api.model
    def _select_owing(self, company):
        """Return the query of the commercial partners with open items or credits in the company's receivable accounts.

        What is pending is written to the database, which the query reads.
        """
        self.env.flush_all()
        return SQL(
            """
            SELECT DISTINCT debtor.commercial_partner_id AS partner_id
              FROM (SELECT DISTINCT partner_id
                      FROM account_move_line
                     WHERE account_id = ANY(%(accounts)s) AND company_id = %(company)s
                       AND parent_state = 'posted' AND reconciled IS NOT TRUE) line
              %(join_debtor)s
            """,
            accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
            company=company.id,
            join_debtor=JOIN_DEBTOR,
        )

    @api.model
    def _without_account(self, partners, company):
        """Return those of the commercial partners that have no account in the company, or one that was merged."""
        accounts = self.sudo().with_context(active_test=False)  # users without a role create them by invoicing
        domain = [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("merged_into_id", "=", False)]
        return partners - accounts.search_fetch(domain, ["partner_id"], order="id").partner_id

    @api.model
    def _ensure_for_partners(self, partners, company):
        """Create an account for each of the commercial partners that has none in the company.

        An account that was merged while the contact belonged to another customer is used again.

        :return: the accounts created or used again
        """
        accounts = self.sudo().with_context(active_test=False)  # users without a role create them by invoicing
        known = accounts.search([("partner_id", "in", partners.ids), ("company_id", "=", company.id)])
        merged = known.filtered("merged_into_id")
        merged._revive()
        unlogged = accounts.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
        having = set(known.partner_id.ids)
        missing = [{"partner_id": p.id, "company_id": company.id} for p in partners if p.id not in having]
        return unlogged.create(missing) | merged
