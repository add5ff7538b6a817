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
            "User who receives what exceeds the collectors' limits: plans to approve, overdue disputes "
            "without a manager. Example: the head of accounting."
        ),
    )
