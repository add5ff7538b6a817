from odoo import api, models

from ....core.autopay.expiry import is_told


class ArAutopayConsentExpiry(models.Model):
    """Customers are told 30 days before the card of their automatic payments expires, once for each card and month."""

    _inherit = "ar.autopay.consent"

    @api.model
    def _tell_expiring(self, company, run):
        """Tell the customers of a company whose method expires soon, or has expired, and is still to be charged.

        :param BatchRun run: the run that this belongs to
        """
        # sudo: the run covers all customers of the company.
        consents = self.sudo().search([("company_id", "=", company.id), ("ended_on", "=", False)], order="id")
        today = company._ar_today()
        consents.token_id._ar_refresh_expiry(today)
        for consent in consents.filtered(lambda consent: consent._is_expiring(today)):
            run.attempt(consent.customer_id, consent._tell_expiry, clear=False)
        run.commit()

    def _is_expiring(self, today):
        """Return whether the customer is to be told that the method expires, and was not told yet."""
        self.ensure_one()
        expires_on = self.token_id.ar_expires_on or None
        return is_told(expires_on, today) and self.expiry_told != expires_on and self._is_charged_after(expires_on)

    def _is_charged_after(self, day):
        """Return whether anything is going to be charged after a day: of a plan, an installment that is not paid."""
        self.ensure_one()
        if not self.plan_id:
            return True
        cases = self.plan_id.installment_ids._get_autopay_cases()
        return any(case.due > day and case.left > 0 and not case.is_over for case in cases.values())

    def _tell_expiry(self):
        self.ensure_one()
        self.expiry_told = self.token_id.ar_expires_on
        self._notify("autopay_expiring")
