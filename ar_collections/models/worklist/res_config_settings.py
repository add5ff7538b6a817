from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The weights of the worklist's priority in the settings."""

    _inherit = "res.config.settings"

    ar_priority_overdue = fields.Integer(related="company_id.ar_priority_overdue", readonly=False)
    ar_priority_age = fields.Integer(related="company_id.ar_priority_age", readonly=False)
    ar_priority_risk = fields.Integer(related="company_id.ar_priority_risk", readonly=False)
    ar_priority_broken_promise = fields.Integer(related="company_id.ar_priority_broken_promise", readonly=False)
    ar_priority_late_dispute = fields.Integer(related="company_id.ar_priority_late_dispute", readonly=False)
    ar_priority_due_soon = fields.Integer(related="company_id.ar_priority_due_soon", readonly=False)
    ar_priority_unreached = fields.Integer(related="company_id.ar_priority_unreached", readonly=False)
    ar_priority_large_amount = fields.Monetary(related="company_id.ar_priority_large_amount", readonly=False)
    ar_priority_old_days = fields.Integer(related="company_id.ar_priority_old_days", readonly=False)
    ar_priority_soon_days = fields.Integer(related="company_id.ar_priority_soon_days", readonly=False)
