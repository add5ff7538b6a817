from odoo import fields, models

from ...const import RISK_CLASSES


class ArClassOverride(models.TransientModel):
    """Dialog that sets another risk class for a customer, with a reason, until a day."""

    _name = "ar.class.override"
    _inherit = ["ar.wizard.mixin"]
    _description = "Set Risk Class"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True)
    risk_class = fields.Selection(RISK_CLASSES)
    until = fields.Date(help="Last day on which the class holds; then that of the score holds again.")
    reason = fields.Text(help="Shown to colleagues beside the class; the customer does not see it.")

    def action_set(self):
        """Set the class."""
        self.ensure_one()
        account = self.customer_id._get_rated_account()  # checks the role: no role may write the class directly
        account._override_class(self.risk_class, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
