from odoo import models
from odoo.exceptions import MissingError


class IrActionsReport(models.Model):
    """Our reports are refused before they are rendered: an error of access within a template is an error of the server.

    Whoever prints them needs a role in collections: they contain journal items, which salespeople may not read.
    """

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Override of `base` to check the access to the records of our own reports.

        :raise UserError: without a role
        :raise AccessError: where the user may not read one of the records
        :raise MissingError: where one does not exist
        """
        if report.report_name.startswith("ar_collections.") and not self.env.su:
            self.env["ar.access.mixin"]._require("auditor")
            records = self.env[report.model].browse(docids)
            if records.exists() != records:
                raise MissingError(self.env._("This record does not exist any more."))
            records.check_access("read")
        return super()._get_rendering_context(report, docids, data)
