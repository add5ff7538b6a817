from odoo import api, fields, models


class ArPayLink(models.TransientModel):
    """Dialog with a link to the customer's page that preselects some items, for a phone call or a manual e-mail."""

    _name = "ar.pay.link"
    _description = "Payment Link"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    link = fields.Char("Payment Link", readonly=True)
    item_count = fields.Integer("Items", readonly=True)

    @api.model
    def _open_for(self, customer, lines):
        """Return the action that opens the dialog for items of one customer; the caller checked the user's rights."""
        wizard = self.create(
            {"customer_id": customer.id, "link": customer._get_pay_link(lines), "item_count": len(lines)}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }
