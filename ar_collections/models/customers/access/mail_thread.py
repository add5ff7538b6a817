from odoo import models


class MailThread(models.AbstractModel):
    """Messages on our records take a role: Odoo lets whoever may read a record notify people about it and follow it."""

    _inherit = "mail.thread"

    def _ar_require(self, role):
        """Require a role for records of ours; those of other add-ons are left to Odoo."""
        if isinstance(self, self.env.registry["ar.access.mixin"]):
            self._require(role)

    def message_notify(self, **kwargs):
        """Override of `mail`: it sends mails in the name of the company, which auditors and salespeople do not."""
        self._ar_require("collector")
        return super().message_notify(**kwargs)

    def message_mail_with_source(self, *args, **kwargs):
        """Override of `mail`: as `message_notify`."""
        self._ar_require("collector")
        return super().message_mail_with_source(*args, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Override of `mail`: who follows a record gets its messages, so that it takes a role that may read them."""
        self._ar_require("auditor")
        return super().message_subscribe(partner_ids, subtype_ids)
