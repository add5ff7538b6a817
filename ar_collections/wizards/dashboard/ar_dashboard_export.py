from odoo import api, fields, models

from ...core.change import DAYS, MONEY
from ...core.customers.table import Column
from ...models.customers.export.workbook import WorkbookWriter


class ArDashboardExport(models.TransientModel):
    """The workbook of the dashboard: its figures, the aging, the expected cash and the largest debtors."""

    _name = "ar.dashboard.export"
    _inherit = ["ar.wizard.mixin", "ar.workbook.mixin"]
    _description = "Workbook of the Dashboard"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    period = fields.Char(required=True, readonly=True)

    @api.depends("company_id")
    def _compute_display_name(self):
        for export in self:
            export.display_name = self.env._("Receivables of %(company)s", company=export.company_id.name)

    def _write_workbook(self):
        """Override to write what the user sees."""
        data = self.sudo(False).env["ar.dashboard"]._read_for_workbook(self.company_id, self.period)
        writer = WorkbookWriter(self.env)
        for name, table in (
            (self.env._("Key Figures"), self._get_figures(data)),
            (self.env._("Aging"), self._get_aging(data)),
            (self.env._("Expected Cash"), self._get_cash(data)),
            (self.env._("Largest Debtors"), self._get_debtors(data)),
        ):
            columns, rows = table
            writer.add_table(name, self.display_name, columns, [(self.company_id.currency_id, row) for row in rows])
        return writer.close()

    @api.model
    def _get_figures(self, data):
        """Return (columns, rows); amounts stand in a column of their own, beside days and percentages."""
        columns = [
            Column(self.env._("Figure")),
            Column(self.env._("Amount"), "money"),
            Column(self.env._("Days"), "number", digits=1),
            Column(self.env._("Percent"), "number", digits=1),
        ]
        rows = []
        for figure in data["figures"]:
            place = {MONEY: 1, DAYS: 2}.get(figure["unit"], 3)
            rows.append([figure["label"], *(figure["value"] if number == place else None for number in (1, 2, 3))])
        return columns, rows

    @api.model
    def _get_aging(self, data):
        columns = [Column(self.env._("Age")), Column(self.env._("Amount"), "money", total="sum")]
        rows = list(map(list, zip(data["aging"]["labels"], data["aging"]["amounts"], strict=True)))
        return columns, [*rows, [self.env._("Credits"), data["aging"]["credits"]]]

    @api.model
    def _get_cash(self, data):
        columns = [
            Column(self.env._("Week from"), "date"),
            Column(self.env._("Expected"), "money", total="sum"),
            Column(self.env._("Of Which Agreed"), "money", total="sum"),
        ]
        weeks = data["cash"]["weeks"]
        return columns, [[fields.Datetime.to_datetime(w["first"]), w["expected"], w["agreed"]] for w in weeks]

    @api.model
    def _get_debtors(self, data):
        columns = [
            Column(self.env._("Customer")),
            Column(self.env._("Balance"), "money"),
            Column(self.env._("Overdue"), "money"),
            Column(self.env._("Overdue since"), "date"),
        ]
        return columns, [
            [row["name"], row["balance"], row["overdue"], fields.Datetime.to_datetime(row["oldest_due_date"]) or None]
            for row in data["worst"]
        ]
