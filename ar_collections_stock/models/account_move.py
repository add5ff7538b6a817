from odoo import api, fields, models

from odoo.addons.ar_collections.formats import format_amount


class AccountMove(models.Model):
    """Invoices say what of them was not delivered, before anybody is reminded of it, and whether they are paid."""

    _inherit = "account.move"

    ar_undelivered_text = fields.Char("Delivery", compute="_compute_ar_undelivered_text", groups="base.group_user")

    @api.depends("state", "amount_residual", "invoice_line_ids.sale_line_ids.qty_delivered")
    @api.depends_context("lang")
    def _compute_ar_undelivered_text(self):
        for move in self:
            move.ar_undelivered_text = False
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move._ar_is_open())
        if not invoices.ids:
            return
        self.env.flush_all()
        # Who reads the invoice need not read its order.
        for move_id, amount in self.env["ar.facts"].sudo()._read_undelivered(invoices.ids).items():
            move = self.browse(move_id)
            text = self.env._("Not delivered yet: %s.")
            move.ar_undelivered_text = text % format_amount(self.env, amount, move.currency_id)

    def _ar_is_covered(self):
        """Return whether the invoice is settled, or what is open of it is paid by payments without a journal entry.

        Odoo's payment state does not say it: any such payment makes the whole invoice "In Payment", or "Paid". A
        payment over several invoices covers all of them or none.
        """
        self.ensure_one()
        if self.state != "posted" or not self._ar_is_open():
            return self.state == "posted"
        waiting = self.sudo().matched_payment_ids.filtered(  # whoever delivers the goods; nothing of them is shown
            lambda payment: not payment.move_id and payment.state in ("in_process", "paid")
        )
        paid = sum(
            payment.currency_id._convert(payment.amount, self.currency_id, self.company_id, payment.date)
            for payment in waiting
        )
        needed = sum(
            invoice.currency_id._convert(invoice.amount_residual, self.currency_id, self.company_id, invoice.date)
            for invoice in waiting.invoice_ids | self
        )
        return self.currency_id.compare_amounts(paid, needed) >= 0
