from odoo import fields, models
from odoo.exceptions import UserError

from ..ar_customer_limit import GROUP_AUDITOR


class ArCustomerPolicy(models.Model):
    """Proposals to move customers to the policy of their segment, where that policy waits for a person."""

    _inherit = "ar.customer"

    proposed_policy_id = fields.Many2one(
        "ar.credit.policy", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups=GROUP_AUDITOR, help="Policy that the customer belongs to by its filter, risk class and size.",
    )  # fmt: skip

    def _find_moved(self):
        """Override to propose the policies that wait for a person, instead of moving customers there."""
        moved = super()._find_moved()
        waiting = {
            customer: policy
            for customer, policy in moved.items()
            if policy
            and not policy.assigns_itself
            and customer.policy_id.active
            and not customer.policy_override_id.active
        }
        self._store_proposals(waiting)
        return {customer: policy for customer, policy in moved.items() if customer not in waiting}

    def _store_proposals(self, waiting):
        """Store the proposals that are new or over: as a rule none.

        :param dict waiting: {customer: proposed policy}
        """
        none = self.env["ar.credit.policy"]
        accounts = self.sudo().with_context(tracking_disable=True)  # users who run the day may not write results
        if not waiting and not accounts.proposed_policy_id:
            return
        changed = {
            customer: policy
            for customer in accounts
            if customer.proposed_policy_id != (policy := waiting.get(customer, none))
        }
        # sudo: as above; the empty record begins a set in the same mode.
        for policy, customers in self.sudo().browse().union(*changed).grouped(changed.get).items():
            customers.proposed_policy_id = policy

    # === BUTTONS === #

    def action_accept_policy(self):
        """Move these customers to the proposed policies."""
        self._require("manager")
        for policy, customers in self._get_proposed().grouped("proposed_policy_id").items():
            customers.write({"policy_id": policy.id, "proposed_policy_id": False})
            customers._mark_changed()

    def action_keep_policy(self):
        """Keep the present policies, from now on as set manually: they are not proposed again.

        :raise UserError: for a policy that was archived after the proposal
        """
        self._require("manager")
        for policy, customers in self._get_proposed().grouped("policy_id").items():
            if not policy.active:
                raise UserError(
                    self.env._("“%(policy)s” is archived and cannot be kept: accept the proposal.", policy=policy.name)
                )
            customers.write({"policy_override_id": policy.id, "proposed_policy_id": False})

    def _get_proposed(self):
        """Return those of the accounts with a proposal, in superuser mode."""
        # sudo: nobody may write proposals; the buttons have checked the role, and that the user may read the accounts.
        return self.sudo().filtered("proposed_policy_id")
