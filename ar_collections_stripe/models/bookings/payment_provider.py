from odoo import fields, models


class PaymentProvider(models.Model):
    """How what Stripe takes back and returns gets into the books."""

    _inherit = "payment.provider"

    ar_stripe_booking = fields.Selection(
        [("approve", "After approval"), ("auto", "At once")],
        "Book Chargebacks",
        default="approve",
        required=True,
        groups="base.group_system",
        help="When the money of a contested payment is taken back, the payment is reversed in the books, and its "
        "invoices are open again.",
    )
    ar_stripe_fee_account_id = fields.Many2one(
        "account.account",
        "Account of Chargeback Fees",
        check_company=True,
        copy=False,
        groups="base.group_system",
        domain="[('account_type', 'in', ('expense', 'expense_other', 'expense_direct_cost')), ('active', '=', True)]",
        help="Empty: what Stripe charges for a chargeback is shown, but not booked with the reversal.",
    )
