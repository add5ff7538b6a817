"""Every report can be downloaded as a workbook, with totals and with the currency of each amount."""

import base64
import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...formats import format_date
from .test_dashboard import DashboardCommon


@tagged("post_install", "-at_install")
class TestReportExports(DashboardCommon):
    """Opens what each menu of the reports opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor.group_ids |= cls.env.ref("base.group_allow_export")

    def _get_reports(self):
        """Return {name of the menu: action} of all reports."""
        menus = self.env["ir.ui.menu"].sudo()
        section = self.env.ref("ar_collections.ar_receivables_reports_menu")
        found = menus.search([("id", "child_of", section.ids), ("action", "!=", False)])
        return {menu.name: menu.action for menu in found}

    def _find_button(self, model, view_type):
        """Return the name of the button that exports, in the view that an auditor sees; ``None`` without one."""
        arch = etree.fromstring(self.env[model].with_user(self.auditor).get_view(view_type=view_type)["arch"])
        names = [button.get("name") for button in arch.iter("button")]
        return next((name for name in names if name.startswith("action_export")), None)

    def _read(self, action):
        """Return the workbook that an action downloads."""
        _web, _content, model, record_id = action["url"].split("/")[1:5]
        record = self.env[model].browse(int(record_id)).sudo()
        self.assertEqual(parse_qs(urlsplit(action["url"]).query)["filename"], [record.file_name])
        return load_workbook(io.BytesIO(base64.b64decode(record.file)))

    def _export(self, model, domain=()):
        """Return the rows of the workbook of a list."""
        records = self.env[model].with_user(self.auditor).with_context(active_domain=list(domain))
        return list(self._read(records.action_export_list()).active.iter_rows())

    def test_each_report_has_a_workbook(self):
        self.company.name = "Smith & Sons #1"
        reports = self._get_reports()
        self.auditor.group_ids |= self.env.ref("ar_collections.ar_collections_group_collector")  # reads all of them
        self.assertGreaterEqual(len(reports), 15)
        self.assertIn("Dispute Analysis", reports)
        for name, action in reports.items():
            with self.subTest(name):
                if action.type == "ir.actions.client":
                    book = self._read(self.dashboard.action_open("workbook", self.company.id))
                    self.assertEqual(len(book.sheetnames), 4)
                    self.assertEqual(book.worksheets[2].cell(book.worksheets[2].max_row, 1).value, "Total")
                elif action.type == "ir.actions.act_window" and "list" in action.view_mode:
                    self.assertEqual(self._find_button(action.res_model, "list"), "action_export_list")
                    rows = self._export(action.res_model)
                    titles = [cell.value for cell in rows[2]]
                    self.assertTrue(titles and all(titles))
                    if action.res_model == "ar.top.debtor":
                        self.assertEqual(rows[0][0].value, "Top Debtors", "the name of the list")
                else:
                    model = action.res_model if "res_model" in action._fields else action.model_id.model
                    self.assertEqual(self._find_button(model, "form"), "action_export")

    def test_a_file_is_for_whoever_made_it(self):
        self._late(4, 300, name="First")
        other = self._user("auditor", login="reads-other-files")
        for action in (
            self.env["ar.top.debtor"].with_user(self.auditor).action_export_list(),
            self.dashboard.action_open("workbook", self.company.id),
        ):
            _web, _content, model, record_id = action["url"].split("/")[1:5]
            export = self.env[model].browse(int(record_id))
            self.assertTrue(export.with_user(self.auditor).file)
            self.assertFalse(self.env[model].with_user(other).search([("id", "=", export.id)]))
            with self.assertRaises(AccessError):
                export.with_user(other).read(["file"])

    def test_workbooks_need_the_right_to_export_as_lists_do(self):
        self.auditor.group_ids -= self.env.ref("base.group_allow_export")
        exports = [lambda: self.dashboard.action_open("workbook", self.company.id)]
        for name in ("ar.aging", "ar.cash.forecast.page"):
            exports.append(self.env[name].with_user(self.auditor).create({}).action_export)
        for export in exports:
            with self.assertRaises(AccessError):
                export()

    def test_amounts_have_their_currency_and_sums(self):
        self._late(4, 300, name="First")
        self._late(9, 200.5, name="Second")
        rows = self._export("ar.top.debtor", [("partner_id.name", "in", ("First", "Second"))])
        titles = [cell.value for cell in rows[2]]
        overdue = titles.index("Overdue")
        cells = [row[overdue] for row in rows[3:]]
        self.assertEqual(sorted(cell.value for cell in cells[:-1]), [200.5, 300])
        self.assertEqual((rows[-1][0].value, cells[-1].value), ("Total", 500.5))
        symbol = self.company.currency_id.symbol
        self.assertTrue(all(symbol in cell.number_format and "#,##0.00" in cell.number_format for cell in cells))
        self.assertEqual(rows[2][overdue].alignment.horizontal, "right")
        oldest = self.env["ar.top.debtor"]._fields["oldest_due_date"].string
        dates = [row[titles.index(oldest)] for row in rows[3:-1]]
        self.assertTrue(all(cell.is_date for cell in dates))

    def test_the_aging_says_of_whom_of_which_day_and_in_which_ranges(self):
        self.company.ar_aging_edges = "15, 30, 45, 60"
        self._late(20, 300, name="First")
        day = self.TODAY - timedelta(days=1)
        aging = self.env["ar.aging.item"].with_context(ar_aging_date=str(day), ar_aging_basis="invoice")
        book = self._read(aging.with_user(self.auditor).action_export_list())
        self.assertEqual(book.sheetnames, ["Aged Receivables"])  # the day would be cut off
        rows = list(book.active.iter_rows(values_only=True))
        for text in (format_date(self.env, day), "by invoice date", self.company.name):
            self.assertIn(text, rows[0][0])
        first = dict(zip(rows[2], rows[3], strict=True))
        self.assertEqual((first["Customer"], first["Total"], rows[3][-1]), ("First", 300, 300))
        self.assertIn("16-30", rows[2])

    def test_currencies_are_not_added_up(self):
        second = self.setup_other_company(name="Second Company", currency_id=self.env.ref("base.JPY").id)["company"]
        self._late(4, 300, name="First")
        self._bill(self.partner, self.TODAY, 9000, company=second)
        self.auditor.company_ids = [Command.set((self.company | second).ids)]
        records = self.env["ar.top.debtor"].with_user(self.auditor)
        records = records.with_context(allowed_company_ids=(self.company | second).ids)
        rows = list(self._read(records.action_export_list()).active.iter_rows(values_only=True))
        names = [row[0] for row in rows if str(row[0]).startswith("Total in ")]
        self.assertEqual(sorted(names), sorted(["Total in JPY", f"Total in {self.company.currency_id.name}"]))

    def test_the_selected_rows(self):
        (first, _invoice), (_second, _other) = self._late(4, 300, name="First"), self._late(9, 200, name="Second")
        self.env.flush_all()
        debtor = self.env["ar.top.debtor"].with_user(self.auditor).search([("customer_id", "=", first.id)])
        rows = list(self._read(debtor.action_export_list()).active.iter_rows(values_only=True))
        self.assertEqual([row[0] for row in rows[3:]], [first.partner_id.display_name, "Total"])

    def test_the_forecast(self):
        self._late(-20, 300, name="Later")
        page = self.env["ar.cash.forecast.page"].with_user(self.auditor).create({})
        weeks, accuracy = self._read(page.action_export()).worksheets
        rows = list(weeks.iter_rows(values_only=True))
        self.assertEqual(rows[-1][0], "Total")
        self.assertEqual(rows[-1][1], page.receivable)
        self.assertEqual(accuracy.cell(3, 4).value, "Deviation")
        self.assertEqual(accuracy.cell(4, 3).value, 0)  # nothing received is a number, too

    def test_who_may_export(self):
        self._late(4, 300, name="First")
        debtors = self.env["ar.top.debtor"].with_user(self.auditor)
        self.assertTrue(debtors.action_export_list())
        self.auditor.group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            debtors.action_export_list()
        salesperson = self._user("salesperson", login="exports-nothing")
        salesperson.group_ids |= self.env.ref("base.group_allow_export")
        for user in (salesperson, self.internal_user):
            with self.assertRaises(AccessError):
                debtors.with_user(user).action_export_list()

    def test_only_lists_with_the_button(self):
        exports = self.env["ar.list.export"].with_user(self.auditor)
        for model in ("res.partner", "no.such.model"):
            with self.assertRaises(AccessError):
                exports.create({"model": model}).action_export()
