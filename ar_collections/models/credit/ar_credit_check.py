import logging
from dataclasses import replace

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import LockError

from ...core.credit.effect import BLOCK, WARN, check
from ...core.credit.limit import NO_LIMIT
from ...core.credit.rules import FOR_EVERYBODY, GOOD
from ...core.money import ZERO
from ..customers.core_flow import ignore_failure

_logger = logging.getLogger(__name__)


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
        # sudo: who confirms a document needs no role of ours; the customers are those of the documents.
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
    def _find_newcomers(self, partners, root, kinds):
        """Return the commercial partners without an account who need one, or else nothing checks their documents.

        Accounts are made for who owes something, which is after the first order and the first invoice: too late for the
        limit of a group, and for rules about new customers. All members of the group of one of these are among them,
        because what they ordered counts for it.

        :param partners: commercial partners of documents, in superuser mode
        :param root: a company without parent
        :param kinds: of the documents, see `core.credit.effect`
        """
        members = self.env["ar.credit.standing"]._find_group_partners(partners, root)
        missing = self.env["ar.customer"]._without_account(partners | members, root)
        return (missing & members) | self._find_ruled(missing - members, root, kinds)

    @api.model
    def _ensure_accounts(self, missing):
        """Create the accounts of the partners that `_find_newcomers` found.

        :param missing: {root company: partners}
        :raise LockError: when another transaction creates one of them: it is not seen yet, and would not be checked
        """
        if not any(missing.values()):
            return
        busy = None
        with ignore_failure(self.env, "the accounts of new customers to check"):
            try:
                with self.env.cr.savepoint():
                    for root, partners in missing.items():
                        self.env["ar.customer"]._ensure_for_partners(partners, root)
            except UniqueViolation as error:
                busy = error
        if busy is not None:
            raise LockError(self.env._("The account is in use. Please try again in a moment.")) from busy
        if not modules.module.current_test:  # tests look at one transaction
            registry, ids = self.env.registry, {root.id: partners.ids for root, partners in missing.items()}
            self.env.cr.postrollback.add(lambda: _store_accounts(registry, ids))

    @api.model
    def _find_ruled(self, partners, root, kinds):
        """Return those of the partners whose policy would warn of documents of these kinds, or block them, by a rule
        that may concern customers of whom nothing is known yet; parameters as above.
        """
        # sudo: policies decide whoever confirms the document; only the partners are returned.
        policies = self.env["ar.credit.policy"].sudo()
        effects = fields.Domain.OR(fields.Domain(f"effect_{kind}", "in", (WARN, BLOCK)) for kind in sorted(kinds))
        domain = effects & fields.Domain("rule_ids.code", "in", FOR_EVERYBODY)
        strict = policies.search(domain & fields.Domain("company_id", "=", root.id)) if partners else policies
        if not strict:
            return partners.browse()
        matched = root.sudo().ar_policy_ids.filtered("active")._match_partners(partners)  # as above
        return partners.filtered(lambda partner: matched.get(partner.id) in strict)

    @api.model
    def _add_others(self, standing, amount):
        """Return the standing of a member of a group after others of it took some of the limit."""
        group = standing.facts.group
        if group is None or not amount:
            return standing
        group = replace(group, others=group.others + amount)
        return replace(standing, facts=replace(standing.facts, group=group))


def _store_accounts(registry, ids):
    """Create the accounts in a transaction of its own: a document that is held is rolled back with them, and without
    an account it would neither show why it is held, nor could it be released.

    :param dict ids: {id of the root company: ids of commercial partners}
    """
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for root_id, partner_ids in ids.items():
                partners = env["res.partner"].browse(partner_ids).exists()  # what was rolled back may have made them
                env["ar.customer"]._ensure_for_partners(partners, env["res.company"].browse(root_id))
    except Exception:  # the next check creates them
        _logger.info("The accounts of customers on hold are not created", exc_info=True)
