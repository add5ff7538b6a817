from odoo import api, fields, models

from odoo.addons.ar_collections.const import GROUP_AUDITOR

from ...numbers import clean


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

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_consents(self):
        """Keep the name of a contact that is deleted with its consents: they prove what was sent on their basis."""
        consents = self.env["ar.sms.consent"].sudo()  # whoever may delete contacts; no role writes consents
        for partner, own in consents.search([("partner_id", "in", self.ids)]).grouped("partner_id").items():
            own.former_name = partner.display_name

    def _ar_get_sms_number(self):
        """Return the contact's number in international form, empty where it has no valid one.

        A national number of a contact without a country is one of its customer's country; Odoo would take the country
        of the user's company.
        """
        self.ensure_one()
        country = self.commercial_partner_id.country_id
        is_national = self.phone and not self.phone.strip().startswith(("+", "00"))
        if is_national and country and not self.country_id:
            return clean(self._phone_format(number=self.phone, country=country))
        return clean(self.phone_sanitized)

    def action_open_ar_sms_consents(self):
        """Open the contact's consents."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections_sms.ar_sms_consent_action")
        return dict(action, domain=[("partner_id", "=", self.id)], context={})

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
