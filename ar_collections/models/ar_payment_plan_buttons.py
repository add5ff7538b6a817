from odoo import models


class ArPaymentPlanButtons(models.Model):
    """Buttons that open a form first; who may decide is checked when the form is confirmed."""

    _inherit = "ar.payment.plan"

    def _get_deciding_group(self, decision):
        """Return the group that may take the decision. What the customer relies on is ended by a manager."""
        self.ensure_one()
        if decision == "cancel":
            return "manager" if self.state == "active" else "collector"
        return {"activate": "collector", "refuse": "credit_manager", "reinstate": "manager"}[decision]

    def action_change(self):
        """Open the plan in the form that made it: a counter-offer."""
        self.ensure_one()
        self._allowed("collector")
        return self.env["ar.payment.plan.new"]._open(self.customer_id, plan=self)

    def action_activate(self):
        """Ask how the customer agreed, then make the plan active."""
        self._allowed(self._get_deciding_group("activate"))
        return self.env["ar.payment.plan.decide"]._open(self, "activate")

    def action_refuse(self):
        """Ask why, then refuse."""
        self._allowed(self._get_deciding_group("refuse"))
        return self.env["ar.payment.plan.decide"]._open(self, "refuse")

    def action_cancel(self):
        """Ask why, then end the plan."""
        self._allowed(self._get_deciding_group("cancel"))
        return self.env["ar.payment.plan.decide"]._open(self, "cancel")

    def action_reinstate(self):
        """Ask why, then let a broken plan go on."""
        self._allowed(self._get_deciding_group("reinstate"))
        return self.env["ar.payment.plan.decide"]._open(self, "reinstate")

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()
