from odoo import api, fields, models


class ArCustomer(models.Model):
    """The assignment of collectors: who chose the collector of an account, a user or a rule.

    Rules never replace the choice of a user.
    """

    _inherit = "ar.customer"

    assigned_by = fields.Selection(
        [("manual", "Manually"), ("rule", "By Rule")], "Collector Assigned by", readonly=True, copy=False
    )
    assignment_rule_id = fields.Many2one("ar.assignment.rule", readonly=True, copy=False, ondelete="set null")

    can_reassign = fields.Boolean(compute="_compute_can_reassign")

    @api.depends("assigned_by", "company_id")
    def _compute_can_reassign(self):
        """Compute whether the rules can replace a manual choice: the company must have some."""
        ruled = self.env["ar.assignment.rule"].search([("company_id", "in", self.company_id.ids)]).company_id
        for customer in self:
            customer.can_reassign = customer.assigned_by == "manual" and customer.company_id in ruled

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to assign new accounts by the rules.

        Where a rule of the company depends on the balance, they wait for the nightly run, which computes balances.
        """
        customers = super().create(vals_list)
        for vals, customer in zip(vals_list, customers, strict=True):
            customer._track_manual_choice(vals)
        for company, opened in customers.grouped("company_id").items():
            # Posting an invoice creates the account without tracking; the assignment is tracked nevertheless.
            rules = self.env["ar.assignment.rule"].sudo().with_context(tracking_disable=False)
            if not rules.search([("company_id", "=", company.id)])._depend_on_amounts():
                with rules._isolate_failures(company):  # must not stop an invoice; the nightly run tries again
                    rules._assign(rules._get_plan(company, opened))
        return customers

    def write(self, vals):
        """Override of `base` to mark a collector that is set or removed by a user as chosen manually.

        :raise UserError: where a user chooses somebody who is no collector and would get nothing of it
        """
        if vals.get("user_id") and not self.env.su:
            for company in self.company_id:
                self.env["res.users"].browse(vals["user_id"])._ar_check_collector(company)
        result = super().write(vals)
        self._track_manual_choice(vals)
        return result

    def _track_manual_choice(self, vals):
        """Set ``assigned_by`` to manual where values that were written set the collector without a rule."""
        if "user_id" in vals and "assigned_by" not in vals:
            # Users may set the collector, but not write who set it.
            self.sudo().write({"assigned_by": "manual", "assignment_rule_id": False})

    def _get_collector_vals(self):
        """Override to keep who chose the collector."""
        chosen = {"assigned_by": self.assigned_by, "assignment_rule_id": self.assignment_rule_id.id}
        return {**super()._get_collector_vals(), **chosen}

    def _assign_by_rule(self, rule, user):
        """Set the collector of the customers; the tracking message on the account names the rule."""
        text = self.env._("Assigned by the rule “%(rule)s”", rule=rule.name)
        self._track_set_log_message(text)
        # Users may not write what the rules chose.
        self.sudo().write({"user_id": user.id, "assigned_by": "rule", "assignment_rule_id": rule.id})

    def action_assign_by_rules(self):
        """Discard the manual choice and assign the customers by the rules now; no collector where no rule applies."""
        self._require("manager")
        self.check_access("write")
        # Users may not write that nobody chose; the role was checked.
        self.sudo().write({"user_id": False, "assigned_by": False, "assignment_rule_id": False})
        rules = self.env["ar.assignment.rule"]
        for company, customers in self.grouped("company_id").items():
            rules._assign(rules._get_plan(company, customers))
        return True
