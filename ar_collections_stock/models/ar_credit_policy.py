from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Whether customers are reminded of goods that were not delivered."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("waits_for_delivery",)}

    waits_for_delivery = fields.Boolean(
        "Wait for Delivery",
        tracking=True,
        help=(
            "Whether reminders leave out what is invoiced for goods that were not delivered. Otherwise such "
            "invoices are only flagged. Example: 500 invoiced for goods that leave next week are not reminded "
            "yet."
        ),
    )
