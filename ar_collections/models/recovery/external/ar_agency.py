from odoo import fields, models


class ArAgency(models.Model):
    """The people of an agency who work with its cases here."""

    _inherit = "ar.agency"

    _writable = {"credit_manager": ("user_ids",)}

    user_ids = fields.Many2many(
        "res.users",
        "ar_agency_users_rel",
        "agency_id",
        "user_id",
        "External Collectors",
        domain=[("share", "=", False)],
        help="Users of the agency with the role External Collector; they see the cases placed with it, nothing else.",
    )
