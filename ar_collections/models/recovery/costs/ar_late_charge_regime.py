from odoo import fields, models


class ArLateChargeRegime(models.Model):
    """What the rules of late charges say about the costs of legal steps."""

    _inherit = "ar.late.charge.regime"

    _writable = {"manager": ("lump_sum_counts", "costs_bear_interest")}

    lump_sum_counts = fields.Boolean(
        "Lump Sums Count against Costs",
        help="Whether a lump sum for late payment is set off against the costs of pursuing the claim, as in Germany.",
    )
    costs_bear_interest = fields.Boolean(
        "Interest on Legal Costs", help="Whether invoices of legal costs bear interest when they are paid late."
    )
