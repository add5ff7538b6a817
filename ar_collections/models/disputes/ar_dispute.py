from odoo import api, fields, models

from ...const import DISPUTE_STATES
from ...core.disputes.dispute import ACCEPTED, NEW, OPEN_STATES, PARTLY, REJECTED, REVIEW, WITHDRAWN

ENDS = {ACCEPTED, PARTLY, REJECTED, WITHDRAWN}


class ArDispute(models.Model):
    """Dispute: a customer contests open items, in whole or in part; only the disputed amounts get no reminders.

    The transitions are in `ar_dispute_lifecycle`, another owner or reason in `ar_dispute_pass_on`, tasks in
    `ar_dispute_tasks`, credit notes in `ar_dispute_line`, notices to the customer in `ar_dispute_notice`, the
    escalation of overdue disputes in `ar_dispute_escalation`.
    """

    _name = "ar.dispute"
    _inherit = ["ar.agreement"]
    _description = "Dispute"
    _order = "date_deadline desc, id desc"

    _task_role = "auditor"

    _moves = {
        NEW: {REVIEW, *ENDS},
        REVIEW: ENDS,
        REJECTED: {REVIEW},  # reopened by a manager
        ACCEPTED: set(),
        PARTLY: set(),
        WITHDRAWN: set(),
    }

    state = fields.Selection(DISPUTE_STATES, required=True, default=NEW, readonly=True, index=True, tracking=True)
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, readonly=True, index=True, ondelete="restrict", tracking=True
    )
    user_id = fields.Many2one("res.users", "Owner", readonly=True, index=True, tracking=True)
    line_ids = fields.One2many("ar.dispute.line", "dispute_id", readonly=True)
    file_ids = fields.Many2many("ir.attachment", string="Customer's Files", readonly=True)
    amount_total = fields.Monetary("Disputed", compute="_compute_amounts", store=True)
    amount_accepted = fields.Monetary("Granted", compute="_compute_amounts", store=True)
    date_raised = fields.Date("Raised on", required=True, readonly=True, index=True)
    date_deadline = fields.Date("Answer due by", readonly=True, index=True, tracking=True)
    date_resolved = fields.Date("Resolved on", readonly=True, index=True)
    resolved_by_id = fields.Many2one(
        "res.users", "Resolved by", readonly=True, copy=False, help="User who granted or rejected it, and answered."
    )
    # No average: it would count 0 days for what is open. The analysis has it.
    days_to_resolve = fields.Integer(compute="_compute_days_to_resolve", store=True, aggregator=None)
    days_open = fields.Integer("Age (days)", compute="_compute_days_open")
    is_overdue = fields.Boolean(compute="_compute_days_open")
    grace_until = fields.Date(
        "No Reminders until", readonly=True, help="Date from which reminders about the rejected amount resume."
    )
    escalated_on = fields.Date(readonly=True, help="Date on which the dispute was escalated to a manager.")
    withdrawn_by_customer = fields.Boolean(
        readonly=True, copy=False, help="Whether the customer withdrew it on its page."
    )
    answer = fields.Text("Answer to the Customer", readonly=True)
    credit_note_ids = fields.Many2many("account.move", compute="_compute_credit_notes", string="Credit Notes")
    credit_note_count = fields.Integer(compute="_compute_credit_notes")
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("line_ids.amount", "line_ids.amount_accepted")
    def _compute_amounts(self):
        for dispute in self:
            dispute.amount_total = sum(dispute.line_ids.mapped("amount"))
            dispute.amount_accepted = sum(dispute.line_ids.mapped("amount_accepted"))

    @api.depends("date_raised", "date_resolved")
    def _compute_days_to_resolve(self):
        for dispute in self:
            resolved = dispute.date_raised and dispute.date_resolved
            dispute.days_to_resolve = (dispute.date_resolved - dispute.date_raised).days if resolved else False

    @api.depends("state", "date_raised", "date_resolved", "date_deadline")
    def _compute_days_open(self):
        for dispute in self:
            today = dispute.company_id._ar_today() if dispute.company_id else fields.Date.context_today(dispute)
            is_open = dispute.state in OPEN_STATES
            dispute.days_open = ((dispute.date_resolved or today) - (dispute.date_raised or today)).days
            dispute.is_overdue = is_open and bool(dispute.date_deadline) and dispute.date_deadline < today

    @api.depends("line_ids.credit_note_id")
    def _compute_credit_notes(self):
        for dispute in self:
            dispute.credit_note_ids = dispute.line_ids.credit_note_id
            dispute.credit_note_count = len(dispute.credit_note_ids)

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_can_decide(self):
        """Compute whether the user may decide: the owner or a manager. For buttons only; methods check it again."""
        is_manager = self._has_role("manager")
        for dispute in self:
            dispute.can_decide = is_manager or dispute.user_id == self.env.user

    # === BUTTONS === #

    def action_review(self):
        """Start the review of new disputes and notify the customers."""
        self._allowed_owner("collector")._review()
        return True

    def action_withdraw(self):
        """Withdraw the disputes for the customers; reminders resume at a mild step."""
        self._allowed_owner("collector")._withdraw()
        return True

    def action_reopen(self):
        """Reopen rejected disputes for review."""
        self._allowed("manager")._reopen()
        return True

    def action_resolve(self):
        """Open the dialog to resolve the dispute: the granted amounts and the answer to the customer."""
        self.ensure_one()
        self._allowed_owner("manager")
        return {
            "name": self.env._("Resolve %(number)s", number=self.name),
            "type": "ir.actions.act_window",
            "res_model": "ar.dispute.resolve",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def action_pass_on(self):
        """Open the dialog to give the dispute another owner, another reason, or both."""
        self.ensure_one()
        self._allowed_owner("collector")
        return {
            "name": self.env._("Pass On %(number)s", number=self.name),
            "type": "ir.actions.act_window",
            "res_model": "ar.dispute.pass.on",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def action_open_credit_notes(self):
        """Open the credit notes drafted for the granted amounts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_refund_type")
        notes = self.credit_note_ids
        if len(notes) == 1:
            return dict(action, views=[(False, "form")], res_id=notes.id, context={})
        return dict(action, domain=[("id", "in", notes.ids)], context={})

    def _allowed_owner(self, group):
        """Check the role as `_allowed` does; the owner of all these disputes is allowed without it.

        :param str group: see `_allowed`
        :return: self as superuser
        :raise UserError: for others, with whom to ask
        """
        self.check_access("read")
        if self.env.user == self.user_id:
            return self.sudo()  # as in `_allowed`
        return self._allowed(group)
