from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Whose law applies to the debts of a policy's customers."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("limitation_country_id", "limitation_near_days")}

    limitation_country_id = fields.Many2one(
        "res.country",
        "Applicable Law",
        tracking=True,
        help=(
            "Country whose limitation period applies to the debts. Empty: the country of the company. "
            "Example: Germany, three years from the end of the year."
        ),
    )
    limitation_near_days = fields.Integer(
        "Limitation Is Near (days)",
        default=60,
        tracking=True,
        help=(
            "Number of days before the limitation date from which debts are proposed for an agency at once. "
            "Example: with 60, a debt that lapses on 31 December is proposed from 1 November."
        ),
    )

    _limitation_days = models.Constraint(
        "CHECK (limitation_near_days >= 0)", "The number of days before the limitation date cannot be negative."
    )
