from odoo import api, fields, models

READERS = "ar_collections.ar_collections_group_auditor,ar_collections.ar_collections_group_salesperson"


class ResPartner(models.Model):
    """The status of the account on the contact, also for salespeople; record rules limit them to their customers."""

    _inherit = "res.partner"

    ar_customer_id = fields.Many2one(groups=READERS)
    ar_overdue = fields.Monetary(groups=READERS)
    ar_currency_id = fields.Many2one(groups=READERS)
    ar_agreement_count = fields.Integer(groups=READERS)
    ar_status_text = fields.Char("Receivables", compute="_compute_ar_status_text", groups=READERS)

    @api.depends("ar_customer_id")
    @api.depends_context("company", "lang")
    def _compute_ar_status_text(self):
        for partner in self:
            partner.ar_status_text = partner.ar_customer_id.status_text
