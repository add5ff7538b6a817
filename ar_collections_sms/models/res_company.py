import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ar_collections.core.portal.links import hash_key


class ResCompany(models.Model):
    """What a company's text messages may cost, and where its gateway reports replies to."""

    _inherit = "res.company"

    ar_sms_price = fields.Float(
        "Price of an SMS Part",
        digits=(16, 4),
        help="What your gateway charges for one part of a text message, in the company's currency. Longer messages "
        "have several parts.",
    )
    ar_sms_cap = fields.Monetary(
        "SMS Costs per Month",
        help="The most that text messages may cost in a month. Further ones wait for the next month. 0: no limit.",
    )
    # Nobody may read it: what is known of a hash could be compared with a key.
    ar_sms_inbound_hash = fields.Char("Hash of the Key for Replies", copy=False, groups=fields.NO_ACCESS)

    @api.constrains("ar_sms_price", "ar_sms_cap")
    def _check_ar_sms_cap(self):
        """Check that a cap can be kept: it needs the price of a message."""
        for company in self:
            if company.ar_sms_price < 0 or company.ar_sms_cap < 0:
                raise ValidationError(self.env._("Price and monthly costs of text messages cannot be negative."))
            if company.ar_sms_cap and not company.ar_sms_price:
                raise ValidationError(self.env._("Enter what a part of a text message costs, to limit the costs."))

    def write(self, vals):
        """Override to send what waited for a higher cap."""
        result = super().write(vals)
        if "ar_sms_cap" in vals or "ar_sms_price" in vals:
            # sudo: whoever may change the company may start the queue.
            self.env.ref("ar_collections_sms.ir_cron_sms_queue").sudo()._trigger()
        return result

    def _ar_make_sms_address(self):
        """Return the address that the gateway sends replies to; its key is shown once, only a hash is kept.

        The caller checked the user's rights. An earlier address ends.
        """
        self.ensure_one()
        key = secrets.token_urlsafe(24)
        self.sudo().ar_sms_inbound_hash = hash_key(key)  # nobody has access to the field
        return f"{self.get_base_url()}/ar_collections/sms/inbound/{key}"

    @api.model
    def _ar_find_by_sms_key(self, key):
        """Return the company whose gateway has this key, empty without one.

        :param key: as it came in a request
        """
        hashed = hash_key(key)
        # sudo: nobody has access to the field; the key is the credential.
        return self.sudo().search([("ar_sms_inbound_hash", "=", hashed)], limit=1) if hashed else self.browse()
