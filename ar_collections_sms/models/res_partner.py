from odoo import api, fields, models

from odoo.addons.ar_collections.const import GROUP_AUDITOR


class ResPartner(models.Model):
    """The consents of a contact to text messages."""

    _inherit = "res.partner"

    ar_sms_consent_ids = fields.One2many(
        "ar.sms.consent", "partner_id", "Consents to SMS", readonly=True, groups=GROUP_AUDITOR
    )
    ar_sms_consent_count = fields.Integer(compute="_compute_ar_sms_consent_count", groups=GROUP_AUDITOR)

    @api.depends("ar_sms_consent_ids.withdrawn_on")
    def _compute_ar_sms_consent_count(self):
        for partner in self:
            partner.ar_sms_consent_count = len(partner.ar_sms_consent_ids.filtered("is_valid"))

    def action_open_ar_sms_consents(self):
        """Open the contact's consents."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consents to SMS"),
            "res_model": "ar.sms.consent",
            "views": [(False, "list")],
            "domain": [("partner_id", "=", self.id)],
        }

    def action_ar_sms_consent(self):
        """Open the dialog to record a consent of the contact."""
        self.ensure_one()
        self.check_access("read")
        self.env["ar.sms.consent"]._require("collector")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Consent to SMS"),
            "res_model": "ar.sms.consent.new",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
