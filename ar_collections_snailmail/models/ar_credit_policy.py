from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Who prints and posts letters."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("letters_by",)}

    letters_by = fields.Selection(
        [("us", "We print them"), ("service", "Odoo's postal service")],
        "Letters",
        required=True,
        default="us",
        tracking=True,
        help=(
            "Who prints and posts reminder letters. The service needs credits; what it cannot send is printed "
            "by us. Example: by the service, a letter of the night is in the post on the same day."
        ),
    )
