from odoo import fields, models


class ArStripeDifferenceHandle(models.TransientModel):
    """The dialog *Mark as Handled*: what was done about differences from Stripe that no comparison can see."""

    _name = "ar.stripe.difference.handle"
    _inherit = ["ar.wizard.mixin"]
    _description = "Mark a Difference from Stripe as Handled"

    difference_ids = fields.Many2many("ar.stripe.difference", string="Differences", required=True, readonly=True)
    note = fields.Text("What Was Done", help="Such as the number of the payment that was registered by hand.")

    def action_done(self):
        """Mark them as handled.

        :raise UserError: without a note, and for who may not do this
        """
        self.ensure_one()
        self.difference_ids._mark_handled(self.note)
        return {"type": "ir.actions.act_window_close"}
