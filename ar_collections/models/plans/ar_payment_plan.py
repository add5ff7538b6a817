from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import PLAN_FREQUENCIES, PLAN_STATES
from ...core.money import ZERO, to_decimal
from ...core.plans.plan import fill
from ...messages import PLAN_EXCESSES


class ArPaymentPlan(models.Model):
    """An agreed schedule over open items of one currency. The books are untouched: payments are read from residuals.

    While it is active its part of the items is silent, and its installments climb a ladder of their own. How it is
    agreed stands in `ar_payment_plan_agreement`, its life after that in `ar_payment_plan_run`.

    Buttons that open a form first; who may decide is checked when the form is confirmed.

    Plans beyond the policy's limits: a credit manager decides, never who asked.
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
    ended_reason = fields.Char("Reason for Ending", readonly=True, tracking=True)

    # === Who agreed to it === #
    requested_by_id = fields.Many2one(
        "res.users",
        "Requested by",
        readonly=True,
        help="User who requested the plan. Empty if the customer requested it on the portal.",
    )
    beyond_codes = fields.Char(
        readonly=True, string="Limits Exceeded", help="Policy limits that the plan exceeds, separated by commas."
    )
    beyond_limits = fields.Text("Exceeds Policy Limits", compute="_compute_beyond_limits")
    needs_approval = fields.Boolean(compute="_compute_needs_approval", store=True, index=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, tracking=True)
    approved_on = fields.Datetime(readonly=True)
    proposed_on = fields.Date("Proposed on", readonly=True)
    terms = fields.Text(readonly=True, help="Text as accepted by the customer.")
    terms_version = fields.Char(readonly=True, help="Identifier of the version of the terms.")
    accepted_name = fields.Char("Accepted by", readonly=True, tracking=True)
    accepted_on = fields.Datetime(readonly=True)
    accepted_ip = fields.Char("IP Address", readonly=True)
    accepted_how = fields.Selection(
        [("page", "On the portal"), ("phone", "By phone"), ("mail", "In writing")], "Acceptance Method", readonly=True
    )
    consent_note = fields.Text(
        "Consent", readonly=True, help="Description of how and when the customer agreed, if not on the portal."
    )

    # === How it is judged: as the customer accepted it, whatever becomes of the policy === #
    grace_days = fields.Integer("Grace Period (days)", readonly=True)
    missed_max = fields.Integer("Missed Installments that End the Plan", readonly=True, default=1)

    # === How it stands === #
    amount_paid = fields.Monetary("Paid", compute="_compute_paid", compute_sudo=True)
    amount_left = fields.Monetary("Remaining", compute="_compute_paid", compute_sudo=True)
    next_date = fields.Date("Next Installment", compute="_compute_paid", compute_sudo=True)
    next_amount = fields.Monetary(compute="_compute_paid", compute_sudo=True)
    missed_count = fields.Integer("Missed", readonly=True, tracking=True, help="Figures as of the last nightly run.")
    judged_on = fields.Date("Last Evaluated on", readonly=True)
    forgiven_until = fields.Date(
        readonly=True,
        tracking=True,
        string="Missed Installments Excused until",
        help="Date up to which missed installments are not counted.",
    )
    reopened_on = fields.Date(readonly=True, help="A payment was reversed after the plan had been completed.")

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
            total = sum((to_decimal(line.amount) for line in plan.line_ids), ZERO)
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
        amounts = [to_decimal(installment.amount) for installment in installments]
        pairs = zip(installments, amounts, fill(amounts, paid), strict=True)
        return [(installment, amount - filled) for installment, amount, filled in pairs if amount > filled]

    # === STATES === #

    def _set_state(self, state, **values):
        """Override of `ar.agreement` to keep one active plan an item, by the database's own index."""
        moved = super()._set_state(state, **values)
        moved.line_ids.write({"is_live": state == "active"})
        moved.line_ids.flush_recordset(["is_live"])
        return moved

    # === BUTTONS === #

    def _get_deciding_group(self, decision):
        """Return the group that may take the decision. What the customer relies on is ended by a manager."""
        self.ensure_one()
        if decision == "cancel":
            return "manager" if self.state == "active" else "collector"
        return {"activate": "collector", "refuse": "credit_manager", "reinstate": "manager"}[decision]

    def action_change(self):
        """Open the plan in the form that made it: a counter-offer."""
        self.ensure_one()
        self._allowed("collector")
        return self.env["ar.payment.plan.new"]._open(self.customer_id, plan=self)

    def action_activate(self):
        """Ask how the customer agreed, then make the plan active."""
        self._allowed(self._get_deciding_group("activate"))
        return self.env["ar.payment.plan.decide"]._open(self, "activate")

    def action_refuse(self):
        """Ask why, then refuse."""
        self._allowed(self._get_deciding_group("refuse"))
        return self.env["ar.payment.plan.decide"]._open(self, "refuse")

    def action_cancel(self):
        """Ask why, then end the plan."""
        self._allowed(self._get_deciding_group("cancel"))
        return self.env["ar.payment.plan.decide"]._open(self, "cancel")

    def action_reinstate(self):
        """Ask why, then let a broken plan go on."""
        self._allowed(self._get_deciding_group("reinstate"))
        return self.env["ar.payment.plan.decide"]._open(self, "reinstate")

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()

    # === APPROVAL === #

    def _add_approval_task(self):
        """Give a credit manager the task to decide on what is beyond the policy."""
        for plan in self.filtered("needs_approval"):
            manager = plan._get_approver()
            plan.activity_schedule(
                "ar_collections.mail_activity_type_plan_approval",
                summary=plan.env._("%(plan)s exceeds the policy limits: approve, change or refuse it", plan=plan.name),
                note=(plan.beyond_limits or "").replace("\n", " "),
                user_id=manager.id,
            )

    def _get_approver(self):
        """Return who decides: the policy's manager, else a credit manager; never who asked."""
        self.ensure_one()
        group = self.env.ref("ar_collections.ar_collections_group_credit_manager")
        users = self.customer_id.policy_id.manager_id | group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and user != self.env.ref("base.user_root")
        )
        customer = self.customer_id
        return (users - self.requested_by_id)[:1] or customer.collector_id or customer.company_id.ar_activated_by_id

    def action_approve(self):
        """Approve what is beyond the policy; what the customer accepted already becomes active."""
        plans = self._allowed("credit_manager")
        for plan in plans:
            plan._check_four_eyes()
            plan.write({"approved_by_id": self.env.uid, "approved_on": plan.env.cr.now()})
            plan.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
            plan._log_on_thread(plan.env._("Approved by %(user)s.", user=self.env.user.name))
            if plan.accepted_on:
                plan._activate()
            else:
                plan._notify_requester(plan.env._("Your payment plan is approved: propose it to the customer."))

    def _check_four_eyes(self):
        """Refuse an approval that is not needed, or comes from who asked for it."""
        self.ensure_one()
        if not self.needs_approval:
            raise UserError(self.env._("%(plan)s is not waiting for approval.", plan=self.name))
        if self.requested_by_id == self.env.user:
            raise UserError(self.env._("You requested this plan yourself; another credit manager must approve it."))

    def _refuse(self, reason):
        """Say no to a plan that waits for approval; a customer who asked for it is told why."""
        self.ensure_one()
        self._check_four_eyes()
        self._check_reason(reason)
        self._set_state("cancelled", ended_reason=reason)
        self.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
        self._log_on_thread(self.env._("Refused: %(reason)s", reason=reason))
        if self.origin == "portal":
            self.env["ar.outreach"]._notify(self, "plan_refused", is_manual=True)
        else:
            self._notify_requester(self.env._("Your payment plan was refused: %(reason)s", reason=reason))

    def _notify_requester(self, sentence):
        """Post a message to the colleague who drafted the plan."""
        partner = self.requested_by_id.partner_id
        self.message_post(body=sentence, partner_ids=partner.ids, subtype_xmlid="mail.mt_note")
