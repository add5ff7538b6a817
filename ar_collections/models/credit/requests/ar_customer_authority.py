from odoo import models
from odoo.exceptions import UserError

from ....core.credit.limit import AMOUNT, CreditRefused, Limit
from ....core.credit.request import NO_AUTHORITY, find_authority
from ....core.credit.rules import OVER_GROUP_LIMIT, OVER_LIMIT
from ....core.money import ZERO
from ..ar_customer_limit import LIMIT_FIELDS

#: The rules that keep a customer within a limit, its own or that of its group.
LIMIT_RULES = (OVER_LIMIT, OVER_GROUP_LIMIT)


class ArCustomerAuthority(models.Model):
    """What lets a customer owe more, by the hand of one person: the same authority and four eyes as for requests."""

    _inherit = "ar.customer"

    def write(self, vals):
        """Override to check who raises a limit by hand; our own code writes approved ones in superuser mode.

        :raise UserError: where a request is needed instead
        """
        if self.env.su or vals.keys().isdisjoint((*LIMIT_FIELDS, "is_group_limit", "policy_override_id")):
            return super().write(vals)
        accounts = self.filtered(lambda _customer: self._has_role("auditor"))  # others may write nothing of it
        before = {account: (account._get_limit_terms(), account.is_group_limit) for account in accounts}
        policies = {account: account.policy_id for account in accounts}
        result = super().write(vals)
        for account, (terms, is_group_limit) in before.items():
            policies[account]._check_left_for(account.policy_id)
            account._check_raised(terms)
            if is_group_limit and not account.is_group_limit and terms.limit.ceiling is not None:
                account._check_alone(Limit(), self.env._("request “No limit” for it first"))
        return result

    def _check_raised(self, before):
        """Check that the user may raise the limit, or the temporary one, alone; a later last day raises it, too.

        :param before: the `LimitTerms` before the change
        """
        self.ensure_one()
        now = self._get_limit_terms()
        goes_on = now.until and before.until and now.until > before.until  # for longer than it was approved
        temporary = before.limit if goes_on else before.temporary or before.limit
        for limit, former in ((now.limit, before.limit), (now.temporary, temporary)):
            if limit is None or former.ceiling is None:
                continue
            if limit.ceiling is None or limit.ceiling > former.ceiling:
                self._check_limit_alone(limit)

    def _check_limit_alone(self, limit):
        """Check that the user may enter a limit, without a second person.

        :param limit: `core.credit.limit.Limit`
        """
        allowed = limit if limit.ceiling is None else Limit(AMOUNT, limit.ceiling + self._get_secured_alone())
        with self._explain_refusal():
            if not self._has_authority(allowed):
                raise CreditRefused(NO_AUTHORITY)
        if self.policy_id._get_approval_rules().needed(allowed) > 1:
            raise UserError(
                self.env._(
                    "%(customer)s: two persons have to approve this limit. Request it instead: two other credit "
                    "managers decide.",
                    customer=self.display_name,
                )
            )

    def _has_authority(self, limit):
        """Return whether the user may approve a limit with the own authority."""
        company = self.company_id
        authority = self.env.user._ar_get_authority(company, company._ar_today())
        return find_authority(self.env.uid, [authority], [], limit) is not None

    def _may_alone(self, limit):
        """Return whether the user may let the customer owe as much as a limit, without a second person."""
        return self._has_authority(limit) and self.policy_id._get_approval_rules().needed(limit) == 1

    def _check_alone(self, limit, way_out):
        """Check that the user may let the customer owe as much as a limit.

        :param limit: `core.credit.limit.Limit`; without an amount: any
        :param str way_out: what to do instead, as the end of a sentence
        """
        self.ensure_one()
        if self._may_alone(limit):
            return
        values = {"customer": self.display_name, "way_out": way_out}
        if limit.ceiling is None:
            text = self.env._(
                "%(customer)s could then owe any amount, which you may not allow alone: %(way_out)s.", **values
            )
        else:
            amount = self._format_credit(limit.ceiling)
            text = self.env._(
                "%(customer)s could then owe %(amount)s, which you may not allow alone: %(way_out)s.",
                amount=amount,
                **values,
            )
        raise UserError(text)

    # === EXCEPTIONS === #

    def _check_lifted(self, code, amount=None, percent=None):
        """Check that the user may let the customer exceed a limit, its own or that of a group, by so much.

        The limit that was approved, and what one person may approve, stay the bounds of every exception: what is more
        is requested as a temporary limit. Other rules do not bound what a customer may owe.

        :param code: the rule that is lifted
        :param amount: by how much it may be exceeded; ``None``: any amount
        :param percent: likewise in percent of the limit
        """
        self.ensure_one()
        super()._check_lifted(code, amount, percent)
        if code not in LIMIT_RULES:
            return
        account = self.sudo()  # the limit of the group counts, whatever the user may read of it
        holders = account if code == OVER_LIMIT else account._get_group_heads()
        ceilings = [holder._get_credit_limit().ceiling for holder in holders]
        for ceiling in filter(lambda ceiling: ceiling is not None, ceilings):
            caps = [ceiling + amount] if amount is not None else []
            caps += [ceiling * (100 + percent) / 100] if percent is not None else []
            self._check_alone(
                Limit(AMOUNT, max(min(caps), ZERO)) if caps else Limit(),
                self.env._("request a temporary limit, which other credit managers decide"),
            )
