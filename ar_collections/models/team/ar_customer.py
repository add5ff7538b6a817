from odoo import api, fields, models


class ArCustomer(models.Model):
    """Who chose the collector of an account: a person, whose choice stands, or a rule."""

    _inherit = "ar.customer"

    assigned_by = fields.Selection(
        [("manual", "Manually"), ("rule", "By Rule")], "Collector Assigned by", readonly=True, copy=False
    )
    assignment_rule_id = fields.Many2one("ar.assignment.rule", readonly=True, copy=False, ondelete="set null")

    can_reassign = fields.Boolean(compute="_compute_can_reassign")

    @api.depends("assigned_by", "company_id")
    def _compute_can_reassign(self):
        """Whether rules could choose the collector where a person did."""
        ruled = self.env["ar.assignment.rule"].search([("company_id", "in", self.company_id.ids)]).company_id
        for customer in self:
            customer.can_reassign = customer.assigned_by == "manual" and customer.company_id in ruled

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to give new accounts to whom the rules say.

        Where a rule looks at what is owed, all wait for the night, which knows it.
        """
        customers = super().create([self._track_manual_choice(vals) for vals in vals_list])
        for company, opened in customers.grouped("company_id").items():
            # Whoever posts an invoice opens the account; that is quiet, but who got the customer is told.
            rules = self.env["ar.assignment.rule"].sudo().with_context(tracking_disable=False)
            if not rules.search([("company_id", "=", company.id)])._depend_on_amounts():
                with rules._isolate_failures(company):  # no invoice fails for a rule; the night tries again
                    rules._assign(rules._get_plan(company, opened))
        return customers

    def write(self, vals):
        """Override of `base` to remember that a person chose the collector, or chose none."""
        return super().write(self._track_manual_choice(vals))

    @api.model
    def _track_manual_choice(self, vals):
        if "user_id" not in vals or "assigned_by" in vals:
            return vals
        return {**vals, "assigned_by": "manual", "assignment_rule_id": False}

    def _assign_by_rule(self, rule, user):
        """Give the customers to a collector; the account's story says by which rule."""
        text = self.env._("Assigned by the rule “%(rule)s”", rule=rule.name)
        self._track_set_log_message(text)
        self.write({"user_id": user.id, "assigned_by": "rule", "assignment_rule_id": rule.id})

    def action_assign_by_rules(self):
        """Take back a person's choice: the rules assign the customer now, if one fits."""
        self._require("manager")
        self.check_access("write")
        self.write({"user_id": False, "assigned_by": False, "assignment_rule_id": False})
        rules = self.env["ar.assignment.rule"]
        for company, customers in self.grouped("company_id").items():
            rules._assign(rules._get_plan(company, customers))
        return True
