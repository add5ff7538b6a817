from odoo import api, fields, models

from odoo.addons.ar_collections.formats import format_amount


class AccountMove(models.Model):
    """Invoices say what of them was not delivered, before anybody is reminded of it."""

    _inherit = "account.move"

    ar_undelivered_text = fields.Char("Delivery", compute="_compute_ar_undelivered_text", groups="base.group_user")

    @api.depends("state", "payment_state", "invoice_line_ids.sale_line_ids.qty_delivered")
    @api.depends_context("lang")
    def _compute_ar_undelivered_text(self):
        for move in self:
            move.ar_undelivered_text = False
        invoices = self.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state in ("not_paid", "partial")
            )
        )
        if not invoices.ids:
            return
        self.env.flush_all()
        # Who reads the invoice need not read its order.
        for move_id, amount in self.env["ar.facts"].sudo()._read_undelivered(invoices.ids).items():
            move = self.browse(move_id)
            text = self.env._("Not delivered yet: %s.")
            move.ar_undelivered_text = text % format_amount(self.env, amount, move.currency_id)
