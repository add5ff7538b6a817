"""The aging report: its items, sums, workbook, and who may see them."""

import base64
import io
from datetime import date, timedelta

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.models.metrics.ar_aging_item import LATE

from .common_ledger import LedgerCommon, RandomLedger

DAY = date(2026, 6, 10)

COLUMNS = ("not_due", *LATE, "credits")


class TestAging(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="reads-aging")
        cls.partner = cls._partner(name="Patient Payer")
        cls.late = cls._bill(cls.partner, date(2026, 4, 1), 100, date(2026, 5, 1))
        cls.due = cls._bill(cls.partner, date(2026, 6, 1), 50, date(2026, 7, 1))
        cls.credit = cls._bill(cls._partner(name="Another Payer"), date(2026, 6, 2), 30, move_type="out_refund")
        cls._settle(cls.late, date(2026, 6, 9), 20)
        cls._settle(cls.late, DAY + timedelta(days=1))

    def _items(self, day=DAY, **context):
        self.env.invalidate_all()
        context = {"ar_aging_date": str(day), **context}
        return self.env["ar.aging.item"].with_user(self.auditor).with_context(**context).search([])

    def _wizard(self, day=DAY, **values):
        return self.env["ar.aging"].with_user(self.auditor).create({"date": day, **values})

    def test_each_item_stands_in_the_column_of_its_age(self):
        rows = [
            (item.move_id, item.bucket, *(item[name] for name in COLUMNS), item.residual, item.days_late)
            for item in self._items()
        ]
        self.assertCountEqual(
            rows,
            [
                (self.late, "2", 0, 0, 80, 0, 0, 0, 0, 80, 40),
                (self.due, "0", 50, 0, 0, 0, 0, 0, 0, 50, -21),
                (self.credit, "credit", 0, 0, 0, 0, 0, 0, -30, -30, None),
            ],
        )

    def test_days_late_are_those_of_debts_since_their_due_date(self):
        self._bill(self.partner, date(2025, 6, 1), 10, move_type="out_refund")
        for basis in ("due", "invoice"):
            with self.subTest(basis=basis):
                groups = self._items(ar_aging_basis=basis)._read_group([], ["partner_id"], ["days_late:max"])
                days = {partner.name: days for partner, days in groups}
                self.assertEqual(days, {"Patient Payer": 40, "Another Payer": False})

    def test_as_of_another_day_and_from_the_date_of_invoice(self):
        self.assertEqual(sum(self._items(DAY + timedelta(days=1)).mapped("residual")), 20)
        self.assertEqual(sum(self._items(date(2026, 5, 1)).mapped("residual")), 100)
        ages = {item.move_id: item.bucket for item in self._items(ar_aging_basis="invoice")}
        self.assertEqual(ages, {self.late: "3", self.due: "1", self.credit: "credit"})

    def test_without_a_day_it_is_today(self):
        with self._on(date(2026, 5, 1)):
            items = self.env["ar.aging.item"].with_user(self.auditor).search([])
            self.assertEqual(items.mapped("residual"), [100])

    def test_groups_add_up_by_anything(self):
        total = sum(self._items().mapped("residual"))
        for by in ("partner_id", "bucket", "collector_id", "policy_id", "salesperson_id", "country_id", "currency_id"):
            groups = self._items()._read_group([], [by], ["residual:sum"])
            with self.subTest(by=by):
                self.assertAlmostEqual(sum(amount for _key, amount in groups), total)

    def test_a_click_opens_the_invoice(self):
        item = self._items().filtered(lambda item: item.move_id == self.due)
        self.assertEqual(item.action_open()["res_id"], self.due.id)

    def test_the_wizard_ties_out_and_leads_to_its_items(self):
        wizard = self._wizard()
        self.assertRecordValues(
            wizard,
            [{"not_due": 50, "late_1": 0, "late_2": 80, "credits": -30, "total": 100, "ledger_balance": 100}],
        )
        self.assertEqual(wizard.difference, 0)
        action = wizard.action_show()
        self.env.invalidate_all()
        items = self.env["ar.aging.item"].with_user(self.auditor).with_context(**action["context"])
        self.assertEqual(sum(items.search(action["domain"]).mapped("residual")), wizard.total)

    @tagged("at_install", "ar_random")
    def test_it_ties_out_over_any_history(self):
        ledger = RandomLedger(self, 31)
        for day in list(ledger.book_days(8, {**ledger.EVENTS, **ledger.TAKEN_BACK})):
            items = self._items(day)
            self.assertAlmostEqual(sum(sum(items.mapped(name)) for name in COLUMNS), sum(items.mapped("residual")))
            balance = float(self.as_of._read_ledger_balance(self.company, day))
            self.assertAlmostEqual(sum(items.mapped("residual")), balance)

    def test_the_workbook_has_customers_sums_and_items(self):
        self.auditor.group_ids |= self.env.ref("base.group_allow_export")
        wizard = self._wizard()
        wizard.action_export()
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        customers, items = book["Customers"], book["Items"]
        rows = list(customers.iter_rows(min_row=3, values_only=True))
        self.assertEqual(rows[0][1:4], ("Not due", "1-30", "31-60"))
        self.assertEqual([row[0] for row in rows[1:4]], ["Another Payer", "Patient Payer", "Sum"])
        self.assertEqual(rows[2][1:], (50, 0, 80, 0, 0, 0, 0, 130))
        self.assertEqual(rows[3][1:], (50, 0, 80, 0, 0, 0, -30, 100))
        self.assertEqual((rows[5][0].startswith("Ledger balance"), rows[5][8]), (True, 100))
        self.assertEqual(items.max_row, 4)
        days = {row[5]: row[4] for row in items.iter_rows(min_row=2, values_only=True)}
        self.assertEqual(days, {"31-60": 40, "Not due": -21, "Credit": None})

    def test_what_was_paid_to_a_customer_has_no_days_late(self):
        values = {"payment_type": "outbound", "partner_type": "customer", "partner_id": self.partner.id, "amount": 25}
        payment = self.env["account.payment"].create({**values, "date": date(2026, 6, 2), "journal_id": self.bank.id})
        payment.action_post()
        item = self._items().filtered(lambda item: item.move_id == payment.move_id)
        self.assertEqual((item.not_due, item.days_late, item.read(["days_late"])[0]["days_late"]), (25, None, False))
        self.auditor.group_ids |= self.env.ref("base.group_allow_export")
        wizard = self._wizard()
        wizard.action_export()
        items = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))["Items"]
        days = {row[1]: row[4] for row in items.iter_rows(min_row=2, values_only=True)}
        self.assertEqual((days[payment.move_id.name], days[self.due.name]), (None, -21))

    def test_ranges_are_called_by_the_companys_edges(self):
        self.company.ar_aging_edges = "10, 20, 50, 60"
        self.assertEqual(self._wizard().late_3, 80)
        self.assertEqual(self._wizard().label_3, "21-50")
        fields = self._items().fields_get(["bucket", "late_3"])
        self.assertEqual((fields["late_3"]["string"], dict(fields["bucket"]["selection"])["5"]), ("21-50", "60+"))

    def test_other_companies_stay_out(self):
        second = self.setup_other_company(name="Second Company")["company"]
        foreign = self._bill(self.partner, date(2026, 6, 1), 900, company=second)
        self.assertNotIn(foreign, self._items().move_id)
        both = [Command.set((self.company | second).ids)]
        self.auditor.company_ids = both
        selected = self._items(allowed_company_ids=self.company.ids)
        self.assertNotIn(foreign, selected.move_id, "Not chosen in the company switcher.")
        seen = self._items(allowed_company_ids=(self.company | second).ids)
        self.assertIn(foreign, seen.move_id)

    def test_a_customer_of_another_company_is_in_the_workbook_with_the_decimals_of_the_currency(self):
        self.auditor.group_ids |= self.env.ref("base.group_allow_export")
        yen = self.setup_other_currency("JPY", rounding=1.0)
        self._bill(self.partner, date(2026, 6, 2), 900, currency_id=yen.id)
        self.env.flush_all()
        second = self.env["res.company"].create({"name": "Second Company"})
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [second.id, self.partner.id])
        self.env.invalidate_all()
        wizard = self._wizard()
        wizard.action_export()
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        self.assertIn("Patient Payer", [row[0] for row in book["Customers"].iter_rows(values_only=True)])
        formats = {row[6].value: row[7].number_format for row in book["Items"].iter_rows(min_row=2)}
        self.assertEqual(formats, {"JPY": "#,##0", self.company.currency_id.name: "#,##0.00"})

    def test_totals_of_other_companies_are_refused_before_saving_too(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        wizard = self.env["ar.aging"].with_user(self.auditor)
        spec = {"total": {}, "ledger_balance": {}, "company_id": {}, "date": {}}
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                wizard.onchange({"company_id": second.id, "date": "2026-06-10"}, ["company_id"], spec)
            with self.assertRaises(AccessError):
                wizard.create({"company_id": second.id, "date": "2026-06-10"})

    def test_branches_that_settle_for_each_other_are_distinguished(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.auditor.company_ids = [Command.link(branch.id)]
        self.partner.with_company(branch).property_account_receivable_id = self._receivable(self.due).account_id
        invoice = self._bill(self.partner, date(2026, 6, 3), 70, company=branch)
        line = self._receivable(invoice)
        paid = self._entry(self._receivable(self.due), date(2026, 6, 4), 70)
        (line | paid).with_context(allowed_company_ids=(self.company | branch).ids).reconcile()
        wizard = self._wizard()
        self.assertEqual((wizard.total, wizard.ledger_balance, wizard.difference), (100, 30, -70))
        both = wizard.with_context(allowed_company_ids=(self.company | branch).ids)
        other = both.create({"company_id": branch.id, "date": DAY})
        self.assertEqual((other.total, other.ledger_balance, other.difference), (0, 70, 70))
