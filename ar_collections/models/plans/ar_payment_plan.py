from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import PLAN_FREQUENCIES, PLAN_STATES
from ...core.money import ZERO, to_decimal
from ...core.plans.plan import fill
from ...messages import PLAN_EXCESSES


class ArPaymentPlan(models.Model):
    """An agreed schedule of installments over open items of one currency.

    The plan changes no journal entry: what is paid is read from the residuals of its items. While it is active, its
    parts of the items are excluded from reminders, and its installments go through the reminder schedule instead.
    A plan beyond the policy's limits needs the approval of a credit manager who did not request it.

    Drafting, proposal and acceptance are in `ar_payment_plan_agreement`, the nightly judgement in
    `ar_payment_plan_run`, terms, notices and the portal page in `ar_payment_plan_portal`.
    """

    _name = "ar.payment.plan"
    _inherit = ["ar.agreement"]
    _description = "Payment Plan"
    _order = "id desc"

    _moves = {
        "draft": {"proposed", "active", "cancelled"},
        "proposed": {"draft", "active", "cancelled"},
        "active": {"completed", "broken", "cancelled"},
        "completed": {"active"},  # a payment was reversed
        "broken": {"active", "completed"},  # reinstated, or payments made in time were booked late
        "cancelled": set(),
    }
    _live_states = ("active",)

    state = fields.Selection(PLAN_STATES, required=True, default="draft", readonly=True, index=True, tracking=True)
    line_ids = fields.One2many("ar.payment.plan.line", "plan_id", readonly=True)
    installment_ids = fields.One2many("ar.payment.plan.installment", "plan_id", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    frequency = fields.Selection(PLAN_FREQUENCIES, required=True, default="month", readonly=True)
    activated_on = fields.Date("Active since", readonly=True, tracking=True)
    ended_on = fields.Date("Ended on", readonly=True, tracking=True)
    ended_reason = fields.Char("Reason for Ending", readonly=True, tracking=True)

    # === Request, approval and acceptance === #
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

    # === Rules of the judgement: as accepted by the customer, also when the policy changes later === #
    grace_days = fields.Integer("Grace Period (days)", readonly=True)
    missed_max = fields.Integer("Missed Installments that End the Plan", readonly=True, default=1)

    # === Status === #
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
    @api.depends_context("lang")
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
        """From the residuals of the items, as for reminders: payments settle the planned part of an item first."""
        small = self._get_small_rests()
        for plan in self:
            lines = plan.line_ids.filtered(lambda line: line.move_line_id.id not in small)
            left = sum((line._get_open_part() for line in lines), ZERO)
            total = sum((to_decimal(line.amount) for line in plan.line_ids), ZERO)
            plan.amount_paid, plan.amount_left = float(total - left), float(left)
            unpaid = plan._get_unpaid(total - left) if plan.state == "active" else []
            plan.next_date = unpaid[0][0].date if unpaid else False
            plan.next_amount = float(unpaid[0][1]) if unpaid else 0.0

    def _get_small_rests(self):
        """Return the ids of the items of which so little is left that they count as paid."""
        parts = [
            (line.move_line_id.id, to_decimal(line.residual_before), to_decimal(line.amount_residual))
            for line in self.filtered("activated_on").line_ids
        ]
        return self.env["ar.facts"]._read_small_rests(parts)

    def _get_open_lines(self):
        """Return [(line, open amount of its planned part as Decimal)] of what is unpaid, oldest first."""
        self.ensure_one()
        small = self._get_small_rests()
        lines = self.line_ids.filtered(lambda line: line.move_line_id.id not in small)
        parts = [(line, line._get_open_part()) for line in lines.sorted(lambda row: (row.date_due, row.id))]
        return [(line, left) for line, left in parts if left]

    def _get_unpaid(self, paid):
        """Return [(installment, amount left as Decimal)] of the unpaid installments, oldest first.

        :param Decimal paid: what was settled on the plan's parts of its items, in its currency
        """
        self.ensure_one()
        installments = self.installment_ids.sorted(lambda row: (row.date, row.number))
        amounts = [to_decimal(installment.amount) for installment in installments]
        pairs = zip(installments, amounts, fill(amounts, paid), strict=True)
        return [(installment, amount - filled) for installment, amount, filled in pairs if amount > filled]

    # === BUTTONS === #

    def _get_deciding_group(self, decision):
        """Return the role that may take the decision; canceling an active plan needs a manager.

        :param str decision: ``activate``, ``refuse``, ``cancel`` or ``reinstate``
        """
        self.ensure_one()
        if decision == "cancel":
            return "manager" if self.state == "active" else "collector"
        return {"activate": "collector", "refuse": "credit_manager", "reinstate": "manager"}[decision]

    def action_change(self):
        """Open the plan in the form that made it, to change it into a counter-offer."""
        self.ensure_one()
        self._allowed("collector")
        return self.env["ar.payment.plan.new"]._open(self.customer_id, plan=self)

    def action_activate(self):
        """Open the dialog that records how the customer agreed and activates the plan; it checks the role again."""
        self._allowed(self._get_deciding_group("activate"))
        return self.env["ar.payment.plan.decide"]._open(self, "activate")

    def action_refuse(self):
        """Open the dialog that takes the reason and refuses the plan."""
        self._allowed(self._get_deciding_group("refuse"))
        return self.env["ar.payment.plan.decide"]._open(self, "refuse")

    def action_cancel(self):
        """Open the dialog that takes the reason and cancels the plan."""
        self._allowed(self._get_deciding_group("cancel"))
        return self.env["ar.payment.plan.decide"]._open(self, "cancel")

    def action_reinstate(self):
        """Open the dialog that takes the reason and reinstates a broken plan."""
        self._allowed(self._get_deciding_group("reinstate"))
        return self.env["ar.payment.plan.decide"]._open(self, "reinstate")

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self.check_access("read")
        return self.customer_id._get_form_action()

    # === APPROVAL === #

    def _add_approval_task(self):
        """Add an activity for the approver on each plan that needs approval."""
        for plan in self.filtered("needs_approval"):
            manager = plan._get_approver()
            plan = plan.with_context(lang=manager.lang or plan._in_staff_language().env.lang)
            plan.activity_schedule(
                "ar_collections.mail_activity_type_plan_approval",
                summary=plan.env._("Exceeds the policy limits: approve, change or refuse the plan"),
                note=(plan.beyond_limits or "").replace("\n", " "),
                user_id=manager.id,
            )

    def _get_approver(self):
        """Return the approver: the policy's manager if a credit manager, else another one; not the requester.

        Where there is no other credit manager: who activated collections, else a manager, who sees to one.
        """
        self.ensure_one()
        company = self.company_id
        managers = company._ar_get_users("credit_manager")
        able = (self.customer_id.policy_id.manager_id & managers) | managers
        return (able - self.requested_by_id)[:1] or company._ar_get_responsible() or self.customer_id.collector_id

    def _get_task_owner(self, task):
        """Override to give an approval to the approver."""
        if task.activity_type_id == self.env.ref("ar_collections.mail_activity_type_plan_approval"):
            return self._get_approver()
        return super()._get_task_owner(task)

    def action_approve(self):
        """Approve plans beyond the policy; those that the customer has already accepted become active.

        :raise UserError: where the user requested the plan, or it does not wait for approval
        """
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
        """Raise unless the plan waits for approval and the user is not its requester."""
        self.ensure_one()
        if not self.needs_approval:
            raise UserError(self.env._("%(plan)s is not waiting for approval.", plan=self.name))
        if self.requested_by_id == self.env.user:
            raise UserError(self.env._("You requested this plan yourself; another credit manager must approve it."))

    def _refuse(self, reason):
        """Refuse a plan that waits for approval; send the reason to the customer or colleague who requested it."""
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
        """Post a message on the thread that notifies the colleague who requested the plan."""
        partner = self.requested_by_id.partner_id
        self.message_post(body=sentence, partner_ids=partner.ids, subtype_xmlid="mail.mt_note")
