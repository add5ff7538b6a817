from odoo import api, models
from odoo.fields import Domain

from ...const import GROUP_AUDITOR

#: Models whose attachments were sent to customers and may hold the access link to the customer's page.
CORRESPONDENCE = ("ar.customer", "ar.communication", "ar.placement")


class IrAttachment(models.Model):
    """Hides attachments of communications from salespeople, because they may hold the link to the customer's page.

    Odoo checks access to the record of an attachment only, which salespeople have.
    """

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Override of `base` to yield records with correspondence as inaccessible for users without a role."""
        if self._hides_correspondence():
            for model in CORRESPONDENCE:
                for res_id in model_and_ids.get(model, ()):
                    yield model, res_id
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        """Override of `base` to leave correspondence out of searches of users without a role."""
        if not bypass_access and self._hides_correspondence():
            domain = Domain(domain) & Domain("res_model", "not in", CORRESPONDENCE)
        return super()._search(domain, *args, bypass_access=bypass_access, **options)

    @api.model
    def _hides_correspondence(self):
        """Return whether the user is internal and has no role in collections (not even auditor)."""
        return not self.env.su and self.env.user._is_internal() and not self.env.user.has_group(GROUP_AUDITOR)
