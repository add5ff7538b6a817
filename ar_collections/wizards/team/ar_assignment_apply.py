from collections import Counter

from odoo import Command, api, fields, models

from ...models.customers.nightly.batch_run import BATCH


class ArAssignmentApply(models.TransientModel):
    """Dialog that previews how many customers the assignment rules assign to whom, and applies them."""

    _name = "ar.assignment.apply"
    _inherit = ["ar.wizard.mixin"]
    _description = "Apply Assignment Rules"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("ar.assignment.apply.line", "wizard_id", readonly=True)
    total = fields.Integer("Customers to Assign", readonly=True)
    unmatched = fields.Integer(
        "No Matching Rule",
        readonly=True,
        help="Without a rule, customers stay with the default collector of their policy.",
    )

    @api.model
    def _open_for(self, company):
        """Return the action that opens the dialog with the assignments that the rules would make now."""
        rules = self.env["ar.assignment.rule"]
        plan = rules._get_plan(company)
        numbers = Counter(plan.values())
        domain = [("company_id", "=", company.id), ("user_id", "=", False), ("assigned_by", "!=", "manual")]
        ordered = sorted(numbers.items(), key=lambda row: (row[0][0].sequence, row[0][0].id, row[0][1].id))
        wizard = self.create(
            {
                "company_id": company.id,
                "total": len(plan),
                "unmatched": self.env["ar.customer"].search_count(domain) - len(plan),
                "line_ids": [
                    Command.create({"rule_id": rule.id, "user_id": user.id, "number": number})
                    for (rule, user), number in ordered
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply Assignment Rules"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_apply(self):
        """Assign a first batch now; the nightly run assigns the rest.

        :raise UserError: without the role of a manager
        """
        self.ensure_one()
        self.env["ar.customer"]._require("manager")
        rules = self.env["ar.assignment.rule"]
        plan = rules._get_plan(self.company_id)
        rules._assign({customer_id: plan[customer_id] for customer_id in list(plan)[:BATCH]})
        return {"type": "ir.actions.act_window_close"}


class ArAssignmentApplyLine(models.TransientModel):
    """The number of customers that a rule assigns to a collector."""

    _name = "ar.assignment.apply.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Assignments of a Rule"

    wizard_id = fields.Many2one("ar.assignment.apply", required=True, index=True, ondelete="cascade")
    rule_id = fields.Many2one("ar.assignment.rule", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Collector", required=True, ondelete="cascade")
    number = fields.Integer("Customers")
