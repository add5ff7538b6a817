from odoo import api, models

from ...core.credit.effect import Standing
from ...core.credit.exposure import group_exposure
from ...core.credit.limit import room_left
from ...core.credit.rules import OVER_GROUP_LIMIT, OVER_LIMIT, CreditFacts, CreditRule, GroupLimit

#: The rules of every policy: with a limit, more than it is over the limit.
RULES = (CreditRule(OVER_LIMIT), CreditRule(OVER_GROUP_LIMIT))


class ArCreditStanding(models.AbstractModel):
    """Reads all that decides about the documents of customers at one moment, set-based.

    The stored exposure is never used: it may be some minutes old.
    """

    _name = "ar.credit.standing"
    _description = "Facts for the Credit Status of Customers"

    @api.model
    def _read(self, accounts, today):
        """Return {account: core.credit.effect.Standing}.

        :param accounts: in superuser mode; of one root company, which hold limits
        :param date today: the company's date
        """
        heads = {account: account._get_group_heads() for account in accounts}
        members = {head: head._get_group_members() for head in accounts.browse().union(*heads.values())}
        exposures = accounts.union(*members.values())._calculate_exposure(today)
        return {
            account: Standing(
                facts=CreditFacts(
                    limit=account._get_credit_limit(today),
                    limit_until=account._get_limit_terms().end(today),
                    exposure=exposures[account].total,
                    unknown=exposures[account].unknown,
                    group=self._get_group(account, heads[account], members, exposures, today),
                ),
                rules=RULES,
                effects=account.policy_id._get_effect_rules(),
                releases_itself=account.policy_id.releases_itself if account.policy_id else True,
            )
            for account in accounts
        }

    @api.model
    def _get_group(self, account, heads, members, exposures, today):
        """Return the limit of the group with the least room, ``None`` where the account belongs to none.

        :rtype: core.credit.rules.GroupLimit
        """
        found = []
        for head in heads:
            limit = head._get_credit_limit(today)
            others = group_exposure(exposures[member].total for member in members[head] - account)
            room = room_left(limit, exposures[account].total, others)
            if room is not None:
                found.append((room, GroupLimit(limit, others)))
        return min(found, key=lambda pair: pair[0])[1] if found else None
