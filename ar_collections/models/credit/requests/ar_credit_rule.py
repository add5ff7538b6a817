from odoo import models

from .ar_customer_authority import LIMIT_RULES


class ArCreditRule(models.Model):
    """The rules that keep customers within their limits, where a policy asks for a second person."""

    _inherit = "ar.credit.rule"

    def _check_second_person(self, vals=None):
        """Override: one credit manager alone neither deletes nor changes them; the order in the list is free."""
        super()._check_second_person(vals)
        if self.env.su or (vals is not None and vals.keys() <= {"sequence"}):
            return
        for rule in self.filtered(lambda rule: rule.code in LIMIT_RULES and rule.policy_id.uses_second_approval):
            rule.policy_id._check_administrator()
