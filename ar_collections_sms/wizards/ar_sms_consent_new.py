from odoo import api, fields, models

from ..const import CONSENT_WAYS


class ArSmsConsentNew(models.TransientModel):
    """Dialog to record that a contact agreed to text messages."""

    _name = "ar.sms.consent.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Record Consent to SMS"

    partner_id = fields.Many2one("res.partner", "Contact", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    number = fields.Char(compute="_compute_number")
    way = fields.Selection(CONSENT_WAYS, "Agreed", required=True)
    given_on = fields.Date("Agreed on", required=True, default=lambda self: self.env.company._ar_today())
    note = fields.Char("Proof", help="Where the consent can be found, such as the number of a contract.")

    @api.depends("partner_id")
    def _compute_number(self):
        for dialog in self:
            dialog.number = dialog.partner_id._ar_get_sms_number() if dialog.partner_id else False

    def action_record(self):
        """Record the consent.

        :raise UserError: without the role, or where the consent cannot be recorded
        """
        self.ensure_one()
        consents = self.env["ar.sms.consent"]
        consents._require("collector")
        consents._record(self.partner_id, self.company_id, self.way, self.given_on, self.note)
        return {"type": "ir.actions.act_window_close"}
