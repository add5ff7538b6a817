from odoo import fields, models

from ...const import LEFT_OUT_REASONS


class ArOrderLeftOut(models.Model):
    """A confirmed order that the last run did not invoice, and why; the row goes as soon as it is invoiced."""

    _name = "ar.order.left.out"
    _inherit = ["ar.access.mixin"]
    _description = "Order Left Out"
    _order = "since, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_invoice_id", string="Customer")
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    reference = fields.Char(related="order_id.client_order_ref", string="Customer Reference")
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_to_invoice = fields.Monetary(related="order_id.amount_to_invoice", string="To Invoice")
    reason = fields.Selection(LEFT_OUT_REASONS, required=True, readonly=True)
    message = fields.Text("What Happened", readonly=True)
    since = fields.Date(required=True, readonly=True)
    checked_on = fields.Date(required=True, readonly=True, help="Day on which a run last found that reason.")
    move_ids = fields.Many2many(
        "account.move",
        "ar_order_left_out_move",
        string="Not Posted",
        readonly=True,
        help="Drafts that are to be posted.",
    )

    _order_uniq = models.UniqueIndex("(order_id)", "This order is on the list already.")

    def action_open_order(self):
        """Open the order; the user needs access to it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
