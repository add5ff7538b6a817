from odoo import fields, models
from odoo.exceptions import UserError

from ....formats import format_amount


class ArLateChargeWaiver(models.Model):
    """The decision to waive a late charge, or part of it: who, why, and who agreed; never changed afterwards."""

    _name = "ar.late.charge.waiver"
    _inherit = ["ar.access.mixin"]
    _description = "Waived Late Charge"
    _order = "id desc"

    charge_id = fields.Many2one("ar.late.charge", required=True, readonly=True, index=True, ondelete="cascade")
    customer_id = fields.Many2one(related="charge_id.customer_id")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Waived by", required=True, readonly=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    state = fields.Selection(
        [("waiting", "Waits for a Second Person"), ("applied", "Waived"), ("rejected", "Rejected")],
        "Status", required=True, readonly=True, index=True,
    )  # fmt: skip

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount to waive must be positive.")

    def action_approve(self):
        """Approve waivers of others."""
        for waiver in self._start_decision():
            waiver._check_left()
            waiver.write({"state": "applied", "approved_by_id": self.env.uid})
            waiver._log(self.env._("approved by %s", self.env.user.name))
            waiver.charge_id._refresh_left()
        return True

    def action_reject(self):
        """Reject waivers of others: the late charges stay."""
        for waiver in self._start_decision():
            waiver.write({"state": "rejected", "approved_by_id": self.env.uid})
            waiver._log(self.env._("rejected by %s", self.env.user.name))
        return True

    def _check_left(self):
        """Check that as much is left as is to be waived.

        :raise UserError: where it is less by now
        """
        left, currency = self.charge_id.left, self.currency_id
        if currency.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "Only %s of this late charge is left by now: reject the waiver, and waive what is left.",
                    format_amount(self.env, left, currency),
                )
            )

    def _start_decision(self):
        """Check role, state and person, under the lock of the accounts; return the waivers in superuser mode."""
        self._require("manager")
        waivers = self.sudo()  # no role writes waivers; who may decide is checked here
        waivers.customer_id.sorted("id")._lock_account()
        waivers.invalidate_recordset()
        if any(waiver.state != "waiting" for waiver in waivers):
            raise UserError(self.env._("This was decided already."))
        if self.env.user in waivers.user_id:
            raise UserError(self.env._("You waived this yourself: another manager has to approve it."))
        return waivers

    def _log(self, outcome):
        """Log the decision on the customer's thread.

        :param str outcome: what was decided, and by whom
        """
        self.ensure_one()
        self.customer_id.message_post(
            body=self.env._(
                "Waiver of the late charge of %(invoice)s, %(amount)s: %(outcome)s. %(reason)s",
                invoice=self.charge_id.name,
                amount=format_amount(self.env, self.amount, self.currency_id),
                outcome=outcome,
                reason=self.reason,
            ),
            subtype_xmlid="mail.mt_note",
        )
