from odoo import fields, models


class ResCompany(models.Model):
    """Settings of the key figures."""

    _inherit = "res.company"

    ar_dso_basis = fields.Selection(
        [("period_end", "At the end of the period"), ("average", "Average of opening and closing")],
        "Receivables for DSO",
        default="period_end",
        required=True,
        help="Receivables that the simple DSO divides by the credit sales.",
    )
