from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.ar_collections.core.credit.effect import DELIVERY, EFFECTS, ORDER, Document
from odoo.addons.ar_collections.core.money import ZERO, to_decimal


class StockPickingDocument(models.Model):
    """Deliveries as documents of credit control, which a credit manager can release.

    A delivery of several orders is one document for each: they may have other customers, terms and payments. The most
    severe effect is that of the delivery.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "ar.credit.document.mixin"]

    ar_is_held = fields.Boolean("On Credit Hold", compute="_compute_ar_is_held", groups="base.group_user")
    ar_credit_text = fields.Char("Credit", compute="_compute_ar_is_held", groups="base.group_user")

    @api.depends("state", "move_ids.quantity", "sale_id")
    @api.depends_context("lang", "uid")
    def _compute_ar_is_held(self):
        """Compute whether the delivery is held, and the line about it: why, and whom to ask."""
        self.ar_is_held = self.ar_credit_text = False
        deliveries = self._origin.filtered(lambda picking: picking.state not in ("done", "cancel"))
        effects = deliveries._ar_check_documents(lock=False)
        held = deliveries._ar_get_blocked(effects)
        for picking in self:
            if picking._origin in held:
                effect = effects[picking._origin.id]
                picking.ar_is_held = True
                picking.ar_credit_text = self._ar_get_effect_order(effect)._ar_describe(effect)

    # === WHAT THE DOCUMENT IS ABOUT === #

    def _ar_get_document_kind(self):
        """Return the kind of the document."""
        return DELIVERY

    def _ar_get_credit_partner(self):
        """Override: who gets the invoice of the order owes it."""
        return self._ar_get_orders()[:1].partner_invoice_id.commercial_partner_id

    def _ar_get_credit_partners(self):
        """Override for deliveries of several orders."""
        return self._ar_get_orders().partner_invoice_id.commercial_partner_id

    def _ar_get_credit_total(self):
        """Override to take what is to be delivered, or what is delivered where that is more."""
        orders = self._ar_get_orders()
        if len(orders.currency_id) > 1:
            currency = self.company_id.currency_id
            return float(self._ar_get_credit_amount() or 0), currency
        currency = orders.currency_id or self.company_id.currency_id
        picking = self.sudo()  # who delivers need not read orders
        return currency.round(sum(picking._ar_get_amounts(order, is_planned=True)[0] for order in orders)), currency

    def _ar_get_credit_amount(self):
        """Override to convert at the rates of the orders."""
        picking, orders = self.sudo(), self._ar_get_orders()  # as above
        if not all(order._ar_has_rate() for order in orders):
            return None
        planned = (order._ar_convert(picking._ar_get_amounts(order, is_planned=True)[0]) for order in orders)
        return sum(planned, ZERO)

    # === CHECK === #

    def _ar_find_accounts(self, root, is_strict):
        """Override for orders that were raised: they are held whatever the policy says about deliveries."""
        has_raised = any(self._ar_get_orders().mapped("ar_held_on"))
        return super()._ar_find_accounts(root, is_strict and not has_raised)

    def _ar_make_documents(self):
        """Override to make a document of each order that is not paid, named by both; called in superuser mode."""
        releases = self.env["ar.credit.release"]._read_for(self)
        orders = {picking: picking._ar_get_unpaid_orders() for picking in self}
        neutral = self.env["sale.order"].union(*orders.values())._ar_find_neutral()
        found = defaultdict(list)
        for picking, unpaid in orders.items():
            for order in unpaid:
                document = picking._ar_make_order_document(order, releases.get(picking), adds=order in neutral)
                found[order._ar_get_credit_partner()].append(document)
        return found

    def _ar_make_order_document(self, order, release, adds):
        """Return what is delivered of an order as the rules read it.

        What the order adds is in the exposure already, as an order or as an invoice, unless orders do not count: then
        what is delivered and not invoiced adds to it. An order that was raised beyond the customer's credit is held
        with its deliveries, whatever the policy says about deliveries.

        :param bool adds: whether orders of the customer do not count
        """
        amount, invoiced = self._ar_get_amounts(order)
        total = order._ar_convert(amount)
        if not order._ar_has_rate():  # nothing is known to be added, but it is a debt all the same
            total = to_decimal(self.company_id.currency_id.rounding) if amount else ZERO
            adds = False
        return Document(
            (self.id, order.id),
            ORDER if order.ar_held_on else self._ar_get_document_kind(),
            total,
            counted=order._ar_convert(invoiced) if adds else total,
            release=release,
            terms_days=order._ar_get_terms_days(),
        )

    def _ar_read_effects(self, concerned, lock):
        """Override to take the most severe effect on each delivery."""
        found = {}
        for (picking_id, _order_id), effect in super()._ar_read_effects(concerned, lock).items():
            if picking_id not in found or _severity(effect) > _severity(found[picking_id]):
                found[picking_id] = effect
        return found

    @api.model
    def _ar_get_effect_order(self, effect):
        """Return the order, in superuser mode, that an effect on a delivery comes from."""
        _picking_id, order_id = effect.document_id
        return self.env["sale.order"].sudo().browse(order_id)  # who delivers need not read orders

    def _ar_is_pending(self):
        """Override for the states of deliveries."""
        return self.state not in ("done", "cancel")

    def _ar_confirm_released(self):
        """Override to validate the delivery, as its button does."""
        result = self.button_validate()
        return result if isinstance(result, dict) else None


def _severity(effect):
    return EFFECTS.index(effect.effect)
