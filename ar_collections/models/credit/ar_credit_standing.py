from odoo import api, models

from ...core.credit.effect import Standing
from ...core.credit.exposure import group_exposure
from ...core.credit.limit import room_left
from ...core.credit.rules import OVER_GROUP_LIMIT, OVER_LIMIT, CreditFacts, CreditRule, GroupLimit

#: The rules of customers without a policy: with a limit, more than it is over the limit.
RULES = (CreditRule(OVER_LIMIT), CreditRule(OVER_GROUP_LIMIT))


class ArCreditStanding(models.AbstractModel):
    """Reads all that decides about the documents of customers at one moment, set-based.

    The stored exposure is never used: it may be some minutes old.
    """

    _name = "ar.credit.standing"
    _description = "Facts for the Credit Status of Customers"

    @api.model
    def _read(self, accounts, today, exposures=None):
        """Return {account: core.credit.effect.Standing}.

        :param accounts: in superuser mode; of one root company, which hold limits
        :param date today: the company's date
        :param exposures: {account: core.credit.exposure.Exposure} that were read in this transaction already
        """
        accounts = accounts.filtered("partner_id")
        if not accounts:
            return {}
        heads = self._find_heads(accounts)
        members = {head: head._get_group_members() for head in accounts.browse().union(*heads.values())}
        exposures = dict(exposures or {})
        unread = accounts.union(*members.values()).filtered("partner_id") - accounts.browse().union(*exposures)
        exposures |= unread._calculate_exposure(today)
        rules = accounts.policy_id._get_credit_rules()
        used = {rule.code for account in accounts for rule in rules.get(account.policy_id, RULES)}
        facts = self.env["ar.credit.facts"]._read(accounts, today, used)
        exclusions = self.env["ar.credit.exclusion"]._read(accounts, today)
        insolvent = self._read_insolvent(accounts, today)
        return {
            account: Standing(
                facts=CreditFacts(
                    limit=account._get_credit_limit(today),
                    limit_until=account._get_limit_terms().end(today),
                    exposure=exposures[account].total,
                    unknown=exposures[account].unknown,
                    group=self._get_group(account, heads[account], members, exposures, today),
                    insured_until=(account.insured_amount and account.insured_until) or None,
                    forced=account._get_forced_hold(today),
                    insolvent_since=insolvent.get(account),
                    **facts[account],
                ),
                rules=rules.get(account.policy_id, RULES),
                exclusions=exclusions[account],
                stored=account._get_stored_status(),
                effects=account.policy_id._get_effect_rules(),
                releases_itself=account.policy_id.releases_itself if account.policy_id else True,
            )
            for account in accounts
        }

    @api.model
    def _read_insolvent(self, accounts, today):
        """Return {account: opening of insolvency proceedings that are not over}; extension point, none without it.

        :param accounts: of one root company, in superuser mode
        """
        return {}

    @api.model
    def _find_heads(self, accounts):
        """Return {account: accounts whose limit of a group counts for it, the nearest first}; one query for all.

        :param accounts: of one root company, in superuser mode
        """
        heads = {account: account.browse() for account in accounts}
        if not accounts:
            return heads
        found = self._search_heads(accounts.company_id)
        by_partner = {head.partner_id: head for head in found}
        for account in accounts if found else ():
            partner, seen = account.partner_id, set()
            while partner and partner not in seen:
                seen.add(partner)
                heads[account] |= by_partner.get(partner, heads[account])
                partner = partner.parent_id
        return heads

    @api.model
    def _search_heads(self, company):
        """Return the accounts whose limit is that of a group, in superuser mode: it counts for whoever works.

        One that was merged into another account is none: the limit passed to that account.

        :param company: a company without parent
        """
        everybody = self.env["ar.customer"].sudo().with_context(active_test=False)  # who archives one ends no limit
        return everybody.search(
            [("company_id", "=", company.id), ("is_group_limit", "=", True), ("merged_into_id", "=", False)]
        )

    @api.model
    def _find_group_partners(self, partners, company):
        """Return all commercial partners of the groups with a limit to which these belong, with or without account.

        :param partners: commercial partners
        :param company: a company without parent
        """
        heads, above = self._search_heads(company), set()
        for partner in partners if heads else ():
            while partner and partner not in above:
                above.add(partner)
                partner = partner.parent_id
        heads = heads.filtered(lambda head: head.partner_id in above)
        return heads._get_group_partners() if heads else partners.browse()

    @api.model
    def _get_group(self, account, heads, members, exposures, today):
        """Return the limit of the group with the least room, ``None`` where the account belongs to none.

        :rtype: core.credit.rules.GroupLimit
        """
        found = []
        for head in heads:
            limit = head._get_credit_limit(today)
            others = group_exposure(exposures[member].total for member in members[head] - account if member.partner_id)
            room = room_left(limit, exposures[account].total, others)
            if room is not None:
                found.append((room, GroupLimit(limit, others)))
        return min(found, key=lambda pair: pair[0])[1] if found else None
