from odoo import fields, models


class ArCreditPolicy(models.Model):
    """What salespeople are told about their customers."""

    _inherit = "ar.credit.policy"

    notify_salesperson = fields.Selection(
        [("never", "Never"), ("serious", "When it gets serious")],
        "Tell the Salesperson",
        required=True,
        default="never",
        tracking=True,
        help="When it gets serious: after a firm or formal reminder, a call, a broken promise or a new dispute.",
    )
    salesperson_days = fields.Integer(
        "Warn the Salesperson (working days)",
        tracking=True,
        help="So many working days before a firm reminder the salesperson gets one list of the customers it is about."
        " 0: no list.",
    )

    _salesperson_days_not_negative = models.Constraint(
        "CHECK (salesperson_days >= 0 AND salesperson_days <= 60)",
        "The salesperson is warned 0 to 60 working days ahead; 0 means not at all.",
    )
