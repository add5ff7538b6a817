from functools import wraps

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.credit.effect import BLOCK, WARN


class SaleOrderConfirm(models.Model):
    """Quotations are checked before anything else happens when they are confirmed (decision 0021)."""

    _inherit = "sale.order"

    def _register_hook(self):
        """Override to check first, in whatever order add-ons are loaded.

        Others book loyalty points before they call `super()`, or register visitors and send a mail after it: a
        quotation that is held must not be among those that they see.
        """
        super()._register_hook()
        model = self.env.registry[self._name]
        confirm = model.action_confirm
        if not hasattr(confirm, "ar_original"):
            model.action_confirm = _check_first(confirm)

    def _unregister_hook(self):
        """Override to take the check away."""
        model = self.env.registry[self._name]
        if hasattr(vars(model).get("action_confirm"), "ar_original"):
            del model.action_confirm
        return super()._unregister_hook()

    def action_confirm(self):
        """Override of `sale` to check, also while add-ons are installed, when nothing is hooked in yet."""
        return self._ar_confirm_free(super().action_confirm.__func__)

    def _ar_confirm_free(self, confirm):
        """Confirm the quotations of customers with credit; hold the others of them.

        :param confirm: called with those that are confirmed
        :raise UserError: where all are held; what customers have begun is never undone by an error, see `_ar_is_begun`
        """
        effects = self._ar_check_quotations()
        held = self.filtered(lambda order: order in effects and effects[order].effect == BLOCK)
        begun = held.filtered(lambda order: order._ar_is_begun())
        if held and held == self and not begun:
            raise UserError("\n\n".join(order._ar_get_confirmation_text(effects[order]) for order in held))
        for order in begun:
            order._ar_report_hold(self.env._("The customer accepted this quotation."), effects[order])
        free = self - held
        with free._ar_passed():
            result = confirm(free) if free or not held else True
        told = {order: effect for order, effect in effects.items() if effect.effect in (WARN, BLOCK)}
        return self._ar_show(told, result) if told else result


def _check_first(confirm):
    """Return `action_confirm` of the whole model with the check before it.

    :param confirm: `action_confirm` of the whole model
    """

    @wraps(confirm)
    def action_confirm(orders):
        return orders._ar_confirm_free(confirm)

    action_confirm.ar_original = confirm
    return action_confirm
