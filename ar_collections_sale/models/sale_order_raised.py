from contextlib import contextmanager

from odoo import models

from odoo.addons.ar_collections.core.credit.effect import BLOCK, WARN
from odoo.addons.ar_collections.models.customers.core_flow import ignore_failure

#: Key of the orders that are being changed, in the cache of the cursor.
WATCHED = "ar_orders_watched"


class SaleOrderRaised(models.Model):
    """Orders that ask for more credit after their confirmation are checked again.

    Otherwise a small order would be confirmed and made a large one. The change itself is kept: often no person makes
    it, but a time sheet, an expense or a delivery of more. The order is marked as held, and with it its deliveries,
    until a credit manager releases it or there is room.
    """

    _inherit = "sale.order"

    @contextmanager
    def _ar_watch(self):
        """Check, at the end of the block, those of these orders that became larger, or got longer terms or another
        customer.
        """
        cache, watched = self.env.cr.cache, self.browse()
        before = {}
        if self and self.env["ar.credit.stale"]._is_used():
            busy = cache.get(WATCHED, frozenset())
            # sudo: who changes an order need not read all about it and its customer.
            watched = self.sudo().filtered(lambda order: order.state == "sale" and order.id not in busy)
            before = {order: order._ar_get_asked() for order in watched}
            cache[WATCHED] = busy | set(watched.ids)
        try:
            yield
        finally:
            if watched:
                cache[WATCHED] = busy
        if not watched:  # quotations, and shops without limits: no flush and no savepoint for each line
            return
        with ignore_failure(self.env, "the credit of orders that were changed"):
            changed = watched.exists().filtered(lambda order: order.ar_held_on or order._ar_asks_more(before[order]))
            changed.filtered(lambda order: order.state == "sale")._ar_check_raised()

    def _ar_get_asked(self):
        """Return what decides about the credit that the order asks for: (debtor, company, currency, amount, days)."""
        return (
            self.partner_invoice_id.commercial_partner_id,
            self.company_id,
            self.currency_id,
            self.amount_total,
            self._ar_get_terms_days(),
        )

    def _ar_asks_more(self, before):
        """Return whether the order asks for more credit than before."""
        *owner, amount, days = self._ar_get_asked()
        *owner_before, amount_before, days_before = before
        return (
            owner != owner_before or self.currency_id.compare_amounts(amount, amount_before) > 0 or days > days_before
        )

    def _ar_check_raised(self):
        """Mark those of these confirmed orders that would not be confirmed as they are now, and say so."""
        effects = self._ar_check_documents(lock=False)
        held = self._ar_get_blocked(effects)
        (self - held)._ar_clear_hold()
        if held:
            held._ar_mark_held(effects)
        for order in self.filtered(lambda order: order.id in effects and effects[order.id].effect in (WARN, BLOCK)):
            self._ar_notify(self.env._("Credit"), order._ar_get_raised_text(effects[order.id]))
        for order in self.filtered(lambda order: order.id in effects and effects[order.id].effect == WARN):
            order._message_log(body=order._ar_get_raised_text(effects[order.id], is_shared=True))

    def _ar_get_raised_text(self, effect, is_shared=False):
        """Return what staff read about an order that was raised beyond the customer's credit.

        :param bool is_shared: see `_ar_describe_reasons`
        """
        if effect.effect == BLOCK:
            intro = self.env._("%(order)s was changed after its confirmation and is held.", order=self.display_name)
        else:
            intro = self.env._("%(order)s was changed after its confirmation.", order=self.display_name)
        return f"{intro} {self._ar_describe(effect, is_shared=is_shared)}"
