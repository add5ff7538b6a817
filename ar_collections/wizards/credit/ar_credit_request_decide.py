from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CREDIT_LIMIT_KINDS
from ...core.credit.limit import AMOUNT, NOT_A_NUMBER, Limit
from ...core.money import to_decimal
from ...messages import CREDIT_REFUSALS


class ArCreditRequestDecide(models.TransientModel):
    """Dialog to approve a credit request, with the requested limit or less, or to reject it with a reason."""

    _name = "ar.credit.request.decide"
    _inherit = ["ar.wizard.mixin"]
    _description = "Decide on a Credit Request"

    request_id = fields.Many2one("ar.credit.request", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="request_id.currency_id")
    warning = fields.Char(related="request_id.warning", related_sudo=False)
    recommended_text = fields.Char(related="request_id.recommended_text", related_sudo=False)
    recommended_reasons = fields.Text(related="request_id.recommended_reasons", related_sudo=False)
    decision = fields.Selection([("approve", "Approve"), ("reject", "Reject")], required=True, readonly=True)
    kind = fields.Selection(CREDIT_LIMIT_KINDS, "Limit", required=True, default=AMOUNT)
    limit = fields.Monetary("Amount", help="The requested limit, or less.")
    note = fields.Text("Reason", help="The requester reads it; the customer does not.")

    @api.model
    def _open(self, request, decision):
        """Return the action that opens the dialog with the limit to approve: that of the first approval, if any.

        :param str decision: ``approve`` or ``reject``
        """
        before = request.approval_ids[-1:]
        wizard = self.create(
            {
                "request_id": request.id,
                "decision": decision,
                "kind": before.kind or request.wanted_kind,
                "limit": before.limit if before else request.wanted_limit,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["decision"]._description_selection(self.env))[decision],
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to refuse what is no number, on which rounding would fail without an explanation."""
        for vals in vals_list:
            self._check_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`, as for `create`."""
        self._check_number(vals)
        return super().write(vals)

    @api.model
    def _check_number(self, vals):
        if not to_decimal(vals.get("limit") or 0).is_finite():
            raise UserError(self.env._(CREDIT_REFUSALS[NOT_A_NUMBER]))

    def action_confirm(self):
        """Decide in the name of the user, see `ar.credit.request`."""
        self.ensure_one()
        if self.decision == "reject":
            self.request_id._reject(self.note or "")
        else:
            amount = self.limit if self.kind == AMOUNT else 0
            self.request_id._approve(Limit(self.kind, to_decimal(amount)), (self.note or "").strip())
        return {"type": "ir.actions.act_window_close"}
