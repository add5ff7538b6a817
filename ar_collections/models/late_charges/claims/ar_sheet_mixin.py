from odoo import api, fields, models
from odoo.exceptions import UserError


class ArSheetMixin(models.AbstractModel):
    """Dialogs that make a sheet: shown as it will be, printed as PDF, and downloaded as a workbook.

    A model names the template of the sheet, the report that prints it, and the fields that change it, and says what
    the sheet shows with `_get_sheet_values`.
    """

    _name = "ar.sheet.mixin"
    _inherit = ["ar.wizard.mixin", "ar.workbook.mixin"]
    _description = "Dialog with a Sheet"
    _export_group = None

    #: External ids.
    _sheet_template = None
    _sheet_report = None
    #: Names of the fields on which the sheet depends.
    _sheet_fields = ()

    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends(lambda self: self._sheet_fields)
    def _compute_preview(self):
        for sheet in self:
            sheet.preview = sheet._render_sheet() if sheet._has_preview() else False

    def _has_preview(self):
        """Return whether enough is entered to show the sheet."""
        return True

    def _get_sheet_values(self):
        """Return the values of the template; each model overrides it.

        :raise UserError: where the sheet cannot be made, with the way out
        """
        raise NotImplementedError

    def _render_sheet(self):
        """Return the sheet as HTML; a sentence where it cannot be made."""
        try:
            values = self._get_sheet_values()
        except UserError as error:
            return self.env["ir.qweb"]._render("ar_collections.sheet_error", {"error": str(error)})
        return self.env["ir.qweb"]._render(self._sheet_template, values)

    def action_print(self):
        """Print the sheet.

        :raise UserError: where it cannot be made: a message instead of an empty page
        """
        self.ensure_one()
        self.check_access("write")
        self._get_sheet_values()
        return self.env.ref(self._sheet_report).report_action(self)
