from odoo import models

from odoo.addons.ar_collections.core.credit.effect import ORDER
from odoo.addons.ar_collections.core.money import ZERO, to_decimal


class SaleOrderDocument(models.Model):
    """Quotations as documents of credit control, which a credit manager can release."""

    _name = "sale.order"
    _inherit = ["sale.order", "ar.credit.document.mixin"]

    def _ar_get_document_kind(self):
        """Return the kind of the document."""
        return ORDER

    def _ar_get_credit_partner(self):
        """Override: who gets the invoice owes it."""
        return self.partner_invoice_id.commercial_partner_id

    def _ar_get_credit_amount(self):
        """Override to convert at the order's rate; a negative order makes no room for others."""
        return max(self._ar_convert(self.amount_total), ZERO) if self._ar_has_rate() else None

    def _ar_convert(self, amount):
        """Return an amount of the order in company currency, at the order's rate."""
        return to_decimal(self.company_id.currency_id.round(amount / (self.currency_rate or 1)))

    def _ar_has_rate(self):
        """Return whether the currency of the order can be converted."""
        return self.currency_id._ar_has_rate(self.company_id.root_id)

    def _ar_get_counted(self):
        """Override for what is confirmed: the exposure has it already."""
        return self._ar_get_credit_amount() or ZERO if self.state == "sale" else ZERO

    def _ar_find_neutral(self):
        """Override for customers whose orders do not count by their policy; one root company."""
        accounts = self.env["ar.credit.check"]._find_accounts(self._ar_get_credit_partners(), self.company_id.root_id)
        uncounted = accounts.filtered(lambda account: not account.policy_id._get_exposure_rules().has_orders)
        return self.filtered(lambda order: order._ar_get_credit_partner()._origin in uncounted.partner_id)

    def _ar_get_document_values(self, amount):
        """Override for what is paid and not in the books yet, and the payment terms; without any it is due at once."""
        return {
            "covered": self._ar_convert(self._ar_get_covered(is_booked=False)),
            "terms_days": self._ar_get_terms_days(),
        }

    def _ar_get_terms_days(self):
        """Return the number of days until the last part would be due if the order were invoiced today."""
        return max(self.payment_term_id._ar_get_days(self.company_id.root_id._ar_today()) or 0, 0)

    def _ar_read_effects(self, concerned, lock):
        """Override to leave out what is paid, so that no lock stands in its way, and what was canceled."""
        unpaid = {
            root: orders.filtered(lambda order: order.state != "cancel" and not order._ar_is_paid())
            for root, orders in concerned.items()
        }
        return super()._ar_read_effects({root: orders for root, orders in unpaid.items() if orders}, lock)

    def _ar_is_pending(self):
        """Override for orders that were raised after their confirmation, and are held since."""
        return super()._ar_is_pending() or (self.state == "sale" and bool(self.ar_held_on))

    def _ar_confirm_released(self):
        """Override to confirm the quotation; an order that was raised is confirmed already."""
        if self.state == "sale":
            return None
        result = self.action_confirm()
        return result if isinstance(result, dict) else None
