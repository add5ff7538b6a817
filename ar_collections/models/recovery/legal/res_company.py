from odoo import fields, models


class ResCompany(models.Model):
    """What courts ask about the company itself."""

    _inherit = "res.company"

    ar_legal_form = fields.Char("Legal Form", help="For instance GmbH or Ltd, as in the register.")
    ar_legal_representative = fields.Char(
        "Represented in Court by", help="Function and name, for instance of a managing director."
    )
