from odoo import models


class ArThreadMixin(models.AbstractModel):
    """Threads of our records: to write to others and to follow takes a role.

    Odoo lets whoever may read a record notify people about it and follow it.
    """

    _name = "ar.thread.mixin"
    _inherit = ["ar.access.mixin", "mail.thread"]
    _description = "Thread under Roles"

    def message_notify(self, **kwargs):
        """Override of `mail`: it sends mails in the name of the company, which auditors and salespeople do not."""
        self._require("collector")
        return super().message_notify(**kwargs)

    def message_mail_with_source(self, *args, **kwargs):
        """Override of `mail`: as `message_notify`."""
        self._require("collector")
        return super().message_mail_with_source(*args, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Override of `mail`: who follows a record gets its messages, so that it takes a role that may read them."""
        self._require("auditor")
        return super().message_subscribe(partner_ids, subtype_ids)
