from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Who decides what exceeds the limits of collectors; the limits are fields of each kind of agreement."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "manager_id",
        ),
    }  # fmt: skip

    manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        tracking=True,
        help=(
            "User who receives what exceeds the collectors' limits: if a credit manager, plans and credit requests to "
            "approve; disputes that are not answered in time and whose reason names nobody. Example: the head of "
            "accounting."
        ),
    )
