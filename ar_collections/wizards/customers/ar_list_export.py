from lxml import etree

from odoo import api, fields, models

from ...core.customers.table import Column
from ...models.customers.export.workbook import MOST_ROWS, WorkbookWriter

#: Types of fields and the kinds of their columns; those of others are texts.
KINDS = {"monetary": "money", "float": "number", "integer": "integer", "date": "date", "datetime": "datetime"}

#: Types of fields that cannot be shown in a cell.
UNSHOWN = frozenset(("binary", "html", "json", "one2many", "properties", "reference"))


class ArListExport(models.TransientModel):
    """The workbook of a list: the columns that it shows at first, the rows of a filter, and its totals."""

    _name = "ar.list.export"
    _inherit = ["ar.wizard.mixin", "ar.workbook.mixin"]
    _description = "Workbook of a List"

    model = fields.Char(required=True, readonly=True)
    domain = fields.Json(readonly=True)

    @api.depends("model")
    def _compute_display_name(self):
        for export in self:
            models_sudo = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
            export.display_name = models_sudo.browse(models_sudo._get_id(export.model)).name

    def _may_export(self):
        """Override to export lists with a workbook only."""
        has_workbook = self.model in self.env and isinstance(
            self.env[self.model], self.env.registry["ar.list.export.mixin"]
        )
        return has_workbook and super()._may_export()

    def _write_workbook(self):
        """Override to write the list; it holds what the user may read, not what this record may."""
        model = self.sudo(False).env[self.model]
        shown = self._get_shown_fields(model)
        # All columns with the rows: reading a report later computes it once more for each batch.
        names = dict.fromkeys(field.name for field, _column in shown)
        names |= dict.fromkeys(f.get_currency_field(model) for f, column in shown if column.kind == "money")
        records = model.search_fetch(self.domain or [], [name for name in names if name], limit=MOST_ROWS)
        writer = WorkbookWriter(self.env)
        columns = [column for _field, column in shown]
        writer.add_table(self.display_name, self.display_name, columns, self._get_rows(records, shown))
        return writer.close()

    @api.model
    def _get_shown_fields(self, records):
        """Return [(field, Column)] of the fields that the list of the model shows before a user adds some."""
        shown = []
        for node in etree.fromstring(records.get_view(view_type="list")["arch"]).iterfind("field"):
            field = records._fields[node.get("name")]
            if node.get("column_invisible") or node.get("optional") == "hide" or field.type in UNSHOWN:
                continue
            total = "sum" if node.get("sum") else "average" if node.get("avg") else ""
            title = node.get("string") or field._description_string(self.env)
            shown.append((field, Column(title, KINDS.get(field.type, "text"), _get_digits(node), total)))
        return shown

    @api.model
    def _get_rows(self, records, shown):
        """Return (currency, cells) of each record."""
        money = next((field for field, column in shown if column.kind == "money"), None)
        currency_field = money and money.get_currency_field(records)
        selections = {
            field: dict(field._description_selection(self.env)) for field, _column in shown if field.type == "selection"
        }
        return [
            (
                record[currency_field] if currency_field else None,
                [self._get_cell(record, field, selections.get(field)) for field, _column in shown],
            )
            for record in records
        ]

    @api.model
    def _get_cell(self, record, field, selection):
        """Return what stands in a cell, ``None`` for an empty one."""
        value = record[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else None
        if field.type in ("integer", "float", "monetary"):
            return value
        if not value:
            return None
        if field.type == "selection":
            return selection.get(value, value)
        if field.type == "datetime":
            return fields.Datetime.context_timestamp(record, value).replace(tzinfo=None)
        if field.type == "date":
            return fields.Datetime.to_datetime(value)
        return ", ".join(value.mapped("display_name")) if field.relational else str(value)


def _get_digits(node):
    """Return the number of decimals that a column of a list shows."""
    digits = (node.get("digits") or "").strip("[] ").split(",")
    return int(digits[-1]) if digits[-1].strip().isdigit() else 2
