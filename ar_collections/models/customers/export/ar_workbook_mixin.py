import base64
from urllib.parse import quote

from odoo import fields, models
from odoo.exceptions import AccessError

from .ar_list_export_mixin import EXPORT_GROUP


class ArWorkbookMixin(models.AbstractModel):
    """Records that can be downloaded as an Excel workbook. A model says what is in it with `_write_workbook`."""

    _name = "ar.workbook.mixin"
    _description = "Record with a Workbook"

    #: External id of the group that may download it; None: whoever may write the record.
    _export_group = EXPORT_GROUP

    file = fields.Binary(readonly=True, copy=False)
    file_name = fields.Char(readonly=True, copy=False)

    def _write_workbook(self):
        """Return the content of the workbook of one record; each model overrides it.

        :rtype: bytes
        """
        raise NotImplementedError

    def _check_export(self):
        """Check that the user may download the workbook; an override may check a role instead.

        :raise AccessError: where the user may not
        """
        if not self._may_export():
            raise AccessError(self.env._("You are not allowed to export: ask an administrator."))
        self.check_access("write")

    def _may_export(self):
        """Return whether the user has the right to export."""
        return not self._export_group or self.env.user.has_group(self._export_group)

    def action_export(self):
        """Return the action that downloads the workbook, named like the record."""
        self.ensure_one()
        self._check_export()
        record = self.sudo()  # the user was checked; the file holds what the user may read
        record.file = base64.b64encode(self._write_workbook())
        record.file_name = f"{self.display_name}.xlsx".replace("/", "-")
        url = f"/web/content/{self._name}/{self.id}/file?download=true&filename={quote(record.file_name)}"
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}
