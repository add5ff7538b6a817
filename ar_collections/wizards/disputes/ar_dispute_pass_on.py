from odoo import api, fields, models


class ArDisputePassOn(models.TransientModel):
    """Dialog to give a dispute another owner, another reason, or both."""

    _name = "ar.dispute.pass.on"
    _inherit = ["ar.wizard.mixin"]
    _description = "Pass On Dispute"

    dispute_id = fields.Many2one("ar.dispute", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="dispute_id.company_id")
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, ondelete="cascade", compute="_compute_reason_id", store=True,
        readonly=False, precompute=True, domain="[('company_id', 'in', [company_id, False])]",
    )  # fmt: skip
    owner_ids = fields.Many2many("res.users", string="Possible Owners", compute="_compute_owner_ids")
    user_id = fields.Many2one(
        "res.users", "Owner", required=True, ondelete="cascade", compute="_compute_user_id", store=True,
        readonly=False, precompute=True, domain="[('id', 'in', owner_ids)]",
    )  # fmt: skip
    date_deadline = fields.Date("Answer due by", compute="_compute_date_deadline")
    note = fields.Text(required=True)

    @api.depends("dispute_id")
    def _compute_reason_id(self):
        for wizard in self:
            wizard.reason_id = wizard.dispute_id.reason_id

    @api.depends_context("uid")
    @api.depends("dispute_id")
    def _compute_owner_ids(self):
        for wizard in self:
            wizard.owner_ids = wizard.dispute_id._get_next_owners() if wizard.dispute_id else False

    @api.depends("dispute_id", "reason_id")
    def _compute_user_id(self):
        """Compute the owner that the reason proposes."""
        for wizard in self:
            wizard.user_id = wizard.dispute_id._propose_owner(wizard.reason_id) if wizard.dispute_id else False

    @api.depends("dispute_id", "reason_id")
    def _compute_date_deadline(self):
        """Compute the last day for an answer, as it will be."""
        for wizard in self:
            dispute = wizard.dispute_id
            wizard.date_deadline = dispute.date_deadline
            if dispute and wizard.reason_id not in (dispute.reason_id, wizard.reason_id.browse()):
                wizard.date_deadline = dispute._get_next_deadline(wizard.reason_id, dispute.company_id._ar_today())

    def action_pass_on(self):
        """Pass the dispute on.

        :raise UserError: where the user may not, see `ar.dispute._pass_on`
        """
        self.ensure_one()
        self.dispute_id._allowed_owner("collector")._pass_on(self.reason_id, self.user_id, self.note)
        return {"type": "ir.actions.act_window_close"}
