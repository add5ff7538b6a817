from odoo import models
from odoo.exceptions import LockError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as odoo_const
from odoo.addons.payment_stripe.controllers.main import StripeController

from ...core.events import NotYet


class ArStripeEventHandlers(models.Model):
    """One small method for each kind of event: fetch the object, bring our records in step with what it is now.

    Payments and refunds go through Odoo's own processing, with objects in the API version that it reads.
    """

    _inherit = "ar.stripe.event"

    def _ask(self, call):
        """Return the answer of Stripe to a call with the key of the event's provider."""
        return self.env["ar.stripe.client"]._ask(self.provider_id, call)

    def _lock(self, transaction):
        """Return a locked transaction.

        :raise LockError: where another operation works on it, such as a refund that Odoo is making; tried again soon
        """
        locked = transaction.try_lock_for_update()
        if transaction and not locked:
            raise LockError(self.env._("Another operation works on this payment."))
        return locked

    def _find_transaction(self, intent_id, thing=None):
        """Return the provider's transaction of a payment intent; empty where it is not from here.

        :param dict thing: the intent or its charge. By its description, the transaction's reference, one is found that
            has no intent yet and is about the same amount: others who use the account may have the same references
        """
        if not intent_id:
            return self.env["payment.transaction"]
        # sudo: scheduled actions and handlers work for all; the provider limits it to its own.
        transactions = self.env["payment.transaction"].sudo()
        mine = [("provider_id", "=", self.provider_id.id), ("operation", "!=", "refund")]
        found = transactions.search([*mine, ("provider_reference", "=", intent_id)], limit=1)
        if found or not (thing and thing.get("description")):
            return found
        free = [("reference", "=", thing["description"]), ("provider_reference", "=", False)]
        return transactions.search([*mine, *free], limit=1).filtered(lambda each: self._is_amount_of(each, thing))

    def _is_amount_of(self, transaction, thing):
        """Return whether an intent or charge has the amount and the currency of a transaction."""
        currency = transaction.currency_id
        digits = odoo_const.CURRENCY_DECIMALS.get(currency.name)
        minor = payment_utils.to_minor_currency_units(transaction.amount, currency, arbitrary_decimal_number=digits)
        return (thing["amount"], thing["currency"].upper()) == (minor, currency.name)

    # === PAYMENTS === #

    def _handle_payment_intent(self):
        """Set the transaction's state from the payment intent."""
        options = self.env["ar.stripe.client"]._as_odoo()
        expand = {"expand": ["payment_method"]}
        intent = self._ask(lambda v1: v1.payment_intents.retrieve(self.object_id, expand, options)).to_dict()
        if transaction := self._find_transaction(intent["id"], intent):
            return self._lock(transaction)._ar_process_intent(intent)
        # A request that charges a saved method commits its transaction when it has Stripe's answer, or waited for it.
        if intent.get("description") and self._is_new():
            raise NotYet
        return False

    # === REFUNDS === #

    def _handle_charge(self):
        """Record the refunds of a charge that Odoo does not know."""
        options = self.env["ar.stripe.client"]._as_odoo()
        charge = self._ask(lambda v1: v1.charges.retrieve(self.object_id, {"expand": ["refunds"]}, options)).to_dict()
        if not charge.get("captured", True):
            return False  # nothing was collected: what was released is no refund
        transaction = self._find_transaction(charge.get("payment_intent"), charge)
        if not transaction:
            return False
        self._lock(transaction)
        refunds = self._ask(
            lambda v1: [
                refund.to_dict()
                for refund in v1.refunds.list({"charge": charge["id"], "limit": 100}, options).auto_paging_iter()
            ]
        )
        for refund in refunds:
            self._record_refund(transaction, refund)
        return True

    def _record_refund(self, transaction, refund):
        """Record a refund, unless a transaction has its number: also one that refunds a captured part."""
        known = [("provider_id", "=", transaction.provider_id.id), ("provider_reference", "=", refund["id"])]
        if transaction.search_count(known, limit=1) or refund["status"] in odoo_const.STATUS_MAPPING["error"]:
            return
        child = StripeController._create_refund_tx_from_refund(transaction, refund)
        child._process("stripe", {"reference": transaction.reference, "refund": refund})

    # === METHODS === #

    def _handle_payment_method(self):
        """Archive the saved methods that were detached at Stripe; automatic payments with them end."""
        method = self._ask(lambda v1: v1.payment_methods.retrieve(self.object_id)).to_dict()
        if method.get("customer"):
            return False  # attached again
        tokens = self.env["payment.token"].sudo()  # as in `_find_transaction`
        mine = [("provider_id", "=", self.provider_id.id), ("stripe_payment_method", "=", self.object_id)]
        found = tokens.search(mine)
        found.active = False
        return bool(found)

    # === DISPUTES === #

    def _handle_dispute(self):
        """Create or update the chargeback."""
        dispute = self._ask(lambda v1: v1.disputes.retrieve(self.object_id)).to_dict()
        transaction = self._find_transaction(dispute.get("payment_intent"))
        if not transaction:
            return False
        self.env["ar.stripe.dispute"]._update_from_stripe(self._lock(transaction), dispute)
        return True
