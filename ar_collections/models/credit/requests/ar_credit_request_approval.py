from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import CREDIT_LIMIT_KINDS
from ....core.credit.limit import Limit
from ....core.credit.request import Approval
from ....core.money import to_decimal


class ArCreditRequestApproval(models.Model):
    """One person's approval of a limit; rows are only added, by our own code."""

    _name = "ar.credit.request.approval"
    _inherit = ["ar.access.mixin"]
    _description = "Approval of a Credit Request"
    _order = "id"
    _rec_name = "user_id"

    request_id = fields.Many2one("ar.credit.request", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Approved by", required=True, readonly=True, ondelete="restrict")
    for_user_id = fields.Many2one(
        "res.users", "With the Authority of", required=True, readonly=True, ondelete="restrict",
        help="The same user, or the absent one for whom it decided as the substitute.",
    )  # fmt: skip
    kind = fields.Selection(CREDIT_LIMIT_KINDS, "Approved", required=True, readonly=True)
    limit = fields.Monetary(readonly=True)
    date = fields.Date(required=True, readonly=True)
    note = fields.Text(readonly=True)

    def _get_approval(self):
        """Return the approval as the rules read it.

        :rtype: core.credit.request.Approval
        """
        self.ensure_one()
        return Approval(self.user_id.id, self.for_user_id.id, Limit(self.kind, to_decimal(self.limit)))

    def write(self, vals):
        """Override to refuse every change, also of our own code; stored related fields are not written by it."""
        if vals:
            raise UserError(self.env._("Approvals cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Approvals cannot be deleted."))
