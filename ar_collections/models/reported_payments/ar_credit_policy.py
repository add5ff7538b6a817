from odoo import fields, models

from ...core.reported_payments.report import DEFAULT_DAYS


class ArCreditPolicy(models.Model):
    """Whether customers may report payments, and for how long reminders wait for the money."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("reported_portal", "reported_days")}

    reported_portal = fields.Boolean(
        "Customers can report payments on the portal",
        default=True,
        tracking=True,
        help=(
            "If disabled, only staff can record that a customer says to have paid. Example: off, who has paid "
            "replies to the mail, and a colleague records it."
        ),
    )
    reported_days = fields.Integer(
        "Days to Find a Reported Payment",
        default=DEFAULT_DAYS,
        tracking=True,
        help=(
            "Number of working days for which no reminders are sent about what a customer says to have paid. "
            "Example: with 5, a payment reported on a Monday is expected until the next Monday."
        ),
    )

    _reported_days_range = models.Constraint(
        "CHECK (reported_days BETWEEN 0 AND 60)",
        "The days to find a reported payment are a number from 0 to 60.",
    )
