from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Whether customers explain on their page that they cannot pay."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("ability_portal",)}

    ability_portal = fields.Boolean(
        "Customers can explain on the portal that they cannot pay",
        default=True,
        tracking=True,
        help=(
            "Why they cannot, which means they have and what they propose. The collector gets a task, and "
            "reminders pause as after a reply. Example: “Our largest customer has not paid; we propose 200 a "
            "month.”"
        ),
    )
