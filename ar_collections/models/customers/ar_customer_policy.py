from odoo import api, fields, models


class ArCustomer(models.Model):
    """The credit policy of a customer: the one that people set, else the first whose filter matches."""

    _inherit = "ar.customer"

    _writable = {"manager": ("policy_override_id",)}

    policy_override_id = fields.Many2one(
        "ar.credit.policy",
        "Policy Set Manually",
        check_company=True,
        tracking=True,
        help="Policy set manually; it takes precedence over the filters of the policies.",
    )
    policy_id = fields.Many2one(
        "ar.credit.policy", "Credit Policy", compute="_compute_policy_id", store=True, index=True, check_company=True
    )

    @api.depends("policy_override_id.active")
    def _compute_policy_id(self):
        """Compute the policy: the one set on the customer, else the company's first one whose filter matches.

        One that is archived applies to nobody, not even where it was set by hand.

        Filters may depend on any field, so the nightly run updates it, see `_update_policies`.
        """
        for customer, policy in self._match_policies().items():
            customer.policy_id = policy

    def _match_policies(self):
        """Return {customer: the policy that applies now}; an empty one where none does."""
        policy_of = {}
        for company, customers in self._group_by_company().items():
            policies = company.ar_policy_ids.filtered("active")  # the context may include archived records
            matched, none = policies._match_partners(customers.partner_id), policies.browse()
            partner_ids = customers._get_stored("partner_id")
            policy_of |= {customer: matched.get(partner_ids[customer.id], none) for customer in customers}
            for customer in customers if customers.policy_override_id.filtered("active") else ():
                policy_of[customer] = customer.policy_override_id.filtered("active") or policy_of[customer]
        return policy_of

    def _update_policies(self):
        """Write the policy of those customers to which another one applies now: as a rule none."""
        changed = self._find_moved()
        for policy, group in self.browse().union(*changed).grouped(changed.get).items():
            group.policy_id = policy

    def _find_moved(self):
        """Return {customer: policy} of those to which another policy applies now; extension point."""
        stored = self._get_stored("policy_id")
        return {
            customer: policy
            for customer, policy in self._match_policies().items()
            if stored[customer.id] != (policy.id or None)
        }

    def _get_rules(self, today):
        """Return {customer id: Rules}, each policy read once; customers without a policy are left out.

        :param date today: the day for which the rules are read
        """
        rules = {policy.id: policy._get_rules(today) for policy in self.policy_id}
        stored = self._get_stored("policy_id")
        return {account_id: rules[policy_id] for account_id, policy_id in stored.items() if policy_id}
