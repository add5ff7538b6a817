from odoo import api, models
from odoo.exceptions import UserError

from ....core.credit.limit import Limit
from ....core.credit.rules import CUSTOMER
from .ar_customer_authority import LIMIT_RULES

#: What may be changed without letting anybody owe more.
FREE = {"reason"}


class ArCreditExclusion(models.Model):
    """Exclusions from a limit go by the same authority and the same four eyes as the limit itself."""

    _inherit = "ar.credit.exclusion"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to check who lifts a limit; our own code checks before it releases a hold."""
        exclusions = super().create(vals_list)
        if not self.env.su:
            exclusions._check_lifted()
        return exclusions

    def write(self, vals):
        """Override as `create`."""
        result = super().write(vals)
        if not self.env.su and not vals.keys() <= FREE:
            self._check_lifted()
        return result

    def _check_lifted(self):
        """Check that the user may let customers owe as much as these exclusions allow.

        :raise UserError: with the way out
        """
        for exclusion in self.filtered(lambda exclusion: exclusion.code in LIMIT_RULES):
            rule = exclusion._get_exclusion()
            if exclusion.scope == CUSTOMER:
                exclusion.customer_id._check_lifted(rule.code, rule.amount, rule.percent)
            else:
                exclusion._check_lifted_for_many()

    def _check_lifted_for_many(self):
        """Check that the user may let any customer of these policies owe any amount."""
        policies = self.policy_id or self.policy_id.search([("company_id", "=", self.company_id.id)])
        authority = self.env.user._ar_get_authority(self.company_id, self.company_id._ar_today())
        if authority.up_to is None and all(p._get_approval_rules().needed(Limit()) == 1 for p in policies):
            return
        raise UserError(
            self.env._(
                "Nobody may lift the limits of many customers alone: make an exclusion for each customer, within what "
                "you may approve, or request temporary limits."
            )
        )
