from odoo import fields, models


class ArCreditPolicy(models.Model):
    """How far a segment of customers is trusted with promises, disputes and payment plans of their own."""

    _inherit = "ar.credit.policy"

    manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        tracking=True,
        help="Gets what is beyond the collectors' limits: plans to approve, overdue disputes without a manager.",
    )

    # === Promises === #
    promise_portal = fields.Boolean(
        "Customers promise on their page", default=True, tracking=True, help="Otherwise only staff record promises."
    )
    promise_horizon_days = fields.Integer(
        "Promise within (days)", default=30, tracking=True, help="The promised date lies at most so many days ahead."
    )
    promise_open_max = fields.Integer(
        "Open Promises", default=3, tracking=True, help="A customer may have so many open promises. 0: no limit"
    )
    promise_broken_max = fields.Integer(
        "Broken Promises",
        default=1,
        tracking=True,
        help="After so many broken promises on an item, or twice as many in a year, only staff accept another one.",
    )
    promise_share_max = fields.Float(
        "Promised Share (%)", default=100.0, tracking=True, help="Share of the open balance that promises may cover."
    )
    promise_tolerance_days = fields.Integer(
        "Promise Tolerance (days)", default=2, tracking=True, help="Bank transfers take time: kept if paid by then."
    )
    promise_courtesy = fields.Boolean(
        "Courtesy Note", default=True, tracking=True, help="Remind of the promise on the day before."
    )

    # === Disputes === #
    dispute_portal = fields.Boolean("Customers dispute on their page", default=True, tracking=True)
    dispute_grace_days = fields.Integer(
        "Grace after Rejection (days)",
        default=7,
        tracking=True,
        help="After a rejected dispute the item stays silent so long; then the schedule goes on.",
    )

    # === Payment plans === #
    plan_portal = fields.Boolean("Customers ask for plans on their page", default=True, tracking=True)
    plan_minimum_total = fields.Monetary(
        "Smallest Plan", default=100.0, tracking=True, help="Plans below this total need a credit manager's approval."
    )
    plan_installments_max = fields.Integer("Installments at most", default=6, tracking=True)
    plan_days_max = fields.Integer("Plan Length (days)", default=190, tracking=True, help="First to last installment.")
    plan_minimum_installment = fields.Monetary("Smallest Installment", default=25.0, tracking=True)
    plan_down_payment_share = fields.Float(
        "Down Payment (%)", tracking=True, help="Share of the total to be paid with the first installment. 0: none."
    )
    plan_workdays = fields.Boolean(
        "Installments on Working Days", default=True, help="Dates are shifted to the next working day."
    )
    plan_grace_days = fields.Integer(
        "Installment Grace (days)", default=3, tracking=True, help="Late by more than this, an installment is missed."
    )
    plan_missed_max = fields.Integer(
        "Missed Installments", default=2, tracking=True, help="The plan ends with so many missed installments."
    )
    plan_schedule_id = fields.Many2one(
        "ar.reminder.schedule",
        "Installment Reminders",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("ar_collections.reminder_schedule_installments", raise_if_not_found=False),
        help="The steps before and after the date of each installment. Empty: none.",
    )
    autopay_notice_days = fields.Integer(
        "Announce Charges (days)", default=3, tracking=True, help="Days before an automatic payment is announced."
    )
    autopay_retry_days = fields.Char(
        "Retry Charges after (days)",
        default="3, 7",
        tracking=True,
        help="Days after a declined charge on which it is tried again, for declines that may pass. Empty: never.",
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
