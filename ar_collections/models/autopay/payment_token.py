from odoo import models


class PaymentToken(models.Model):
    """Payment plans that are paid with a saved method: removing the method stops their automatic payments."""

    _inherit = "payment.token"

    def _ar_autopay_plans(self):
        """Return the plans that are paid with these methods."""
        # sudo: who may remove a method may have no access to plans.
        consents = self.env["ar.autopay.consent"].sudo()
        return consents.search([("token_id", "in", self.ids), ("ended_on", "=", False)]).plan_id

    def _handle_archiving(self):
        """Override of `payment` to stop the automatic payments that use an archived method."""
        result = super()._handle_archiving()
        for plan in self._ar_autopay_plans():
            plan._stop_autopay(plan._in_staff_language().env._("the payment method was removed"))
        return result

    def get_linked_records_info(self):
        """Override of `payment` to list the payment plans that use the method, in the dialog that removes it."""
        return super().get_linked_records_info() + [
            {
                "description": self.env._("Payment Plan"),
                "id": plan.id,
                "name": plan.name,
                "url": f"{plan.customer_id.access_url}/plan/{plan.id}/method",
            }
            for plan in self._ar_autopay_plans()
        ]
