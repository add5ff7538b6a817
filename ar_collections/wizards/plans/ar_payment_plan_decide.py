from odoo import api, fields, models


class ArPaymentPlanDecide(models.TransientModel):
    """Dialog for a decision about a plan: takes the reason, or how the customer agreed."""

    _name = "ar.payment.plan.decide"
    _description = "Decide on a Payment Plan"

    plan_id = fields.Many2one("ar.payment.plan", required=True, readonly=True, ondelete="cascade")
    decision = fields.Selection(
        [("activate", "Activate"), ("refuse", "Refuse"), ("cancel", "Cancel"), ("reinstate", "Reinstate")],
        required=True,
        readonly=True,
    )
    how = fields.Selection([("phone", "By phone"), ("mail", "In writing")], "The customer agreed", default="phone")
    name = fields.Char("Agreed by", help="Person who agreed for the customer.")
    reason = fields.Text(help="The customer sees the reason for a refusal.")

    @api.model
    def _open(self, plan, decision):
        """Return the action that opens the dialog.

        :param str decision: ``activate``, ``refuse``, ``cancel`` or ``reinstate``
        """
        plan.ensure_one()
        wizard = self.create({"plan_id": plan.id, "decision": decision, "name": plan.partner_id.name})
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["decision"]._description_selection(self.env))[decision],
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Execute the decision, if the user's role allows it; return the action that opens the plan."""
        self.ensure_one()
        plan = self.plan_id._allowed(self.plan_id._get_deciding_group(self.decision))
        if self.decision == "activate":
            plan._record_consent(self.how, self.name, self.reason)
        else:
            getattr(plan, f"_{self.decision}")((self.reason or "").strip())
        return plan._get_form_action()
