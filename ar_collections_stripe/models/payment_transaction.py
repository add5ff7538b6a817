import requests

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.payment_stripe import const as odoo_const

#: {status of a payment intent: state of the transaction}.
STATES = {status: state for state, statuses in odoo_const.STATUS_MAPPING.items() for status in statuses}


class PaymentTransaction(models.Model):
    """Transactions with Stripe: the number of a payment that was declined, and the state that Stripe tells later."""

    _inherit = "payment.transaction"

    # === DECLINED AT ONCE === #

    def _send_api_request(self, method, endpoint, **kwargs):
        """Override of `payment` to store the payment intent of a declined charge.

        Odoo learns it from the webhook alone. Until then neither a dispute nor a late success could be matched.
        """
        try:
            return super()._send_api_request(method, endpoint, **kwargs)
        except ValidationError as error:
            if self.provider_code == "stripe" and self.operation != "refund" and not self.provider_reference:
                self._ar_read_intent(error)
            raise

    def _ar_read_intent(self, error):
        """Store the id of the payment intent that Stripe names in the answer to a declined charge."""
        while error is not None and not isinstance(error, requests.exceptions.RequestException):
            error = error.__cause__ or error.__context__
        response = getattr(error, "response", None)
        if response is None or response.status_code != 402:
            return
        try:
            intent = response.json()["error"]["payment_intent"]["id"]
        except (ValueError, KeyError, TypeError):
            return
        self.provider_reference = intent

    # === REFUNDS === #

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override of `payment` to touch the row of a payment that is being refunded.

        Stripe sends its event before Odoo has committed the refund. Where the handler reads in an older snapshot, its
        lock fails on the touched row, and it tries again; without that it would not see the refund, and book another.
        """
        if is_refund and self.provider_code == "stripe":
            self.env.execute_query(
                SQL("UPDATE payment_transaction SET write_date = write_date WHERE id = %s RETURNING id", self.id)
            )
        return super()._create_child_transaction(amount, is_refund=is_refund, **custom_create_values)

    # === LATER === #

    def _ar_process_intent(self, intent):
        """Set the state from a payment intent as it is now, by Odoo's own processing; nothing where it has it already.

        :param dict intent: in the API version of Odoo's `payment_stripe`, with its payment method
        :return: whether it belongs to this transaction
        """
        self.ensure_one()
        if self.provider_reference not in (False, intent["id"]):
            return False  # another attempt with the same reference
        state = STATES.get(intent["status"])
        if state == self.state and self.provider_reference:
            return True
        if self.state == "done" or (state == "draft" and self.state != "draft"):
            return True  # what was paid is undone by refunds and disputes alone
        if state == "error" and not intent.get("last_payment_error"):
            return True  # nobody has tried to pay yet
        data = {
            "reference": self.reference,
            "payment_intent": intent,
            "payment_method": intent.get("payment_method"),
        }
        self._process("stripe", data)
        if self.state in ("done", "authorized"):
            self.env.ref("payment.cron_post_process_payment_tx")._trigger()
        return True
