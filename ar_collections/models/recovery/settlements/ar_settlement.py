from odoo import api, fields, models

from ....const import SETTLEMENT_STATES
from ....core.recovery import settlement as rules

#: The task to send the offer.
OFFER_TASK = "ar_collections.mail_activity_type_settlement_offer"


class ArSettlement(models.Model):
    """Settlement: a customer pays an agreed part of its overdue debt by a day, and is released from the rest.

    One person requests it, a credit manager with the authority for the released amount approves it; then nothing is
    reminded of its items. Paid in time by the ledger, credit notes for the rest are drafted, and posted by people.
    Missed, all is owed again. Decisions: `ar_settlement_decision`; what the ledger says: `ar_settlement_judge`.
    """

    _name = "ar.settlement"
    _inherit = ["ar.agreement", "ar.decision.mixin"]
    _description = "Settlement"
    _order = "id desc"

    _moves = rules.MOVES
    _live_states = (rules.REQUESTED, rules.OPEN)
    _task_role = "credit_manager"

    state = fields.Selection(
        SETTLEMENT_STATES, required=True, default=rules.REQUESTED, readonly=True, index=True, tracking=True, copy=False
    )
    reason = fields.Text(required=True, readonly=True)
    amount_agreed = fields.Monetary("To Pay", required=True, readonly=True)
    date_until = fields.Date(
        "Pay until", required=True, readonly=True, index=True, help="Last day of a payment that counts."
    )
    line_ids = fields.One2many("ar.settlement.line", "settlement_id", "Items", readonly=True)
    amount_total = fields.Monetary("Owed", compute="_compute_amounts", store=True)
    amount_released = fields.Monetary(
        "Reduction", compute="_compute_amounts", store=True, help="What is credited once the agreed amount is paid."
    )
    amount_paid = fields.Monetary("Paid in Time", readonly=True, copy=False)
    amount_left = fields.Monetary("Open", compute="_compute_amount_left", compute_sudo=True)
    requested_by_id = fields.Many2one("res.users", "Requested by", required=True, readonly=True, ondelete="restrict")
    date_requested = fields.Date("Requested on", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False, ondelete="restrict")
    decided_for_id = fields.Many2one(
        "res.users", "With the Authority of", readonly=True, copy=False, ondelete="restrict",
        help="The same user, or the absent one for whom it decided as the substitute.",
    )  # fmt: skip
    date_decided = fields.Date("Decided on", readonly=True, copy=False)
    decision_note = fields.Text("Reason for the Decision", readonly=True, copy=False)
    ended_on = fields.Date("Ended on", readonly=True, copy=False, help="Day from which reminders are sent again.")
    to_judge = fields.Boolean(readonly=True, copy=False, help="Whether payments changed since the last evaluation.")
    credit_note_ids = fields.Many2many("account.move", string="Credit Notes", readonly=True, copy=False)
    ability_count = fields.Integer("Ability to Pay", compute="_compute_ability_count")

    _agreed_positive = models.Constraint("CHECK (amount_agreed > 0)", "The agreed amount must be positive.")

    @api.depends("line_ids.amount", "amount_agreed")
    def _compute_amounts(self):
        for settlement in self:
            settlement.amount_total = sum(settlement.line_ids.mapped("amount"))
            settlement.amount_released = max(settlement.amount_total - settlement.amount_agreed, 0)

    @api.depends("line_ids.amount_left")
    def _compute_amount_left(self):
        for settlement in self:
            settlement.amount_left = sum(settlement.line_ids.mapped("amount_left"))

    def _compute_ability_count(self):
        for settlement in self:
            settlement.ability_count = settlement.customer_id.ability_count

    def _set_state(self, state, **values):
        """Override to end the task to offer it."""
        moved = super()._set_state(state, **values)
        if state != rules.OPEN:
            moved.activity_unlink([OFFER_TASK])
        return moved

    def _end_unowed(self, reason):
        """Override to withdraw it: there is nothing to settle any more."""
        for settlement in self:
            ended = settlement.company_id._ar_today() if settlement.state == rules.OPEN else False
            if settlement._set_state(rules.WITHDRAWN, ended_on=ended):
                settlement._log_on_thread(settlement.env._("Withdrawn: %(reason)s.", reason=reason))

    # === BUTTONS === #

    def action_open_abilities(self):
        """Open what was noted on the customer's ability to pay, to read it or add a note."""
        self.ensure_one()
        return self.customer_id.action_open_abilities()

    def action_open_credit_notes(self):
        """Open the credit notes for what was released."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "domain": [("id", "in", self.sudo().credit_note_ids.ids)],  # opened with the rights of the user
            "views": [(False, "list"), (False, "form")],
        }
