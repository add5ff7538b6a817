from odoo import api, models
from odoo.fields import Domain

from ...const import GROUP_AUDITOR

#: What hangs on them was sent to a customer: letters, mails and statements may hold the link to the customer's page.
CORRESPONDENCE = ("ar.customer", "ar.communication")


class IrAttachment(models.Model):
    """Salespeople see how their customers stand, not what was sent to them: its link opens the customer's page.

    Odoo asks for a right on the record alone, which salespeople have; the link asks for more, as in the message itself.
    """

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Override of `base` to keep the correspondence to those who work on receivables."""
        if self._hides_correspondence():
            for model in CORRESPONDENCE:
                for res_id in model_and_ids.get(model, ()):
                    yield model, res_id
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        """Override of `base` to leave the correspondence out of what others find."""
        if not bypass_access and self._hides_correspondence():
            domain = Domain(domain) & Domain("res_model", "not in", CORRESPONDENCE)
        return super()._search(domain, *args, bypass_access=bypass_access, **options)

    @api.model
    def _hides_correspondence(self):
        """Tell whether the user is a colleague who has no business with what was sent to customers."""
        return not self.env.su and self.env.user._is_internal() and not self.env.user.has_group(GROUP_AUDITOR)
