from odoo import fields, models
from odoo.exceptions import UserError

from ....const import BILLING_REQUIREMENTS


class ArInvoiceCheck(models.Model):
    """What people do for one invoice because its customer requires it: who did it, and when."""

    _name = "ar.invoice.check"
    _inherit = ["ar.access.mixin"]
    _description = "Billing Requirement of an Invoice"
    _order = "sending_id, id"

    sending_id = fields.Many2one("ar.invoice.sending", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sending_id.company_id", store=True, index=True)
    requirement_id = fields.Many2one("ar.billing.requirement", readonly=True, index=True, ondelete="set null")
    # As it was when it was asked for: the requirement may be changed or deleted.
    kind = fields.Selection(BILLING_REQUIREMENTS, required=True, readonly=True)
    name = fields.Char("To Do", required=True, readonly=True)
    url = fields.Char("Address of the Portal", readonly=True)
    done_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    def action_done(self):
        """Mark as done, such as uploaded; what waited for it is sent with the next turn."""
        self._require("collector")
        if any(check.done_on for check in self):
            raise UserError(self.env._("This is marked as done already."))
        # sudo: no role has write access.
        self.sudo().write({"done_on": fields.Datetime.now(), "done_by_id": self.env.uid})
        self.sending_id._look_again()
        return True

    def action_undo(self):
        """Take back that it was done, where it was marked by mistake."""
        self._require("collector")
        self.sudo().write({"done_on": False, "done_by_id": False})  # as in `action_done`
        self.sending_id._look_again()
        return True
