from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...core.portal.allocation import RequestRefused
from ...messages import DISPUTE_REFUSALS


class ArDisputeResolve(models.TransientModel):
    """Dialog to resolve a dispute: the granted amount of each item, and the answer to the customer."""

    _name = "ar.dispute.resolve"
    _inherit = ["ar.wizard.mixin"]
    _description = "Resolve Dispute"

    dispute_id = fields.Many2one("ar.dispute", required=True, readonly=True, ondelete="cascade")
    reason_id = fields.Many2one(related="dispute_id.reason_id")
    note = fields.Text("Description by the Customer", related="dispute_id.note")
    answer = fields.Text("Answer to the Customer", required=True, help="The customer receives it by email.")
    draft_credit = fields.Boolean(
        "Draft a credit note",
        default=True,
        help=(
            "Whether a draft credit note is created for the granted amount; check and post it. Reminders "
            "exclude the amount until then."
        ),
    )
    line_ids = fields.One2many("ar.dispute.resolve.line", "wizard_id")

    @api.model
    def default_get(self, fields):
        """Override of `base` to list the disputed items; nothing is granted until somebody enters it."""
        values = super().default_get(fields)
        dispute = self.env["ar.dispute"].browse(values.get("dispute_id"))
        if dispute and "line_ids" in fields:
            values["line_ids"] = [Command.create({"dispute_line_id": line.id}) for line in dispute.line_ids]
        return values

    def action_resolve(self):
        """Resolve the dispute with the entered amounts."""
        return self._resolve({line.dispute_line_id: line._get_exact_amount() for line in self.line_ids})

    def action_grant_all(self):
        """Grant all that is disputed."""
        return self._resolve({line: line._to_exact(line.amount) for line in self.dispute_id.line_ids})

    def action_reject(self):
        """Reject the dispute: nothing is granted."""
        return self._resolve({line: line._to_exact(0) for line in self.dispute_id.line_ids})

    def _resolve(self, accepted):
        self.ensure_one()
        dispute = self.dispute_id._allowed_owner("manager")
        accepted = {line.sudo(): amount for line, amount in accepted.items()}  # checked just now
        if set(accepted) != set(dispute.line_ids):
            raise UserError(self.env._("The items have changed in the meantime; close this window and open it again."))
        try:
            dispute._resolve(accepted, self.answer, draft_credit=self.draft_credit)
        except RequestRefused as refused:
            raise UserError(str(DISPUTE_REFUSALS[refused.code])) from refused
        return {"type": "ir.actions.act_window_close"}


class ArDisputeResolveLine(models.TransientModel):
    """One disputed item, with the amount to grant."""

    _name = "ar.dispute.resolve.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Resolve Dispute Item"

    wizard_id = fields.Many2one("ar.dispute.resolve", required=True, index=True, ondelete="cascade")
    dispute_line_id = fields.Many2one("ar.dispute.line", required=True, ondelete="cascade")
    name = fields.Char(related="dispute_line_id.name")
    date_due = fields.Date(related="dispute_line_id.date_due")
    currency_id = fields.Many2one(related="dispute_line_id.currency_id")
    amount = fields.Monetary(related="dispute_line_id.amount")
    amount_accepted = fields.Monetary("Granted", help="Part of the amount that the customer need not pay.")

    def _get_exact_amount(self):
        return self.dispute_line_id._to_exact(self.amount_accepted)
