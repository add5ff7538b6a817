from odoo import api, fields, models


class ArTermsAnnounce(models.TransientModel):
    """Dialog before new terms are announced: how many customers are concerned."""

    _name = "ar.terms.announce"
    _inherit = ["ar.wizard.mixin"]
    _description = "Announce Terms"

    terms_id = fields.Many2one("ar.credit.terms", required=True, readonly=True, ondelete="cascade")
    applies_from = fields.Date(related="terms_id.applies_from")
    news = fields.Text(related="terms_id.news")
    concerned_count = fields.Integer("Customers Concerned", compute="_compute_concerned_count")

    @api.depends("terms_id")
    def _compute_concerned_count(self):
        for dialog in self:
            dialog.concerned_count = len(dialog.terms_id._get_concerned()) if dialog.terms_id else 0

    def action_apply(self):
        """Announce the terms."""
        self.ensure_one()
        self.terms_id._require("manager")
        self.terms_id._announce()
        return {"type": "ir.actions.act_window_close"}
