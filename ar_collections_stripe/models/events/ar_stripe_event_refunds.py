from odoo import models

from odoo.addons.payment_stripe import const as odoo_const


class ArStripeEventRefunds(models.Model):
    """What becomes of a refund: the customer's bank may refuse it weeks after Stripe has taken it for done."""

    _inherit = "ar.stripe.event"

    def _handle_refund(self):
        """Set the state of a refund here from what it is at Stripe; one that is not known is recorded."""
        options = self.env["ar.stripe.client"]._as_odoo()
        refund = self._ask(lambda v1: v1.refunds.retrieve(self.object_id, {}, options)).to_dict()
        transaction = self._find_transaction(refund.get("payment_intent"))
        if not transaction:
            return False
        self._lock(transaction)
        mine = [("provider_id", "=", self.provider_id.id), ("operation", "=", "refund")]
        child = transaction.search([*mine, ("provider_reference", "=", refund["id"])], limit=1)
        if not child:
            self._record_refund(transaction, refund)
        elif refund["status"] in odoo_const.STATUS_MAPPING["error"] and child.state != "error":
            # The entry stays, as in Odoo: what to do about it is for a person, see `ar.stripe.difference`.
            child._process("stripe", {"reference": child.reference, "refund": refund})
        return True
