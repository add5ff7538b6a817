from odoo import fields, models


class AccountMoveLine(models.Model):
    """The customer's open items show what of their invoice was not delivered."""

    _inherit = "account.move.line"

    ar_undelivered_text = fields.Char(related="move_id.ar_undelivered_text", groups="base.group_user")
