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
            title = self.env[export.model]._get_export_title() if export._has_workbook() else export.model
            export.display_name = title

    def _has_workbook(self):
        """Return whether the model is one whose lists have a workbook."""
        return self.model in self.env and isinstance(self.env[self.model], self.env.registry["ar.list.export.mixin"])

    def _may_export(self):
        """Override to export lists with a workbook only."""
        return self._has_workbook() and super()._may_export()

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
        writer.add_table(model._get_export_name(), self.display_name, columns, self._get_rows(records, shown))
        return writer.close()

    @api.model
    def _get_shown_fields(self, records):
        """Return [(field, Column)] of the fields that the list of the model shows before a user adds some.

        They are called as in the list: the model's own names count, such as those of a company's aging buckets.
        """
        nodes = list(etree.fromstring(records.get_view(view_type="list")["arch"]).iterfind("field"))
        described, shown = records.fields_get([node.get("name") for node in nodes], ["string"]), []
        for node in nodes:
            field = records._fields[node.get("name")]
            if not _is_shown(node) or field.type in UNSHOWN:
                continue
            total = "sum" if node.get("sum") else "average" if node.get("avg") else ""
            title = node.get("string") or described[field.name]["string"]
            shown.append((field, Column(title, KINDS.get(field.type, "text"), _get_digits(node), total)))
        return shown

    @api.model
    def _get_rows(self, records, shown):
        """Return (currency, cells) of each record."""
        money = next((field for field, column in shown if column.kind == "money"), None)
        currency_field = money and money.get_currency_field(records)
        names = [field.name for field, _column in shown if field.type == "selection"]
        described = records.fields_get(names, ["selection"]) if names else {}
        selections = {records._fields[name]: dict(texts["selection"]) for name, texts in described.items()}
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
        # sudo: as lists show the names of what the user may not open, such as a customer of another company.
        return ", ".join(value.sudo().mapped("display_name")) if field.relational else str(value)


def _is_shown(node):
    """Return whether a column of a list is in its workbook.

    One that is hidden under a condition only, because the list is grouped by it, is in the rows of the workbook.
    """
    hidden = node.get("column_invisible")
    return hidden not in ("1", "True") and (bool(hidden) or node.get("optional") != "hide")


def _get_digits(node):
    """Return the number of decimals that a column of a list shows."""
    digits = (node.get("digits") or "").strip("[] ").split(",")
    return int(digits[-1]) if digits[-1].strip().isdigit() else 2
