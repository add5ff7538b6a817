from odoo import api, fields, models


class ArPaymentPlanDecide(models.TransientModel):
    """Dialog for a decision about a plan: takes the reason, or how the customer agreed."""

    _name = "ar.payment.plan.decide"
    _inherit = ["ar.wizard.mixin"]
    _description = "Decide on a Payment Plan"

    plan_id = fields.Many2one("ar.payment.plan", required=True, readonly=True, ondelete="cascade")
    other_ids = fields.Many2many(
        "ar.payment.plan", string="Other Plans", readonly=True, help="Plans that the decision holds for as well."
    )
    from_list = fields.Boolean(readonly=True, help="Whether the dialog was opened from a list, to which it returns.")
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

    @api.model
    def _open_several(self, plans, decision):
        """Return the action that opens the dialog for several plans.

        :param str decision: ``refuse`` or ``cancel``
        """
        action = self._open(plans[0], decision)
        self.browse(action["res_id"]).write({"other_ids": plans[1:].ids, "from_list": True})
        return action

    def action_confirm(self):
        """Execute the decision, if the user's role allows it; return the action that opens the plan."""
        self.ensure_one()
        if self.other_ids or self.from_list:
            return self._confirm_several()
        plan = self.plan_id._allowed(self.plan_id._get_deciding_group(self.decision))
        if self.decision == "activate":
            plan._record_consent(self.how, self.name, self.reason)
        else:
            getattr(plan, f"_{self.decision}")((self.reason or "").strip())
        return plan._get_form_action()

    def _confirm_several(self):
        """Refuse or cancel all plans with the same reason and return to the list."""
        for plan in self.plan_id | self.other_ids:
            allowed = plan._allowed(plan._get_deciding_group(self.decision))
            getattr(allowed, f"_{self.decision}")((self.reason or "").strip())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
