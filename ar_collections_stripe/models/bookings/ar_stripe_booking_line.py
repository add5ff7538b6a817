from odoo import fields, models


class ArStripeBookingLine(models.Model):
    """A part of a reversed payment: the invoice that is open again, and the journal items on both sides."""

    _name = "ar.stripe.booking.line"
    _description = "Part of a Chargeback's Entry"
    _order = "id"

    booking_id = fields.Many2one("ar.stripe.booking", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="booking_id.company_id", store=True, index=True)
    item_id = fields.Many2one(
        "account.move.line",
        "Open Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: this part of the payment was not applied to anything.",
    )
    move_id = fields.Many2one("account.move", "Invoice", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Number", readonly=True, help="Number of the invoice.")
    payment_line_id = fields.Many2one(
        "account.move.line", "Payment Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reversal_line_id = fields.Many2one(
        "account.move.line", "Item of the Entry", readonly=True, index="btree_not_null", ondelete="set null"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="In the currency of the payment; positive.")
    returned = fields.Monetary(readonly=True, help="What of it was given back since.")
