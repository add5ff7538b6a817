from odoo import fields, models

from odoo.addons.ar_collections.const import GROUP_AUDITOR


class SnailmailLetter(models.Model):
    """Letters of Odoo's postal service that are ours."""

    _inherit = "snailmail.letter"

    ar_communication_id = fields.Many2one(
        "ar.communication",
        "Communication",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=GROUP_AUDITOR,
    )
