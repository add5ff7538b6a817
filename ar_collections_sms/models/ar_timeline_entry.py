from odoo import fields, models


class ArTimelineEntry(models.Model):
    """Text messages in the correspondence with a customer."""

    _inherit = "ar.timeline.entry"

    kind = fields.Selection(selection_add=[("sms", "SMS")])
