from odoo import fields, models

from ....const import PACK_FIELDS, PACK_FILES


class ArAgencyField(models.Model):
    """A field of the hand-over files under the name that an agency expects; without any, our own names are used."""

    _name = "ar.agency.field"
    _inherit = ["ar.access.mixin"]
    _description = "Field of an Agency"
    _order = "agency_id, file, sequence, id"
    _logs_changes = True
    _logged_parent = "agency_id"

    _writable = {"credit_manager": ("agency_id", "sequence", "file", "source", "target")}

    agency_id = fields.Many2one("ar.agency", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    file = fields.Selection(PACK_FILES, required=True, default="invoices")
    source = fields.Selection(PACK_FIELDS, "Our Field", required=True)
    target = fields.Char("Name at the Agency", required=True)

    _target_once = models.UniqueIndex("(agency_id, file, target)", "Each name can be used once in a file.")
