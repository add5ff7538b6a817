from odoo import fields, models

from ....const import ARRIVAL_RULES
from ....core.invoicing import arrival


class ArCreditPolicy(models.Model):
    """Whether invoices are reminded of which nothing shows that they reached the customer."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("arrival_rule", "arrival_days")}

    arrival_rule = fields.Selection(
        ARRIVAL_RULES,
        "Invoices that May Not Have Arrived",
        default=arrival.OFF,
        required=True,
        tracking=True,
        help=(
            "What automatic reminders do about invoices that came back, failed or were never sent by Odoo. "
            "Wait: they are not reminded, and the collector gets one task. Invoices from elsewhere, such as "
            "opening balances and paper invoices, are marked as delivered by a person then. Example: with "
            "Wait, an invoice that came back is not reminded before its address is corrected."
        ),
    )
    arrival_days = fields.Integer(
        "Delivered after (days)",
        default=arrival.DEFAULT_DAYS,
        tracking=True,
        help=(
            "Number of days without a bounce after which a sent invoice counts as delivered. 0: at once. "
            "Example: with 2, an invoice sent on Monday counts as delivered on Wednesday."
        ),
    )

    _arrival_days_range = models.Constraint(
        "CHECK (arrival_days BETWEEN 0 AND 30)",
        "The days after which an invoice counts as delivered are a number from 0 to 30.",
    )
