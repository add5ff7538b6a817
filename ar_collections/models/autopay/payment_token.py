import datetime

from odoo import fields, models

from ...core.autopay.expiry import is_told, last_day

#: Days after which a provider is asked again: cards are renewed by their networks without a word to us.
ASK_AGAIN_DAYS = 30

#: More consents than these are ended together, as where a provider is switched off, and told about by the next run.
AT_ONCE = 20


class PaymentToken(models.Model):
    """What is paid with a saved method, plans and accounts: removing the method stops their automatic payments."""

    _inherit = "payment.token"

    ar_expires_on = fields.Date(
        "Last Day", readonly=True, copy=False, help="As the provider tells it; empty: not known."
    )
    ar_expiry_asked_on = fields.Date("Expiry Asked on", readonly=True, copy=False)

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
        """Return whether provider and method can charge the currency with this name, and Odoo can book the payment."""
        self.ensure_one()
        active = self.env["res.currency"].get_all_currencies()  # in the cache of the server
        if all(row["name"] != name for row in active.values()):
            return False
        supported = (self.provider_id.available_currency_ids, self.payment_method_id.supported_currency_ids)
        return all(not currencies or name in currencies.mapped("name") for currencies in supported)

    def _ar_get_mandate(self):
        """Return the reference of the mandate for bank debits, or an empty text.

        Extension point: a method ``_ar_get_mandate_<provider code>`` returns it, where the provider gives one.
        """
        self.ensure_one()
        reader = getattr(self, f"_ar_get_mandate_{self.provider_code}", None)
        return (reader and reader()) or ""

    # === EXPIRY === #

    def _ar_get_expiry(self):
        """Return (year, month) after which the method cannot be used, as the provider tells it now, or ``None``.

        Extension point: a method ``_ar_get_expiry_<provider code>`` returns it; ``None`` where the provider does not
        know it. It raises where the provider gave no answer: it is asked again later.
        """
        self.ensure_one()
        reader = getattr(self, f"_ar_get_expiry_{self.provider_code}", None)
        return reader and reader()

    def _ar_refresh_expiry(self, today):
        """Store when these methods expire: of those that are new, and of those that may have been renewed meanwhile.

        Nobody is told that a card expires which has been renewed: it is asked about again before. Nothing is stored of
        a method about which the provider gave no answer: what it raised is raised again.
        """
        for token in self.filtered(lambda token: token._ar_is_expiry_asked(today)):
            found = token._ar_get_expiry()
            expires_on = last_day(*found) if found else token.ar_expires_on
            token.write({"ar_expires_on": expires_on, "ar_expiry_asked_on": today})

    def _ar_is_expiry_asked(self, today):
        """Return whether the provider is to be asked today when the method expires."""
        self.ensure_one()
        if not hasattr(self, f"_ar_get_expiry_{self.provider_code}"):
            return False
        asked, expires_on = self.ar_expiry_asked_on, self.ar_expires_on or None
        if not asked or asked <= today - datetime.timedelta(days=ASK_AGAIN_DAYS):
            return True
        return is_told(expires_on, today) and not is_told(expires_on, asked)

    # === ENDING === #

    def _ar_autopay_consents(self):
        """Return the valid consents to charge these methods."""
        # sudo: who may remove a method may have no access to plans and accounts.
        consents = self.env["ar.autopay.consent"].sudo()
        return consents.search([("token_id", "in", self.ids), ("ended_on", "=", False)])

    def _handle_archiving(self):
        """Override of `payment` to stop the automatic payments that use an archived method."""
        result = super()._handle_archiving()
        self._ar_stop_autopay(lambda owner: owner.env._("the payment method was removed"))
        return result

    def _ar_stop_autopay(self, get_reason):
        """Stop the automatic payments that use these methods, of plans and accounts.

        :param get_reason: function that returns why, in the language of a plan or account
        """
        consents = self._ar_autopay_consents()
        if len(consents) > AT_ONCE:
            consents._end_together(get_reason)
            return
        for plan in consents.plan_id:
            plan._stop_autopay(get_reason(plan._in_staff_language()))
        for customer in consents.filtered(lambda consent: not consent.plan_id).customer_id:
            customer._stop_autopay(get_reason(customer._in_staff_language()))

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
