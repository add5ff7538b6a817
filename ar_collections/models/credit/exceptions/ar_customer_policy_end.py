from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ar_customer_limit import GROUP_AUDITOR

POLICY_END_FIELDS = ("policy_override_reason", "policy_override_until")


class ArCustomerPolicyEnd(models.Model):
    """Why the policy of a customer was set manually, and until when; then that of its segment is used again."""

    _inherit = "ar.customer"

    _writable = {"manager": POLICY_END_FIELDS}

    policy_override_reason = fields.Char(
        "Reason of the Policy", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Why the customer has another policy than its segment.",
    )  # fmt: skip
    policy_override_until = fields.Date(
        "Policy until", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Last day of the policy set manually; empty: no end.",
    )  # fmt: skip

    @api.constrains("policy_override_until")
    def _check_policy_override_until(self):
        """Check that a policy set manually does not end in the past."""
        for customer in self.filtered("policy_override_until"):
            if customer.policy_override_until < customer.company_id._ar_today():
                raise UserError(
                    self.env._(
                        "%(customer)s: the last day of the policy has passed. Enter a later one, or remove the policy.",
                        customer=customer.display_name,
                    )
                )

    def action_keep_policy(self):
        """Override to say why: a proposal was declined."""
        proposed = {customer: customer.sudo().proposed_policy_id.name for customer in self}  # shown in the list
        result = super().action_keep_policy()
        for customer, name in proposed.items():
            if name:
                # The role was checked by the method that this one extends.
                customer.sudo().policy_override_reason = self.env._("The proposed policy %s was declined.", name)
        return result

    def _get_merged_vals(self, others):
        """Override to take reason and end along with the policy of another account."""
        values = super()._get_merged_vals(others)
        policy_id = values.get("policy_override_id")
        if policy_id and policy_id != self.policy_override_id.id:
            source = others.filtered(lambda account: account.policy_override_id.id == policy_id)[:1]
            until = source.policy_override_until
            is_over = until and until < self.company_id._ar_today()
            values |= {
                "policy_override_reason": source.policy_override_reason,
                "policy_override_until": False if is_over else until,
            }
        return values
