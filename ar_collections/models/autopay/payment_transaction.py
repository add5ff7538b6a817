from odoo import fields, models
from odoo.exceptions import ValidationError

from ...core.autopay import declines as rules
from ...formats import format_amount
from .failed_request import is_answered, request_error

#: Providers whose Odoo modules send an idempotency key of the transaction: a repeated request charges once.
IDEMPOTENT_PROVIDERS = {"adyen", "demo", "mercado_pago", "stripe", "worldline"}

#: Type of the task about a charge without an answer.
UNANSWERED_TASK = "ar_collections.mail_activity_type_autopay_unknown"


class PaymentTransaction(models.Model):
    """Charges of saved methods: a decline is distinguished from a request without an answer.

    Odoo sets both to `error`. Here a transaction without an answer keeps its state, because the customer may have been
    charged: a repeated request of the same transaction, a webhook or the provider decides. So it is with automatic
    payments and with those of customers on their page; all others are confirmed by the customer after the request.
    """

    _inherit = "payment.transaction"

    ar_autopay_charge_ids = fields.One2many(
        "ar.autopay.charge",
        "transaction_id",
        "Automatic Payment",
        groups="ar_collections.ar_collections_group_auditor",
    )
    ar_unanswered = fields.Boolean("No Answer", readonly=True, copy=False)
    ar_decline_code = fields.Char("Decline Code", readonly=True, copy=False)
    ar_decline_wait_days = fields.Integer(
        "Wait before a Retry (days)", readonly=True, copy=False, help="As the card network advises."
    )

    #: They are few, and looked for in all companies at once.
    _ar_unanswered_idx = models.Index("(id) WHERE ar_unanswered AND state = 'draft'")

    def _ar_get_charges(self):
        """Return the attempts of automatic payments that these transactions are."""
        return self.sudo().ar_autopay_charge_ids  # staff who capture, refund or cancel need no role of ours

    def _ar_charges_saved_method(self):
        """Return whether the request itself charges the customer, by a saved method; else the customer confirms."""
        self.ensure_one()
        # sudo: only whether it pays an account; visitors and staff without a role of ours may not read which one.
        return bool(self._ar_get_charges()) or (self.operation == "online_token" and bool(self.sudo().ar_customer_id))

    # === REQUEST === #

    def _ar_is_idempotent(self):
        """Return whether repeated requests of this transaction charge only once, and can still tell the outcome."""
        self.ensure_one()
        return self.provider_code in IDEMPOTENT_PROVIDERS and not rules.is_unclear(self.ar_decline_code)

    def _ar_charge(self, first):
        """Charge the saved method; a repeated request is not logged on the invoices again.

        :param bool first: whether it is the first request of the transaction
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
            # The provider waits for the customer's authentication, which is not possible offline: nothing was charged.
            self.ar_decline_code = "authentication_required"
            self._set_error(self.env._("The bank requires the customer to confirm the payment."))

    def _send_api_request(self, method, endpoint, **kwargs):
        """Override of `payment` to store whether a charge was answered, and the code of a decline."""
        if not self._ar_charges_saved_method():
            return super()._send_api_request(method, endpoint, **kwargs)
        try:
            return super()._send_api_request(method, endpoint, **kwargs)
        except ValidationError as error:
            self._ar_read_failure(request_error(error))
            raise

    def _ar_read_failure(self, error):
        """Store what a failed request says about the charge: no answer, or the decline code.

        :param error: `requests.RequestException`; ``None`` where Odoo itself refused, which stores nothing
        """
        if error is None:
            return
        if not is_answered(error):
            self.ar_unanswered = True
            return
        try:
            payload = error.response.json()
        except ValueError:
            payload = {}
        self._ar_read_code(payload)

    # === QUESTION === #

    def _ar_ask_provider(self):
        """Ask the provider what became of a charge without an answer; return whether the state tells it now.

        Extension point: a method ``_ar_ask_provider_<provider code>()`` asks, processes what it is told, and returns
        whether it was told.
        """
        self.ensure_one()
        ask = getattr(self, f"_ar_ask_provider_{self.provider_code}", None)
        return bool(ask and ask())

    def _ar_report_unanswered(self):
        """Give the collector a task about a payment of the page without an answer."""
        customer = self.sudo().ar_customer_id  # the customer who pays may not write tasks
        reader = customer.collector_id or customer.company_id
        customer.with_context(lang=reader.partner_id.lang)._add_task(
            UNANSWERED_TASK,
            self.env._(
                "The provider gave no answer about payment %(reference)s of the customer page: check it there",
                reference=self.reference,
            ),
        )

    # === ANSWER === #

    def _process(self, provider_code, payment_data):
        """Override of `payment` to store the decline code of the provider's answer before Odoo processes it."""
        transaction = self or self._search_by_reference(provider_code, payment_data)
        was_unanswered = transaction.ar_unanswered
        if transaction and transaction._ar_charges_saved_method():
            transaction.ar_unanswered = False
            transaction._ar_read_code(payment_data)
        result = super(PaymentTransaction, transaction or self)._process(provider_code, payment_data)
        if was_unanswered and transaction.state != "draft":
            # sudo: the provider, or a visitor, brings the answer.
            transaction.sudo().ar_customer_id._close_tasks(UNANSWERED_TASK)
        return result

    def _ar_read_code(self, payload):
        """Store the decline code, where the provider's answer has one; a code may leave open what happened.

        Extension point: a method ``_ar_read_code_<provider code>(payload)`` returns the code from the provider's
        answer (a dict), or a false value; ``_ar_read_wait_<provider code>(payload)`` the days that the card network
        advises to wait.
        """
        if not isinstance(payload, dict):
            return
        reader = getattr(self, f"_ar_read_code_{self.provider_code}", None)
        if code := reader and reader(payload):
            wait = getattr(self, f"_ar_read_wait_{self.provider_code}", None)
            self.ar_decline_wait_days = wait(payload) if wait else 0
            self.ar_decline_code = code
            self.ar_unanswered = self.ar_unanswered or rules.is_unclear(code)

    def _ar_read_code_stripe(self, payload):
        """Return Stripe's decline code, else its error code, from an error answer or a payment intent.

        Where the card network advises against another attempt, that decides.
        """
        error = self._ar_get_stripe_error(payload)
        kind = error.get("type")  # the only answer of errors without a code
        code = error.get("decline_code") or error.get("code") or (kind if rules.is_unclear(kind) else None)
        return rules.code_with_advice(
            code,
            error.get("advice_code"),
            error.get("network_advice_code"),
            network_code=error.get("network_decline_code"),
        )

    def _ar_read_wait_stripe(self, payload):
        """Return the number of days for which the card network advises to wait before another attempt."""
        return rules.wait_of_advice([self._ar_get_stripe_error(payload).get("network_advice_code")])

    def _ar_get_stripe_error(self, payload):
        return payload.get("error") or (payload.get("payment_intent") or {}).get("last_payment_error") or {}

    def _ar_decline_code(self):
        """Return the provider's decline code, or ``None``.

        Extension point: an override must return one of `core.autopay.declines.FINAL_CODES` for a final decline.
        """
        self.ensure_one()
        return self.ar_decline_code or None

    # === STATES === #

    def _set_error(self, state_message, extra_allowed_states=()):
        """Override of `payment` to keep the state of charges without an answer: their outcome is not known.

        What was declined for lack of permission ends the consent.
        """
        unanswered = self.filtered(lambda each: each.ar_unanswered and each._ar_charges_saved_method())
        unanswered.state_message = state_message
        for transaction in unanswered.filtered(lambda each: not each._ar_get_charges()):
            transaction._ar_report_unanswered()
        failed = super(PaymentTransaction, self - unanswered)._set_error(state_message, extra_allowed_states)
        failed._ar_get_charges()._end_revoked()
        return failed

    def _set_done(self, **kwargs):
        """Override of `payment` to log the charge on the thread of the plan or account."""
        done = super()._set_done(**kwargs)
        for charge in done._ar_get_charges():
            amount = format_amount(charge.env, charge.amount, charge.currency_id)
            unit = charge._get_unit()
            unit._log_autopay(self.env._("%(name)s: %(amount)s collected.", name=unit.name, amount=amount))
        return done
