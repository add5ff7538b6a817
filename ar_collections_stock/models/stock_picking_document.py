from odoo import api, fields, models

from odoo.addons.ar_collections.core.credit.effect import DELIVERY


class StockPickingDocument(models.Model):
    """Deliveries as documents of credit control, which a credit manager can release."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "ar.credit.document.mixin"]

    ar_is_held = fields.Boolean("On Credit Hold", compute="_compute_ar_is_held", groups="base.group_user")

    @api.depends("state", "move_ids.quantity", "sale_id")
    def _compute_ar_is_held(self):
        self.ar_is_held = False
        deliveries = self._origin.filtered(lambda picking: picking.state not in ("done", "cancel"))
        held = deliveries._ar_get_blocked(deliveries._ar_check_documents(lock=False))
        for picking in self:
            picking.ar_is_held = picking._origin in held

    def _ar_get_document_kind(self):
        """Return the kind of the document."""
        return DELIVERY

    def _ar_get_credit_partner(self):
        """Override: who gets the invoice of the order owes it."""
        return self.sudo().sale_id.partner_invoice_id.commercial_partner_id  # who delivers need not read orders

    def _ar_get_credit_total(self):
        """Override to take what is to be delivered, or what is delivered where that is more."""
        picking = self.sudo()  # as above
        currency = picking.sale_id.currency_id or picking.company_id.currency_id
        return currency.round(picking._ar_get_amounts(is_planned=True)[0]), currency

    def _ar_get_credit_amount(self):
        """Override to convert at the order's rate."""
        picking, order = self.sudo(), self.sudo().sale_id  # as above
        return order._ar_convert(picking._ar_get_credit_total()[0]) if order._ar_has_rate() else None

    def _ar_read_effects(self, concerned, lock):
        """Override to check as the validation does: what is paid is left out, and orders may not count."""
        return self.env["stock.picking"].union(*concerned.values())._ar_check_credit(lock)

    def _ar_is_pending(self):
        """Override for the states of deliveries."""
        return self.state not in ("done", "cancel")

    def _ar_confirm_released(self):
        """Override to validate the delivery, as its button does."""
        result = self.button_validate()
        return result if isinstance(result, dict) else None
