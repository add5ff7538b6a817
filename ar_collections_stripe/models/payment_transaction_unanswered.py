import datetime
import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

TASK = "ar_collections.mail_activity_type_autopay_unknown"

#: Time before the first request from which on payment intents are looked at: clocks differ.
BEFORE = datetime.timedelta(hours=1)

#: Statuses of an intent by which the customer was charged, or is going to be.
MOVED = ("succeeded", "processing", "requires_capture")


class PaymentTransactionUnanswered(models.Model):
    """A charge without an answer that cannot be repeated any more: Stripe is asked what became of it."""

    _inherit = "payment.transaction"

    def _ar_ask_provider_stripe(self):
        """Set the state of a transaction without an answer from what Stripe has of it; a failure changes nothing.

        :return: whether the state tells it now, see `_ar_ask_provider`
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._ar_ask_stripe()
        except UserError as error:
            _logger.info("Stripe does not tell what became of %s: %s", self.reference, error)
        return self.state != "draft"

    def _ar_ask_stripe(self):
        """Ask Stripe about one transaction. Where Stripe has nothing of it, the request never arrived.

        :raise UserError: where Stripe cannot be asked
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "draft":
            return
        intents = self._ar_find_intents()
        moved = [intent for intent in intents if intent["status"] in MOVED]
        if len(moved) > 1 or (intents and not moved and self._ar_is_still_unclear()):
            return  # a person looks
        if intents:
            self._ar_settle_by_intent((moved or intents)[0])
        elif fields.Datetime.now() - self.create_date > BEFORE:  # until then the request may still arrive
            self.write({"ar_unanswered": False, "ar_decline_code": "not_charged"})
            self._set_error(self.env._("Stripe knows of no such payment: the request never arrived."))
        if self.state != "draft":
            (self._ar_get_charges().customer_id | self.ar_customer_id)._close_tasks(TASK)

    def _ar_settle_by_intent(self, intent):
        """Set the state from the intent; one that waits for the customer is declined, who is not there to confirm."""
        self._ar_process_intent(intent)
        if self.state == "draft" and intent["status"] in ("requires_action", "requires_confirmation"):
            self.write({"ar_unanswered": False, "ar_decline_code": "authentication_required"})
            self._set_error(self.env._("The bank requires the customer to confirm the payment."))

    def _ar_is_still_unclear(self):
        """Return whether Stripe's refusal left open what happened."""
        return bool(self.ar_decline_code) and not self._ar_is_idempotent()

    def _ar_find_intents(self):
        """Return Stripe's payment intents of this transaction, the latest first.

        The list of a customer's intents is up to date at once; the search of Stripe is behind by minutes.

        :rtype: list[dict]
        """
        options = self.env["ar.stripe.client"]._as_odoo()
        since = int((self.create_date - BEFORE).replace(tzinfo=datetime.timezone.utc).timestamp())
        filters = {
            "customer": self.token_id.provider_ref,
            "created": {"gte": since},
            "limit": 100,
            "expand": ["data.payment_method"],
        }
        found = self.env["ar.stripe.client"]._ask(
            self.provider_id,
            lambda v1: [intent.to_dict() for intent in v1.payment_intents.list(filters, options).auto_paging_iter()],
        )
        return [intent for intent in found if intent.get("description") == self.reference]
