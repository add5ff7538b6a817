from odoo import models


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _ar_autopay_plans(self):
        """Return the plans that are paid with these methods."""
        # Whoever gives up a method gives up what is paid with it, whatever the own rights on plans.
        consents = self.env["ar.autopay.consent"].sudo()
        return consents.search([("token_id", "in", self.ids), ("ended_on", "=", False)]).plan_id

    def _handle_archiving(self):
        """Override of `payment`: a method that is given up charges nothing any more."""
        result = super()._handle_archiving()
        for plan in self._ar_autopay_plans():
            plan._stop_autopay(plan._in_staff_language().env._("the payment method was removed"))
        return result

    def get_linked_records_info(self):
        """Override of `payment` to name the payment plans that are paid with the method, before it is removed."""
        return super().get_linked_records_info() + [
            {
                "description": self.env._("Payment Plan"),
                "id": plan.id,
                "name": plan.name,
                "url": f"{plan.customer_id.access_url}/plan/{plan.id}/method",
            }
            for plan in self._ar_autopay_plans()
        ]
