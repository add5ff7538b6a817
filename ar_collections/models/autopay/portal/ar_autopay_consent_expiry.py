from odoo import api, models

from ....core.autopay.expiry import is_told
from ...customers.nightly.batch_run import FAILED

#: Methods whose expiry providers are asked for in one run; the others follow in the next one.
ASKED_MAX = 20


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
        if not consents._ask_expiry(today, run):
            return
        for consent in consents.filtered(lambda consent: consent._is_expiring(today)):
            run.attempt(consent.customer_id, consent._tell_expiry, clear=False)
            if not run.go_on(0):
                return

    def _ask_expiry(self, today, run):
        """Ask the providers when the methods of these consents expire: a few in a run, as far as the time reaches.

        Each answer is committed. Where a provider does not answer, the others wait for the next run: in an outage each
        request takes as long as it may. A method that failed is asked about last then.

        :return: whether there is time left
        """
        asked = self.filtered(lambda consent: consent.token_id._ar_is_expiry_asked(today))
        first = self.browse([consents[0].id for consents in asked.grouped("token_id").values()])
        for consent in run.put_failed_last(first)[:ASKED_MAX]:
            refresh = consent.token_id._ar_refresh_expiry
            state, _none = run.attempt(consent, lambda refresh=refresh: refresh(today))
            if not run.go_on(0):
                return False
            if state == FAILED:
                break
        return True

    def _is_expiring(self, today):
        """Return whether the customer may have to be told that the method expires, by what the provider says now."""
        self.ensure_one()
        token = self.token_id
        expires_on = token.ar_expires_on or None
        known = is_told(expires_on, today) and not token._ar_is_expiry_asked(today)
        return known and self.expiry_told != expires_on

    def _is_charged_after(self, day):
        """Return whether anything is going to be charged after a day: of a plan, an installment that is not paid."""
        self.ensure_one()
        if not self.plan_id:
            return True
        cases = self.plan_id.installment_ids._get_autopay_cases()
        return any(case.due > day and case.left > 0 and not case.is_over for case in cases.values())

    def _tell_expiry(self):
        """Tell the customer, where anything is going to be charged after the last day of the method."""
        self.ensure_one()
        if not self._is_charged_after(self.token_id.ar_expires_on):
            return
        self.expiry_told = self.token_id.ar_expires_on
        self._notify("autopay_expiring")
