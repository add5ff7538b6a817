from odoo import models


class PaymentToken(models.Model):
    """What is paid with a saved method, plans and accounts: removing the method stops their automatic payments."""

    _inherit = "payment.token"

    def _ar_is_usable(self, customer):
        """Return whether automatic payments of a customer can use the method: its own, active, of the company."""
        self.ensure_one()
        own = self.partner_id.commercial_partner_id == customer.partner_id
        usable = self.active and self.provider_id.state != "disabled"
        return bool(own and usable and self.company_id in customer.company_id.parent_ids)

    def _ar_get_name(self):
        """Return a name for the method: its kind and its last digits."""
        self.ensure_one()
        return f"{self.payment_method_id.name} {self.display_name}".strip()

    def _ar_get_method_code(self):
        """Return the code of the kind of method: that of cards for each brand."""
        self.ensure_one()
        return (self.payment_method_id.primary_payment_method_id or self.payment_method_id).code

    def _ar_takes_currency(self, name):
        """Return whether provider and method can charge the currency with this name."""
        self.ensure_one()
        supported = (self.provider_id.available_currency_ids, self.payment_method_id.supported_currency_ids)
        return all(not currencies or name in currencies.mapped("name") for currencies in supported)

    def _ar_get_mandate(self):
        """Return the reference of the mandate for bank debits, or an empty text.

        Extension point: a method ``_ar_get_mandate_<provider code>`` returns it, where the provider gives one.
        """
        self.ensure_one()
        reader = getattr(self, f"_ar_get_mandate_{self.provider_code}", None)
        return (reader and reader()) or ""

    def _ar_autopay_consents(self):
        """Return the valid consents to charge these methods."""
        # sudo: who may remove a method may have no access to plans and accounts.
        consents = self.env["ar.autopay.consent"].sudo()
        return consents.search([("token_id", "in", self.ids), ("ended_on", "=", False)])

    def _handle_archiving(self):
        """Override of `payment` to stop the automatic payments that use an archived method."""
        result = super()._handle_archiving()
        consents = self._ar_autopay_consents()
        for plan in consents.plan_id:
            plan._stop_autopay(plan._in_staff_language().env._("the payment method was removed"))
        for customer in consents.filtered(lambda consent: not consent.plan_id).customer_id:
            customer._stop_autopay(customer._in_staff_language().env._("the payment method was removed"))
        return result

    def get_linked_records_info(self):
        """Override of `payment` to list the plans and accounts that use the method, in the dialog that removes it."""
        consents = self._ar_autopay_consents()
        accounts = [
            {
                "description": self.env._("Automatic Payment"),
                "id": customer.id,
                "name": customer.display_name,
                "url": customer.access_url,
            }
            for customer in consents.filtered(lambda consent: not consent.plan_id).customer_id
        ]
        return (
            super().get_linked_records_info()
            + accounts
            + [
                {
                    "description": self.env._("Payment Plan"),
                    "id": plan.id,
                    "name": plan.name,
                    "url": f"{plan.customer_id.access_url}/plan/{plan.id}/method",
                }
                for plan in consents.plan_id
            ]
        )
