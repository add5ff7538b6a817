from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.portal.links import insert_key


class ArPayLink(models.TransientModel):
    """Dialog with a link to the customer's page that preselects some items, for a phone call or a manual e-mail."""

    _name = "ar.pay.link"
    _inherit = ["ar.wizard.mixin"]
    _description = "Payment Link"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    # Shown once, by the defaults of the dialog: who has the link may act for the customer, so it is not stored.
    link = fields.Char("Payment Link", readonly=True, store=False)
    item_count = fields.Integer("Items", readonly=True)
    valid_until = fields.Date(readonly=True, help="Last day on which the link works.")
    warning = fields.Char(readonly=True)

    @api.model
    def _open_for(self, customer, lines):
        """Return the action that opens the dialog for items of one customer; the caller checked the user's rights.

        :raise UserError: where an agency has all of them
        """
        placed = customer._find_placed(lines)
        lines -= placed
        if not lines:
            raise UserError(customer._get_placed_text(placed))
        key = customer._make_link("copied")
        values = {
            "customer_id": customer.id,
            "link": insert_key(customer._get_pay_link(lines), customer.get_base_url(), key),
            "item_count": len(lines),
            "warning": customer._get_placed_text(placed),
            "valid_until": self.env["ar.portal.link"]._get_last_day(customer.company_id),
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }
