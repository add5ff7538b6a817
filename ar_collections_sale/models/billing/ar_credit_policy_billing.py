from odoo import fields, models

from odoo.addons.ar_collections.const import WEEKDAYS

from ...const import BILLING_MODES
from ...core import billing


class ArCreditPolicyBilling(models.Model):
    """When the orders of a policy's customers are invoiced by themselves."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("order_billing", "order_billing_weekday", "order_billing_day", "order_billing_posts")}

    order_billing = fields.Selection(
        BILLING_MODES,
        "Invoice Orders Automatically",
        required=True,
        default=billing.OFF,
        tracking=True,
        help=(
            "What is delivered, or to be invoiced on order, of confirmed orders becomes invoices with the "
            "daily run, grouped as Odoo groups them. Customers may have a billing day of their own. Example: "
            "monthly, all deliveries of a month become one invoice."
        ),
    )
    order_billing_weekday = fields.Selection(
        WEEKDAYS,
        "Billing Weekday",
        default="0",
        tracking=True,
        help="Day on which orders are invoiced weekly. Example: Friday, for what was delivered in the week.",
    )
    order_billing_day = fields.Integer(
        "Billing Day",
        default=31,
        tracking=True,
        help="Day of the month, 1 to 31; in a shorter month its last day. Example: 31 invoices on 30 April.",
    )
    order_billing_posts = fields.Boolean(
        "Post the Invoices",
        tracking=True,
        help=(
            "Whether the invoices are posted. Otherwise they are drafts, which somebody posts. Example: on, "
            "with Send Invoices Automatically the customer has them on the same day."
        ),
    )

    _order_billing_day_in_month = models.Constraint(
        "CHECK (order_billing_day BETWEEN 1 AND 31)", "The billing day is a day of the month, from 1 to 31."
    )
