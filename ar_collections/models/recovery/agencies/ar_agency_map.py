from odoo import models

from ....const import PACK_COLUMNS


class ArAgencyMap(models.Model):
    """The names of fields that an agency expects in the files of a hand-over."""

    _inherit = "ar.agency"

    def _map_fields(self, file, values):
        """Return the values under the agency's names and in its order; all under ours where it has none for the file.

        :param str file: see ``const.PACK_FILES``
        :param dict values: {our field: value}
        """
        self.ensure_one()
        rows = self._get_fields_of(file)
        return {row.target: values.get(row.source, "") for row in rows} if rows else values

    def _get_columns(self, file):
        """Return the names of the columns of a file."""
        self.ensure_one()
        return self._get_fields_of(file).mapped("target") or list(PACK_COLUMNS[file])

    def _get_fields_of(self, file):
        return self.field_ids.filtered(lambda row: row.file == file).sorted(lambda row: (row.sequence, row.id))
