import requests

from odoo import fields, models
from odoo.exceptions import ValidationError

#: Providers whose requests carry a key of the transaction, by Odoo's own modules: they know a repetition again.
IDEMPOTENT_PROVIDERS = {"adyen", "demo", "mercado_pago", "stripe", "worldline"}

#: Answers that say nothing about the payment: wrong credentials, too busy, the same request is under way.
NO_ANSWER_STATUS = {401, 403, 408, 409, 425, 429}


class PaymentTransaction(models.Model):
    """Charges of installments: telling a decline from a provider that did not answer.

    Odoo sets both to `error`. Here a transaction whose request had no answer stays as it is, because the money may be
    on its way: a repetition of the same transaction, or a webhook, settles it.
    """

    _inherit = "payment.transaction"

    ar_autopay_charge_ids = fields.One2many("ar.autopay.charge", "transaction_id", "Automatic Payment of Installment")
    ar_unanswered = fields.Boolean("No Answer", readonly=True, copy=False)
    ar_decline_code = fields.Char("Decline Code", readonly=True, copy=False)

    # === ASKING === #

    def _ar_is_idempotent(self):
        """Tell whether the provider charges once, however often it is asked with this transaction."""
        self.ensure_one()
        return self.provider_code in IDEMPOTENT_PROVIDERS

    def _ar_charge(self, first):
        """Charge the saved method; a repetition is not announced on the invoices again.

        :param bool first: nobody asked before
        """
        self.ensure_one()
        self.ar_unanswered = False
        if first:
            self._charge_with_token()
        else:
            self._ensure_provider_is_not_disabled()
            try:
                self._send_payment_request()
            except ValidationError as error:
                self._set_error(str(error))
        if self.state == "draft" and self.provider_reference and not self.ar_unanswered:
            # The provider took note of it and waits for the customer, who is not there: nothing was charged.
            self.ar_decline_code = "authentication_required"
            self._set_error(self.env._("The bank requires the customer to confirm the payment."))

    def _send_api_request(self, method, endpoint, **kwargs):
        """Override of `payment` to note whether a charge was answered, and with which code it was declined."""
        if not self.ar_autopay_charge_ids:
            return super()._send_api_request(method, endpoint, **kwargs)
        try:
            return super()._send_api_request(method, endpoint, **kwargs)
        except ValidationError as error:
            self._ar_read_failure(_request_error(error))
            raise

    def _ar_read_failure(self, error):
        """Note what a failed request says about the charge.

        :param error: `requests.RequestException`, or ``None`` where Odoo itself refused
        """
        response = getattr(error, "response", None)
        if error is None:
            return
        if response is None or response.status_code in NO_ANSWER_STATUS or response.status_code >= 500:
            self.ar_unanswered = True
            return
        try:
            payload = response.json()
        except ValueError:
            payload = {}
        self._ar_read_code(payload)

    # === BEING TOLD === #

    def _process(self, provider_code, payment_data):
        """Override of `payment` to read the decline's code from what the provider tells, before Odoo acts on it."""
        transaction = self or self._search_by_reference(provider_code, payment_data)
        if transaction.ar_autopay_charge_ids:
            transaction.ar_unanswered = False
            transaction._ar_read_code(payment_data)
        return super(PaymentTransaction, transaction or self)._process(provider_code, payment_data)

    def _ar_read_code(self, payload):
        """Keep the code with which the provider declined, where its answer names one.

        A provider is read by a method of its own, ``_ar_read_code_<provider code>``: payload -> code or nothing.
        """
        reader = getattr(self, f"_ar_read_code_{self.provider_code}", None)
        code = reader(payload) if reader and isinstance(payload, dict) else None
        if code:
            self.ar_decline_code = code

    def _ar_read_code_stripe(self, payload):
        """Return Stripe's decline code, from the answer to a request or from a payment intent."""
        error = payload.get("error") or (payload.get("payment_intent") or {}).get("last_payment_error") or {}
        return error.get("decline_code") or error.get("code")

    def _ar_decline_code(self):
        """Return why the charge was declined, as the provider's code; ``None`` where it names none.

        An override may know better, and returns one of `core.charge.FINAL_CODES` for a decline that is final.
        """
        self.ensure_one()
        return self.ar_decline_code or None

    # === STATES === #

    def _set_error(self, state_message, **kwargs):
        """Override of `payment`: a charge without an answer is no error; its fate is not known."""
        unanswered = self.filtered(lambda transaction: transaction.ar_unanswered and transaction.ar_autopay_charge_ids)
        unanswered.state_message = state_message
        return super(PaymentTransaction, self - unanswered)._set_error(state_message, **kwargs)

    def _set_done(self, **kwargs):
        """Override of `payment` to tell of a charge on the customer's thread."""
        done = super()._set_done(**kwargs)
        for charge in done.ar_autopay_charge_ids:
            amount = charge.currency_id.format(charge.amount)
            name = charge.installment_id.name
            charge.plan_id._log_on_thread(self.env._("%(name)s: %(amount)s collected.", name=name, amount=amount))
        return done


def _request_error(error):
    """Return the error of the request behind the one that Odoo made of it."""
    while error is not None and not isinstance(error, requests.exceptions.RequestException):
        error = error.__cause__ or error.__context__
    return error
