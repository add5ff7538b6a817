from odoo import fields, models


class ArCreditPolicy(models.Model):
    """The policy's limits for promises, disputes and payment plans that customers or collectors make."""

    _inherit = "ar.credit.policy"

    manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        tracking=True,
        help=(
            "User who receives what exceeds the collectors' limits: plans to approve, overdue disputes without "
            "a manager."
        ),
    )

    # === Promises === #
    promise_portal = fields.Boolean(
        "Customers can promise payments on the portal",
        default=True,
        tracking=True,
        help="If disabled, only staff can record promises.",
    )
    promise_horizon_days = fields.Integer(
        "Maximum Days until the Promised Date",
        default=30,
        tracking=True,
        help="Maximum number of days between today and the promised date.",
    )
    promise_open_max = fields.Integer(
        "Open Promises", default=3, tracking=True, help="Maximum number of open promises per customer. 0: no limit"
    )
    promise_broken_max = fields.Integer(
        "Broken Promises",
        default=1,
        tracking=True,
        help=(
            "Number of promises not kept on an item (or double that number in a year) from which only staff "
            "can record another promise."
        ),
    )
    promise_share_max = fields.Float(
        "Promised Share (%)", default=100.0, tracking=True, help="Share of the open balance that promises may cover."
    )
    promise_tolerance_days = fields.Integer(
        "Promise Tolerance (days)",
        default=2,
        tracking=True,
        help="Number of days after the promised date within which a payment still keeps the promise.",
    )
    promise_courtesy = fields.Boolean(
        "Courtesy Reminder",
        default=True,
        tracking=True,
        help="Whether the customer is reminded of the promise on the day before.",
    )

    # === Disputes === #
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

    # === Payment plans === #
    plan_portal = fields.Boolean("Customers can request plans on the portal", default=True, tracking=True)
    plan_minimum_total = fields.Monetary(
        "Minimum Plan Amount",
        default=100.0,
        tracking=True,
        help="Minimum total of a plan; plans below it need the approval of a credit manager.",
    )
    plan_installments_max = fields.Integer("Maximum Number of Installments", default=6, tracking=True)
    plan_days_max = fields.Integer("Plan Length (days)", default=190, tracking=True, help="First to last installment.")
    plan_minimum_installment = fields.Monetary("Minimum Installment", default=25.0, tracking=True)
    plan_down_payment_share = fields.Float(
        "Down Payment (%)", tracking=True, help="Share of the total to be paid with the first installment. 0: none."
    )
    plan_workdays = fields.Boolean(
        "Installments on Working Days", default=True, help="Dates are shifted to the next working day."
    )
    plan_grace_days = fields.Integer(
        "Installment Grace (days)",
        default=3,
        tracking=True,
        help="Number of days after which an unpaid installment counts as missed.",
    )
    plan_missed_max = fields.Integer(
        "Missed Installments", default=2, tracking=True, help="Number of missed installments that ends the plan."
    )
    plan_schedule_id = fields.Many2one(
        "ar.reminder.schedule",
        "Installment Reminders",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("ar_collections.reminder_schedule_installments", raise_if_not_found=False),
        help="Steps before and after the date of each installment. Empty: none.",
    )
    autopay_notice_days = fields.Integer(
        "Notice of Automatic Payments (days)",
        default=3,
        tracking=True,
        help="Number of days before an automatic payment on which the customer is notified.",
    )
    autopay_retry_days = fields.Char(
        "Retry Automatic Payments after (days)",
        default="3, 7",
        tracking=True,
        help=(
            "Numbers of days after a decline on which the automatic payment is retried, for temporary declines "
            "only. Empty: no retry."
        ),
    )

    _promise_limits = models.Constraint(
        "CHECK (promise_horizon_days >= 0 AND promise_open_max >= 0 AND promise_broken_max >= 0"
        " AND promise_tolerance_days >= 0 AND promise_share_max >= 0 AND promise_share_max <= 100)",
        "Limits of promises cannot be negative, and the share is a percentage from 0 to 100.",
    )
    _dispute_limits = models.Constraint("CHECK (dispute_grace_days >= 0)", "The grace period cannot be negative.")
    _plan_limits = models.Constraint(
        "CHECK (plan_minimum_total >= 0 AND plan_installments_max >= 1 AND plan_days_max >= 0"
        " AND plan_minimum_installment >= 0 AND plan_down_payment_share >= 0 AND plan_down_payment_share <= 100"
        " AND plan_grace_days >= 0 AND plan_missed_max >= 1 AND autopay_notice_days >= 0)",
        "Limits of payment plans cannot be negative; at least one installment and one missed one must be allowed.",
    )
