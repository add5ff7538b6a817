from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.credit.effect import BLOCK, DELIVERY, WARN, Document
from odoo.addons.ar_collections.core.money import to_decimal


class StockPicking(models.Model):
    """Deliveries of orders are held where the customer is on credit hold (decision 0021)."""

    _inherit = "stock.picking"

    def _action_done(self):
        """Override of `stock` to hold deliveries of customers without credit; of several, the others leave.

        :raise UserError: where all are held; nothing is undone, and they can be validated again
        """
        effects = self._ar_check_credit()
        held = self.filtered(lambda picking: picking in effects and effects[picking].effect == BLOCK)
        texts = {picking: picking._ar_get_hold_text(effect) for picking, effect in effects.items()}
        if held and held == self:
            raise UserError("\n\n".join(texts[picking] for picking in held))
        result = super(StockPicking, self - held)._action_done()
        self.sale_id._ar_mark_stale()
        for picking, effect in effects.items():
            if effect.effect in (WARN, BLOCK):
                picking._ar_tell(texts[picking])
        return result

    def _ar_check_credit(self):
        """Return {delivery: core.credit.effect.DocumentEffect} of those whose customers have a limit, or are held.

        Returns, internal transfers and what is paid are not looked at.

        :raise LockError: when another transaction holds an account
        """
        # sudo: who delivers needs no role of ours, and need not read orders and payments.
        pickings = self.sudo().filtered(lambda picking: picking._ar_is_checked())
        found = {}
        for root, of_root in pickings.grouped(lambda picking: picking.company_id.root_id).items():
            effects = self.env["ar.credit.check"]._check(of_root._ar_get_documents(), root)
            found |= {picking: effects[picking.id] for picking in of_root if picking.id in effects}
        return found

    def _ar_is_checked(self):
        """Return whether goods of an order that is not paid leave for the customer."""
        self.ensure_one()
        order = self.sale_id
        if self.state == "done" or not order or self.location_dest_id.usage != "customer":
            return False
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        is_settled = (
            order.invoice_status == "invoiced"
            and invoices
            and all(move.payment_state in ("paid", "in_payment", "reversed") for move in invoices)
        )
        return not (is_settled or order._ar_is_paid())

    def _ar_get_documents(self):
        """Return {commercial partner: [core.credit.effect.Document, …]}; called in superuser mode."""
        partners = self.sale_id.partner_invoice_id.commercial_partner_id
        accounts = self.env["ar.credit.check"]._find_accounts(partners, self.company_id.root_id)
        counting = {account.partner_id: account.policy_id._get_exposure_rules().has_orders for account in accounts}
        documents = defaultdict(list)
        for picking in self:
            partner = picking.sale_id.partner_invoice_id.commercial_partner_id
            documents[partner].append(picking._ar_get_document(counting.get(partner, True)))
        return documents

    def _ar_get_document(self, counts):
        """Return the delivery as a document to be checked.

        What its order adds is in the exposure already, as an order or as an invoice, unless orders do not count: then
        what is delivered and not invoiced adds to it.
        """
        order = self.sale_id
        amount, invoiced = 0, 0
        for line, moves in self.move_ids.filtered("sale_line_id").grouped("sale_line_id").items():
            price = line.price_total / line.product_uom_qty if line.product_uom_qty else line.price_unit
            quantity = sum(move.product_uom._compute_quantity(move.quantity, line.product_uom_id) for move in moves)
            amount += quantity * price
            invoiced += min(max(line.qty_invoiced - line.qty_delivered, 0), quantity) * price
        total = order._ar_convert(amount) or to_decimal(order.company_id.currency_id.rounding)
        is_known = counts or not order._ar_has_rate()
        return Document(self.id, DELIVERY, total, counted=total if is_known else order._ar_convert(invoiced))

    def _ar_get_hold_text(self, effect):
        """Return what staff read about a delivery that is held, or left with a warning."""
        if effect.effect == BLOCK:
            intro = self.env._("%(delivery)s is not delivered.", delivery=self.display_name)
        else:
            intro = self.env._("%(delivery)s is delivered with a warning.", delivery=self.display_name)
        return f"{intro} {self.sudo().sale_id._ar_describe(effect)}"  # as in the check

    def _ar_tell(self, text):
        """Note a hold or a warning on the delivery, and show it to the user."""
        self.ensure_one()
        self.sudo().message_post(body=text, subtype_xmlid="mail.mt_note")  # as in the check
        values = {"type": "warning", "sticky": True, "title": self.env._("Credit"), "message": text}
        self.env.user._bus_send("simple_notification", values)
