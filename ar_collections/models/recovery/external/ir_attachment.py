from odoo import models

from .external_role import is_external


class IrAttachment(models.Model):
    """Files on contacts, such as contracts, are not for external collectors, who may read how to reach the contact."""

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Override of `base`: files on contacts are closed, although the contact is readable."""
        if is_external(self.env):
            for res_id in model_and_ids.get("res.partner", ()):
                yield "res.partner", res_id
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
