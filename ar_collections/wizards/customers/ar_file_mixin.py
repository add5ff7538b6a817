from odoo import api, models


class ArFileMixin(models.AbstractModel):
    """Rows of a file that Odoo's import reads, loaded as a whole: all of them, or none.

    Odoo would load them by batches, and keep those before a bad row.
    """

    _name = "ar.file.mixin"
    _inherit = ["ar.wizard.mixin"]
    _description = "Row of a File"

    #: Rows of a file. More could take longer than a request may.
    _most_rows = 2_000

    @api.model
    def load(self, fields, data):
        """Override of `base` to load nothing where one of the rows is not accepted."""
        if len(data) > self._most_rows:
            return {"ids": False, "messages": [self._get_too_long()], "nextrow": 0}
        notes = {}
        savepoint = self.env.cr.savepoint()
        loader = self.with_context(_import_limit=None, ar_row_notes=notes)
        result = super(ArFileMixin, loader).load(fields, data)
        result["messages"] += self._check_rows(fields, data, notes, bool(result["messages"]))
        for message in result["messages"]:
            message["type"] = "error"
        if result["messages"]:
            result["ids"] = False
        savepoint.close(rollback=not result["ids"])
        return result

    @api.model
    def _get_too_long(self):
        """Return the message that a file is too long to be loaded as a whole."""
        text = self.env._(
            "The file has more than %(number)s rows: split it into several files.", number=self._most_rows
        )
        return {"type": "error", "message": text}

    @api.model
    def _load_records(self, data_list, update=False):
        """Override of `base` to note what the row of each record says, for `_check_rows`."""
        records = super()._load_records(data_list, update)
        notes = self.env.context.get("ar_row_notes", {})
        for data, entry in zip(data_list, records, strict=True):
            if "rows" in data.get("info", ()):
                notes[data["info"]["rows"]["from"]] = entry._get_row_note()
        return records

    def _get_row_note(self):
        """Return what `_check_rows` needs of this row; the record may be gone by then, as another row is bad."""
        self.ensure_one()
        return None

    @api.model
    def _check_rows(self, fields, data, notes, is_bad):
        """Return a message for each row that is not accepted beside the others, see `_get_row_message`.

        Extension point: whatever is done here is undone where there is any message.

        :param fields, data: as those of `load`
        :param dict notes: {number of a row, from 0: see `_get_row_note`}
        :param bool is_bad: whether a row is not accepted already
        """
        return []

    @api.model
    def _get_row_message(self, number, text, field):
        """Return a message about a row as Odoo's import shows it.

        :param int number: of the row, from 0
        :param str field: the column that is wrong
        """
        return {
            "type": "error", "message": text, "record": number, "rows": {"from": number, "to": number}, "field": field,
        }  # fmt: skip
