from decimal import Decimal

from odoo import api, fields, models

from ..const import PLAN_FREQUENCIES, PLAN_STATES
from ..core.money import ZERO
from ..core.plan import fill
from ..words import PLAN_EXCESSES


def exact(amount):
    """Return an amount that the database keeps exactly, and the ORM reads as a float."""
    return Decimal(str(amount))


class ArPaymentPlan(models.Model):
    """An agreed schedule over open items of one currency. The books are untouched: payments are read from residuals.

    While it is active its part of the items is silent, and its installments climb a ladder of their own. How it is
    agreed stands in `ar_payment_plan_agree`, its life after that in `ar_payment_plan_run`.
    """

    _name = "ar.payment.plan"
    _inherit = ["ar.agreement"]
    _description = "Payment Plan"
    _order = "id desc"

    _moves = {
        "draft": {"proposed", "active", "cancelled"},
        "proposed": {"draft", "active", "cancelled"},
        "active": {"completed", "broken", "cancelled"},
        "completed": {"active"},  # a payment was taken back
        "broken": {"active", "completed"},  # reinstated; or paid in time after all, and booked late
        "cancelled": set(),
    }

    state = fields.Selection(PLAN_STATES, required=True, default="draft", readonly=True, index=True, tracking=True)
    line_ids = fields.One2many("ar.payment.plan.line", "plan_id", readonly=True)
    installment_ids = fields.One2many("ar.payment.plan.installment", "plan_id", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    frequency = fields.Selection(PLAN_FREQUENCIES, required=True, default="month", readonly=True)
    activated_on = fields.Date("Active since", readonly=True, tracking=True)
    ended_on = fields.Date("Ended on", readonly=True, tracking=True)
    ended_reason = fields.Char("Why it ended", readonly=True, tracking=True)

    # === Who agreed to it === #
    requested_by_id = fields.Many2one(
        "res.users", "Requested by", readonly=True, help="Empty: the customer asked for it on the own page."
    )
    beyond_codes = fields.Char(readonly=True, help="The policy's limits that it passes, separated by commas.")
    beyond_limits = fields.Text("Beyond the Policy", compute="_compute_beyond_limits")
    needs_approval = fields.Boolean(compute="_compute_needs_approval", store=True, index=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, tracking=True)
    approved_on = fields.Datetime(readonly=True)
    proposed_on = fields.Date("Proposed on", readonly=True)
    terms = fields.Text(readonly=True, help="As the customer accepted them.")
    terms_version = fields.Char(readonly=True, help="Tells texts of the terms apart.")
    accepted_name = fields.Char("Accepted by", readonly=True, tracking=True)
    accepted_on = fields.Datetime(readonly=True)
    accepted_ip = fields.Char("IP Address", readonly=True)
    accepted_how = fields.Selection(
        [("page", "On the customer's page"), ("phone", "By telephone"), ("mail", "In writing")], readonly=True
    )
    consent_note = fields.Text("Consent", readonly=True, help="How and when the customer agreed, if not on the page.")

    # === How it is judged: as the customer accepted it, whatever becomes of the policy === #
    grace_days = fields.Integer("Days of Grace", readonly=True)
    missed_max = fields.Integer("Ends after Missed", readonly=True, default=1)

    # === How it stands === #
    amount_paid = fields.Monetary("Paid", compute="_compute_paid", compute_sudo=True)
    amount_left = fields.Monetary("Left", compute="_compute_paid", compute_sudo=True)
    next_date = fields.Date("Next Installment", compute="_compute_paid", compute_sudo=True)
    next_amount = fields.Monetary(compute="_compute_paid", compute_sudo=True)
    missed_count = fields.Integer("Missed", readonly=True, tracking=True, help="As of the last night.")
    judged_on = fields.Date("Last Looked at", readonly=True)
    forgiven_until = fields.Date(readonly=True, tracking=True, help="What was missed up to that day does not count.")
    reopened_on = fields.Date(readonly=True, help="A payment was taken back after the plan had been completed.")

    # === COMPUTES === #

    @api.depends("beyond_codes")
    def _compute_beyond_limits(self):
        for plan in self:
            codes = (plan.beyond_codes or "").split(",")
            plan.beyond_limits = "\n".join(self.env._(PLAN_EXCESSES[code]) for code in codes if code in PLAN_EXCESSES)

    @api.depends("state", "beyond_codes", "approved_by_id")
    def _compute_needs_approval(self):
        for plan in self:
            plan.needs_approval = plan.state == "draft" and bool(plan.beyond_codes) and not plan.approved_by_id

    @api.depends("state", "activated_on", "installment_ids.amount", "line_ids.move_line_id.amount_residual_currency")
    def _compute_paid(self):
        """From the residuals of the items, as the ladder counts: payments go to the planned part first."""
        for plan in self:
            left = sum((line._get_open_part() for line in plan.line_ids), ZERO)
            total = sum((exact(line.amount) for line in plan.line_ids), ZERO)
            plan.amount_paid, plan.amount_left = float(total - left), float(left)
            unpaid = plan._get_unpaid(total - left) if plan.state == "active" else []
            plan.next_date = unpaid[0][0].date if unpaid else False
            plan.next_amount = float(unpaid[0][1]) if unpaid else 0.0

    def _get_unpaid(self, paid):
        """Return [(installment, what is left of it)], oldest first.

        :param Decimal paid: what was settled on the plan's items
        """
        self.ensure_one()
        installments = self.installment_ids.sorted(lambda row: (row.date, row.number))
        amounts = [exact(installment.amount) for installment in installments]
        pairs = zip(installments, amounts, fill(amounts, paid), strict=True)
        return [(installment, amount - filled) for installment, amount, filled in pairs if amount > filled]

    # === STATES === #

    def _set_state(self, state, **values):
        """Override of `ar.agreement` to keep one active plan an item, by the database's own index."""
        moved = super()._set_state(state, **values)
        moved.line_ids.write({"is_live": state == "active"})
        moved.line_ids.flush_recordset(["is_live"])
        return moved
