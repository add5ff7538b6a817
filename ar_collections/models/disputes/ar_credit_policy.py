from odoo import fields, models


class ArCreditPolicy(models.Model):
    """The rules of disputes."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "dispute_portal", "dispute_grace_days",
        ),
    }  # fmt: skip

    dispute_portal = fields.Boolean("Customers can dispute invoices on the portal", default=True, tracking=True)
    dispute_grace_days = fields.Integer(
        "Grace after Rejection (days)",
        default=7,
        tracking=True,
        help=(
            "Number of days after a rejected dispute during which the item is not reminded; then the schedule "
            "continues."
        ),
    )

    _dispute_limits = models.Constraint("CHECK (dispute_grace_days >= 0)", "The grace period cannot be negative.")
