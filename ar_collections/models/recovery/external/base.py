from odoo import models
from odoo.exceptions import UserError

from .external_role import is_external


class Base(models.AbstractModel):
    """External collectors export nothing, of whatever model, although all employees may by default."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Override of `base` to refuse exports by external collectors.

        :raise UserError: for external collectors
        """
        if is_external(self.env):
            raise UserError(self.env._("External collectors cannot export data: ask the company for what you need."))
        return super().export_data(fields_to_export)
