from odoo import fields, models


class ResCompany(models.Model):
    """How a company counts its receivables."""

    _inherit = "res.company"

    ar_dso_basis = fields.Selection(
        [("period_end", "At the end of the period"), ("average", "Average of opening and closing")],
        "DSO of receivables",
        default="period_end",
        required=True,
        help="Which receivables the simple DSO divides by the credit sales.",
    )
