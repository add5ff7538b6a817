from odoo import fields, models


class ArCreditPolicy(models.Model):
    """The limits of promises to pay."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "promise_portal", "promise_horizon_days", "promise_open_max", "promise_broken_max", "promise_share_max",
            "promise_tolerance_days", "promise_courtesy",
        ),
    }  # fmt: skip

    promise_portal = fields.Boolean(
        "Customers can promise payments on the portal",
        default=True,
        tracking=True,
        help=(
            "If disabled, only staff can record promises. Example: off, customers call, and a colleague "
            "records the promise."
        ),
    )
    promise_horizon_days = fields.Integer(
        "Maximum Days until the Promised Date",
        default=30,
        tracking=True,
        help=(
            "Maximum number of days between today and the promised date. Example: with 30, on 1 May the last "
            "date that can be promised is 31 May."
        ),
    )
    promise_open_max = fields.Integer(
        "Open Promises",
        default=3,
        tracking=True,
        help=(
            "Maximum number of open promises per customer. 0: no limit. Example: with 3, a fourth promise "
            "needs one of the others to be kept first."
        ),
    )
    promise_broken_max = fields.Integer(
        "Broken Promises",
        default=1,
        tracking=True,
        help=(
            "Number of promises not kept on an item (or double that number in a year) from which only staff "
            "can record another promise. Example: with 1, who broke a promise about an invoice promises it to "
            "a colleague on the phone only."
        ),
    )
    promise_share_max = fields.Float(
        "Promised Share (%)",
        default=100.0,
        tracking=True,
        help=(
            "Share of the open balance that promises may cover. Example: with 50, half of 1,000 can be "
            "promised, the rest is reminded."
        ),
    )
    promise_tolerance_days = fields.Integer(
        "Promise Tolerance (days)",
        default=2,
        tracking=True,
        help=(
            "Number of days after the promised date within which a payment still keeps the promise. Example: "
            "with 2, promised for Friday and paid on Sunday is kept."
        ),
    )
    promise_courtesy = fields.Boolean(
        "Courtesy Reminder",
        default=True,
        tracking=True,
        help=(
            "Whether the customer is reminded of the promise on the day before. Example: promised for Friday, "
            "reminded on Thursday."
        ),
    )

    _promise_limits = models.Constraint(
        "CHECK (promise_horizon_days >= 0 AND promise_open_max >= 0 AND promise_broken_max >= 0"
        " AND promise_tolerance_days >= 0 AND promise_share_max >= 0 AND promise_share_max <= 100)",
        "Limits of promises cannot be negative, and the share is a percentage from 0 to 100.",
    )
