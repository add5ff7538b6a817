from dataclasses import replace

from odoo import api, models

from ...core.credit.effect import check
from ...core.credit.limit import NO_LIMIT
from ...core.credit.rules import GOOD
from ...core.money import ZERO


class ArCreditCheck(models.AbstractModel):
    """Checks documents that are to be confirmed, delivered or posted together.

    Decision 0021 says how; the sibling add-ons for orders and deliveries call it, too.
    """

    _name = "ar.credit.check"
    _description = "Credit Check of Documents"

    @api.model
    def _check(self, documents, company, lock=True):
        """Return {document id: core.credit.effect.DocumentEffect}.

        Documents of customers whom neither a limit nor a rule concerns are left out.

        Access rights do not matter: who confirms a document of its own need not read all about the customer.

        :param documents: {commercial partner: [core.credit.effect.Document, …]}, all of one kind of record, in the
            order in which they are taken; their amounts are in the currency of the root company
        :param company: the company of the documents; its root company holds the limits
        :param bool lock: take the lock of the accounts until the end of the transaction, as for each real check; what
            is shown needs none
        :raise LockError: when another transaction holds an account
        """
        accounts = self._find_accounts(documents, company.sudo().root_id)  # the user may work for a branch alone
        if not accounts:
            return {}
        heads = self.env["ar.credit.standing"]._find_heads(accounts)
        if lock:
            accounts.union(*heads.values())._lock_rows()
        today = company.sudo().root_id._ar_today()  # as above
        standings = self.env["ar.credit.standing"]._read(accounts, today)
        results, taken = {}, {}
        for account in accounts:
            related = [amount for other, amount in taken.items() if heads[other] & heads[account]]
            standing = self._add_others(standings[account], sum(related, ZERO))
            effects = check(documents[account.partner_id], standing, today)
            taken[account] = max(sum((effect.taken for effect in effects), ZERO), ZERO)
            results |= {effect.document_id: effect for effect in effects}
        return results

    @api.model
    def _find_accounts(self, partners, root):
        """Return the accounts, in superuser mode, of the partners for whom something is to be checked.

        :param partners: commercial partners
        :param root: a company without parent
        """
        customers = self.env["ar.customer"].sudo()
        if not self.env["ar.credit.stale"]._is_used():
            return customers
        ids = [partner.id for partner in partners]
        domain = [("partner_id", "in", ids), ("company_id", "=", root.id), ("merged_into_id", "=", False)]
        everybody = customers.with_context(active_test=False)  # who archives an account ends no limit
        accounts = everybody.search(domain, order="id").with_env(customers.env)
        strict = accounts.policy_id.filtered_domain(accounts.policy_id._get_strict_domain())
        heads = self.env["ar.credit.standing"]._find_heads(accounts)
        return accounts.filtered(
            lambda account: (
                account.policy_id in strict
                or account._get_credit_limit().kind != NO_LIMIT
                or account.credit_status != GOOD
                or heads[account]
            )
        )

    @api.model
    def _add_others(self, standing, amount):
        """Return the standing of a member of a group after others of it took some of the limit."""
        group = standing.facts.group
        if group is None or not amount:
            return standing
        group = replace(group, others=group.others + amount)
        return replace(standing, facts=replace(standing.facts, group=group))
