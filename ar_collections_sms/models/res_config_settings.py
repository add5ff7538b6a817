from odoo import fields, models

from odoo.addons.ar_collections.notification import notification


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_sms_price = fields.Float(related="company_id.ar_sms_price", readonly=False)
    ar_sms_cap = fields.Monetary(related="company_id.ar_sms_cap", readonly=False, currency_field="ar_sms_currency_id")
    ar_sms_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of SMS Costs")

    def action_ar_sms_address(self):
        """Make a new address for the gateway's replies and show it, once."""
        self.ensure_one()
        self.check_access("write")
        address = self.company_id._ar_make_sms_address()
        message = self.env._("It is shown once, and an earlier one no longer works: %(address)s", address=address)
        title = self.env._("Enter this address at your SMS gateway")
        return notification(message, "info", after=None, sticky=True, title=title)
