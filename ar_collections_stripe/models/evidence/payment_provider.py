from odoo import fields, models


class PaymentProvider(models.Model):
    """The texts that go into every answer to a chargeback."""

    _inherit = "payment.provider"

    ar_stripe_refund_policy = fields.Text(
        "Refund Policy",
        groups="base.group_system",
        help="As shown to customers before they pay. It goes into the evidence about refunds and cancellations.",
    )
