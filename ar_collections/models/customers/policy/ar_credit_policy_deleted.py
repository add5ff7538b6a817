from odoo import api, models
from odoo.exceptions import UserError


class ArCreditPolicyDeleted(models.Model):
    """What becomes of customers whose policy is deleted: another one applies at once, not only after the night."""

    _inherit = "ar.credit.policy"

    @api.ondelete(at_uninstall=False)
    def _unlink_not_chosen(self):
        """Refuse to delete a policy that users set on customers: their choice would be lost without a trace.

        :raise UserError: with the number of customers
        """
        chosen = self._get_accounts()._read_group(
            [("policy_override_id", "in", self.ids)], ["policy_override_id"], ["__count"]
        )
        for policy, number in chosen:
            raise UserError(
                self.env._(
                    "“%(policy)s” was set by hand on customers (%(number)s): choose another policy there, or archive "
                    "this one. Its customers then follow the other policies.",
                    policy=policy.name,
                    number=number,
                )
            )

    def unlink(self):
        """Override of `base` to let other policies apply to the customers who had it by its filter."""
        customers = self._get_accounts().search([("policy_id", "in", self.ids)])
        result = super().unlink()
        customers.exists()._update_policies()
        return result

    @api.model
    def _get_accounts(self):
        """Return the model of accounts, archived ones included."""
        # sudo: the policy of every customer is concerned, whatever the user may read.
        return self.env["ar.customer"].sudo().with_context(active_test=False)
