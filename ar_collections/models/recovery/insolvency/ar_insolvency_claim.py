from odoo import models

from ....core.recovery import insolvency as rules


class ArInsolvencyClaim(models.Model):
    """The claim as of the opening, and what becomes of the debts: dividends and losses."""

    _inherit = "ar.insolvency"

    def action_claim(self):
        """Open the claim as of the opening: all that was owed then, due or not, with late charges up to that day."""
        self.ensure_one()
        self._require("auditor")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim as of the Opening"),
            "res_model": "ar.late.charge.claim",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_customer_id": self.customer_id.id,
                "default_date": self.opened_on,
                "default_has_all": True,
            },
        }

    def action_dividend(self):
        """Open Odoo's dialog to register what the administrator paid, for the debts from before the opening."""
        self.ensure_one()
        self._require("collector")
        items = self.env["account.move.line"].browse(self.sudo()._find_claimed_ids())  # read as in the lists
        self._refuse_missing_items(items)
        return items.action_register_payment()

    def action_write_off(self):
        """Open the dialog that writes off what is left of the debts from before the opening."""
        self.ensure_one()
        self._require("collector")
        items = self.env["account.move.line"].browse(self.sudo()._find_claimed_ids())  # read as in the lists
        self._refuse_missing_items(items)
        action = self.env["ar.write.off.new"]._open(items)
        wizard = self.env["ar.write.off.new"].browse(action["res_id"])
        wizard.write({"reason_code": "insolvent", "reason": self.display_name})
        return action

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()

    def _is_over(self):
        """Return whether the proceedings have ended."""
        self.ensure_one()
        return self.state != rules.OPEN
