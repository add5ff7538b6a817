from odoo import fields, models

#: The code of the decision not to remind of goods that are not delivered.
NOT_DELIVERED = "not_delivered"


class ArCustomer(models.Model):
    """A decision of its own: what is open was not delivered."""

    _inherit = "ar.customer"

    decision_code = fields.Selection(selection_add=[(NOT_DELIVERED, "Not delivered yet")])
