from odoo import models
from odoo.exceptions import UserError

from ....core.credit.limit import CreditRefused
from ....core.credit.request import NO_AUTHORITY, find_authority
from ..ar_customer_limit import LIMIT_FIELDS


class ArCustomerAuthority(models.Model):
    """Limits that credit managers enter by hand: the same authority and the same four eyes as for requests."""

    _inherit = "ar.customer"

    def write(self, vals):
        """Override to check who raises a limit by hand; our own code writes approved ones in superuser mode.

        :raise UserError: where a request is needed instead
        """
        if self.env.su or vals.keys().isdisjoint(LIMIT_FIELDS):
            return super().write(vals)
        before = {customer: customer._get_limit_terms() for customer in self if customer._has_role("auditor")}
        result = super().write(vals)
        for customer, terms in before.items():
            customer._check_raised(terms)
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
                self._check_alone(limit)

    def _check_alone(self, limit):
        """Check that the user may approve a limit, without a second person.

        :param limit: `core.credit.limit.Limit`
        """
        company = self.company_id
        authority = self.env.user._ar_get_authority(company, company._ar_today())
        with self._explain_refusal():
            if find_authority(self.env.uid, [authority], [], limit) is None:
                raise CreditRefused(NO_AUTHORITY)
        if self.policy_id._get_approval_rules().needed(limit) > 1:
            raise UserError(
                self.env._(
                    "%(customer)s: two persons have to approve this limit. Request it instead: two other credit "
                    "managers decide.",
                    customer=self.display_name,
                )
            )
