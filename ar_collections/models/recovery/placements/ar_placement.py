from odoo import api, fields, models

from ....const import PLACEMENT_REASONS, PLACEMENT_STATES
from ....core.recovery import placement as rules


class ArPlacement(models.Model):
    """Placement: open items of a customer that are handed to a collection agency or a lawyer.

    One person proposes it, another one approves it; then the case is handed over, and nothing about these items is
    sent to the customer by us any more. Proposals: `ar_placement_propose`; what people decide and agencies report:
    `ar_placement_decision`; what the ledger says: `ar_placement_run`; the agency's commission:
    `ar_placement_commission`; the hand-over: `ar_placement_pack`, `ar_placement_send`.
    """

    _name = "ar.placement"
    _inherit = ["ar.agreement", "ar.decision.mixin"]
    _description = "Placement"
    _order = "id desc"

    _moves = rules.MOVES
    _live_states = (rules.READY, *rules.HOLDING)

    _writable = {"collector": ("agency_reference", "amount_claimed")}

    state = fields.Selection(
        PLACEMENT_STATES, required=True, default=rules.READY, readonly=True, index=True, tracking=True, copy=False
    )
    agency_id = fields.Many2one("ar.agency", required=True, readonly=True, index=True, ondelete="restrict")
    code = fields.Selection(PLACEMENT_REASONS, "Reason", required=True, readonly=True)
    requested_by_id = fields.Many2one("res.users", "Proposed by", readonly=True, ondelete="restrict")
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, ondelete="restrict", copy=False)
    date_proposed = fields.Date("Proposed on", required=True, readonly=True)
    placed_on = fields.Date(readonly=True, index=True, copy=False)
    exclusive_until = fields.Date(readonly=True, copy=False, help="Last day on which the agency alone may collect.")
    ended_on = fields.Date("Ended on", readonly=True, copy=False)
    end_note = fields.Text("Reason for the End", readonly=True, copy=False)
    judged_on = fields.Date("Last Evaluated on", readonly=True, copy=False)
    agency_reference = fields.Char(copy=False, help="Number of the case at the agency.")
    limitation_date = fields.Date(
        readonly=True, help="First day after which one of the items cannot be claimed in court, as of the proposal."
    )
    line_ids = fields.One2many("ar.placement.line", "placement_id", "Items", readonly=True)
    payment_ids = fields.One2many("ar.placement.payment", "placement_id", "Payments and Credits", readonly=True)
    amount_total = fields.Monetary("Placed", compute="_compute_amounts", store=True)
    amount_left = fields.Monetary("Open", compute="_compute_amount_left", compute_sudo=True)
    amount_paid = fields.Monetary(
        "Received", compute="_compute_amounts", store=True, help="Money that came in since the placement."
    )
    unreported_count = fields.Integer(
        "To Report", compute="_compute_amounts", store=True,
        help="Number of payments and credits that the agency does not know of yet.",
    )  # fmt: skip
    can_approve = fields.Boolean(compute="_compute_can_approve")
    demand_text = fields.Text(related="customer_id.demand_text", related_sudo=False)

    @api.depends("line_ids.amount", "payment_ids.amount", "payment_ids.is_credit", "payment_ids.is_reported")
    def _compute_amounts(self):
        for placement in self:
            payments = placement.payment_ids
            placement.amount_total = sum(placement.line_ids.mapped("amount"))
            placement.amount_paid = sum(payments.filtered(lambda row: not row.is_credit).mapped("amount"))
            placement.unreported_count = len(payments.filtered(lambda row: not row.is_reported))

    @api.depends("line_ids.amount_left")
    def _compute_amount_left(self):
        for placement in self:
            placement.amount_left = sum(placement.line_ids.mapped("amount_left"))

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        """Compute what the button offers; the method checks it again."""
        decides = self._has_role("credit_manager")
        for placement in self:
            is_open = placement.state == rules.READY
            placement.can_approve = is_open and decides and placement.requested_by_id != self.env.user

    def _end_unowed(self, reason):
        """Override to withdraw a proposal, and to recall what the agency has: there is nothing to collect any more."""
        for placement in self:
            state = rules.WITHDRAWN if placement.state == rules.READY else rules.RECALLED
            placement._end(state, reason)

    def _end(self, state, reason):
        """End the placement.

        :param str state: one of `core.recovery.placement.ENDED`
        :param str reason: for colleagues and the agency
        """
        today = self.company_id._ar_today()
        if self._set_state(state, ended_on=today, end_note=reason):
            self._log_state(reason)

    @api.model
    def _get_state_labels(self):
        """Return {state: its label in the language of the context}."""
        return dict(self._fields["state"]._description_selection(self.env))

    def _log_state(self, note=""):
        """Log the present state on the customer's thread."""
        labels = self._get_state_labels()
        for placement in self:
            text = self.env._(
                "%(state)s, %(agency)s.",
                state=labels[placement.state],
                # sudo: whoever may read the placement may read to whom it goes.
                agency=placement.agency_id.sudo().partner_id.display_name,
            )
            placement._log_on_thread(f"{text} {note}".strip())
