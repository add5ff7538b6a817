from odoo import api, fields, models


class AccountMove(models.Model):
    """Invoices that charge late payment."""

    _inherit = "account.move"

    ar_late_charges = fields.Boolean("Has Late Charges", readonly=True, copy=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_late_charge_billings(self):
        """Let late charges be open again whose draft invoice is deleted."""
        moves = self.filtered("ar_late_charges")
        if moves:
            # sudo: whoever deletes a draft may not write late charges.
            billings = self.env["ar.late.charge.billing"].sudo().search([("move_id", "in", moves.ids)])
            charges = billings.charge_id
            billings.unlink()
            charges._refresh_left()

    def _get_late_charge_action(self):
        """Return the action that opens these invoices."""
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Late Charges")}
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)], "views": [(False, "list"), (False, "form")]}

    def _get_late_charges(self):
        """Return the late charges that this invoice charges, for the printed computation."""
        self.ensure_one()
        # sudo: whoever may read the invoice may print what it is made of.
        billings = self.env["ar.late.charge.billing"].sudo().search([("move_id", "=", self.id)])
        return billings.charge_id
