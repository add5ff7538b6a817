from odoo import fields, models


class ResCompany(models.Model):
    """Until when people were told which of their exceptions end."""

    _inherit = "res.company"

    ar_exceptions_on = fields.Date(
        "Ends of Exceptions notified on", readonly=True, copy=False,
        help="Day for which the nightly run told about the exceptions that end soon.",
    )  # fmt: skip
