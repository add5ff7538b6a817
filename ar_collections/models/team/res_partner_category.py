from odoo import api, models
from odoo.exceptions import UserError


class ResPartnerCategory(models.Model):
    """Contact tags by which customers are assigned to collectors."""

    _inherit = "res.partner.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_not_assigning(self):
        """Refuse to delete a condition of assignment rules: without it a rule would match every customer.

        :raise UserError: with the rules
        """
        # sudo: whoever manages contacts may not read the rules; their names say where the tag is to be removed.
        rules = self.env["ar.assignment.rule"].sudo().with_context(active_test=False)
        using = rules.search([("category_ids", "in", self.ids)])
        if using:
            raise UserError(
                self.env._(
                    "These tags are conditions of the assignment rules %(rules)s: remove them there first.",
                    rules=", ".join(f"“{rule.name}”" for rule in using),
                )
            )
