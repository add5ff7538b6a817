from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.credit.effect import BLOCK, DELIVERY, WARN, Document


class StockPicking(models.Model):
    """Deliveries of orders are held where the customer is on credit hold (decision 0021)."""

    _inherit = "stock.picking"

    def _action_done(self):
        """Override of `stock` to hold deliveries of customers without credit; of several, the others leave.

        :raise UserError: where all are held; nothing is undone, and they can be validated again
        """
        checked = self._ar_check_documents()
        effects = {picking: checked[picking.id] for picking in self if picking.id in checked}
        held = self._ar_get_blocked(checked)
        texts = {picking: picking._ar_get_validation_text(effect) for picking, effect in effects.items()}
        if held and held == self:
            raise UserError("\n\n".join(texts[picking] for picking in held))
        result = super(StockPicking, self - held)._action_done()
        self.sale_id._ar_mark_stale()
        for picking, effect in effects.items():
            if effect.effect in (WARN, BLOCK):
                picking._ar_tell(texts[picking])
        return result

    def _ar_check_credit(self, lock):
        """Return {id: core.credit.effect.DocumentEffect} of those whose customers have a limit, or are held.

        Returns, internal transfers and what is paid are not looked at.

        :param bool lock: see `ar.credit.check._check`
        :raise LockError: when another transaction holds an account
        """
        # sudo: who delivers needs no role of ours, and need not read orders and payments.
        pickings = self.sudo().filtered(lambda picking: picking._ar_is_checked())
        found = {}
        for root, of_root in pickings.grouped(lambda picking: picking.company_id.root_id).items():
            found |= pickings.env["ar.credit.check"]._check(of_root._ar_get_documents(), root, lock)
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
        return not (is_settled or self._ar_is_paid_in_full())

    def _ar_is_paid_in_full(self):
        """Return whether the order is paid online or by its invoices, down payments among them.

        The down payment that is asked for before the confirmation is not enough for the goods.
        """
        order = self.sale_id
        items = order.order_line.invoice_lines.filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.move_id.payment_state in ("paid", "in_payment", "reversed")
                and item.currency_id == order.currency_id
            )
        )
        invoiced = sum(-item.price_total if item.move_type == "out_refund" else item.price_total for item in items)
        paid = max(order._ar_get_covered(), invoiced)  # what was paid online may be what the invoices were paid with
        return order.amount_total > 0 and order.currency_id.compare_amounts(paid, order.amount_total) >= 0

    def _ar_get_documents(self):
        """Return {commercial partner: [core.credit.effect.Document, …]}; called in superuser mode."""
        partners = self.sale_id.partner_invoice_id.commercial_partner_id
        accounts = self.env["ar.credit.check"]._find_accounts(partners, self.company_id.root_id)
        counting = {account.partner_id: account.policy_id._get_exposure_rules().has_orders for account in accounts}
        releases = self.env["ar.credit.release"]._read_for(self)
        documents = defaultdict(list)
        for picking in self:
            partner = picking.sale_id.partner_invoice_id.commercial_partner_id
            document = picking._ar_get_document(counting.get(partner, True), releases.get(picking))
            documents[partner].append(document)
        return documents

    def _ar_get_document(self, counts, release=None):
        """Return the delivery as a document to be checked.

        What its order adds is in the exposure already, as an order or as an invoice, unless orders do not count: then
        what is delivered and not invoiced adds to it.
        """
        order = self.sale_id
        amount, invoiced = self._ar_get_amounts()
        total = order._ar_convert(amount)
        is_known = counts or not order._ar_has_rate()
        counted = total if is_known else order._ar_convert(invoiced)
        return Document(self.id, DELIVERY, total, counted=counted, release=release)

    def _ar_get_amounts(self, is_planned=False):
        """Return (what the delivered goods cost, how much of it is invoiced), in the order's currency, taxes included.

        Parts of a kit cost what is left of it. What the order does not name costs at least something.

        :param bool is_planned: with what is to be delivered, where that is more
        """
        amount, invoiced, active = 0, 0, self.move_ids.filtered(lambda move: move.state != "cancel")
        for line, moves in active.filtered("sale_line_id").grouped("sale_line_id").items():
            price = line.price_total / line.product_uom_qty if line.product_uom_qty else line.price_unit
            quantity = sum(move._ar_get_quantity(line.product_uom_id, is_planned) for move in moves)
            if moves.product_id != line.product_id:
                quantity = min(quantity, max(line.product_uom_qty - line.qty_delivered, 0))
            amount += quantity * price
            invoiced += min(max(line.qty_invoiced - line.qty_delivered, 0), quantity) * price
        if any(move.quantity and not move.sale_line_id for move in active):
            amount = amount or self.sale_id.currency_id.rounding
        return amount, invoiced

    def _ar_get_validation_text(self, effect):
        """Return what staff read about a delivery that is held, or left with a warning."""
        if effect.effect == BLOCK:
            intro = self.env._("%(delivery)s is not delivered.", delivery=self.display_name)
        else:
            intro = self.env._("%(delivery)s is delivered with a warning.", delivery=self.display_name)
        return f"{intro} {self.sudo().sale_id._ar_describe(effect, is_shared=True)}"  # as in the check

    def _ar_tell(self, text):
        """Note a hold or a warning on the delivery, and show it to the user."""
        self.ensure_one()
        self.sudo().message_post(body=text, subtype_xmlid="mail.mt_note")  # as in the check
        values = {"type": "warning", "sticky": True, "title": self.env._("Credit"), "message": text}
        self.env.user._bus_send("simple_notification", values)
