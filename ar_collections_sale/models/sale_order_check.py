from odoo import api, models
from odoo.exceptions import LockError

from odoo.addons.ar_collections.core.credit.effect import BLOCK
from odoo.addons.ar_collections.notification import CLOSE, notification


class SaleOrderCheck(models.Model):
    """Which quotations are held, and what staff read about them."""

    _inherit = "sale.order"

    def _ar_check_quotations(self):
        """Return {quotation: core.credit.effect.DocumentEffect} of those that were not checked just now.

        :raise LockError: when another transaction holds an account
        """
        quotations = self._ar_without_passed().filtered(lambda order: order.state in ("draft", "sent"))
        effects = quotations._ar_check_documents()
        return {order: effects[order.id] for order in quotations if order.id in effects}

    def _ar_find_held(self):
        """Return {quotation: DocumentEffect} of those that are held, where an error must not stop the flow.

        While another transaction holds the account, they are checked without the lock: it is a customer who waits.
        """
        try:
            effects = self._ar_check_quotations()
        except LockError:
            quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
            found = quotations._ar_check_documents(lock=False)
            effects = {order: found[order.id] for order in quotations if order.id in found}
        return {order: effect for order, effect in effects.items() if effect.effect == BLOCK}

    # === TELL === #

    @api.model
    def _ar_show(self, effects, result=True):
        """Return a notification about quotations that are held, or were confirmed although the customer has no room.

        :param effects: {quotation: DocumentEffect}
        :param result: what the confirmation returned; an action of another add-on follows
        """
        texts = [order._ar_get_confirmation_text(effect) for order, effect in effects.items()]
        after = result if isinstance(result, dict) else CLOSE
        return notification("\n".join(texts), "warning", after, sticky=True, title=self.env._("Credit"))

    def _ar_get_confirmation_text(self, effect):
        """Return what staff read about a quotation that is held, or confirmed with a warning."""
        self.ensure_one()
        if effect.effect == BLOCK:
            intro = self.env._("%(order)s is not confirmed.", order=self.display_name)
        else:
            intro = self.env._("%(order)s is confirmed with a warning.", order=self.display_name)
        return f"{intro} {self._ar_describe(effect, is_shared=True)}"
