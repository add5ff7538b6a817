"""The cash forecast on the screen: weeks, items, forecast accuracy, and who may see them."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..metrics.common_ledger import RandomLedger
from .common_forecast import ForecastCommon


class TestReport(ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="reads-forecast")
        cls.customer = cls._customer(cls.partner)

    def _items(self, user=None, **context):
        self.env.invalidate_all()
        return self.env["ar.cash.forecast.item"].with_user(user or self.auditor).with_context(**context)

    def _page(self, user=None):
        with self._on():
            action = self.env["ar.cash.forecast.page"].with_user(user or self.auditor)._get_page_action()
        return self.env[action["res_model"]].with_user(user or self.auditor).browse(action["res_id"])

    def test_each_part_is_an_item_with_its_week_and_its_reason(self):
        invoice = self._open(due=5, amount=300)
        with self._on():
            self.customer._promise(self._day(12), {self._debt(invoice).id: Decimal(100)})
            self._open(due=400, amount=10)
            items = self._items().search([])
            rows = [(i.move_id == invoice, i.period, i.kind, i.expected_on, i.shift_days, i.amount) for i in items]
        self.assertEqual(
            rows,
            [
                (True, "02", "behavior", self._day(5), 0, 200),
                (True, "03", "promise", self._day(12), 7, 100),
                (False, "90", "behavior", self._day(400), 0, 10),
            ],
        )
        self.assertEqual((items.customer_id, items.collector_id), (self.customer, self.collector))

    def test_a_page_has_the_accounts_of_its_rows(self):
        invoice = self._open(due=5, amount=300)
        self._open(due=6, amount=200)
        names = ["customer_id", "collector_id", "policy_id"]
        with self._on():
            every = self._items().search_fetch([], names)
            rows = [(item.id, item.customer_id, item.collector_id, item.policy_id) for item in every]
            page = self._items().search_fetch([("collector_id", "=", self.collector.id)], names, limit=2)
            page_rows = [(item.id, item.customer_id, item.collector_id, item.policy_id) for item in page]
            first = self._items().search_fetch([], names, limit=1, order="collector_id, id")
            self.assertEqual(first.move_id, invoice)
        self.assertEqual(page_rows, rows)
        self.assertEqual(page.customer_id, self.customer)

    def test_what_is_not_expected_has_no_day(self):
        self._open(due=5, amount=300, move_type="out_refund")
        with self._on():
            item = self._items().search([])
        self.assertEqual((item.period, item.kind, item.expected_on, item.shift_days, item.amount),
                         ("92", "credit", False, 0, -300))  # fmt: skip

    @tagged("at_install", "ar_random")
    def test_groups_add_up_by_anything_and_agree_with_the_weeks(self):
        ledger = RandomLedger(self, 3)
        day = list(ledger.book_days(10))[-1]
        with self._on(day):
            weeks = self._read(day)
            for by in ("period", "partner_id", "collector_id", "kind", "policy_id", "company_id", "expected_on:week"):
                groups = self._items()._read_group([], [by], ["amount:sum"])
                self.assertAlmostEqual(sum(amount for _key, amount in groups), float(weeks.receivable), 2, by)
            by_week = dict(self._items()._read_group([], ["period"], ["amount:sum"]))
        for number, week in enumerate(weeks.weeks, 1):
            self.assertAlmostEqual(by_week.get(f"{number:02}", 0), float(week.expected))
        self.assertAlmostEqual(by_week.get("90", 0), float(weeks.later))

    def test_a_click_opens_the_invoice_behind_any_part(self):
        invoice = self._open(due=5, amount=300)
        with self._on():
            self.customer._promise(self._day(12), {self._debt(invoice).id: Decimal(100)})
            items = self._items().search([])
            self.assertEqual(len(items), 2)
            for item in items:
                self.env.invalidate_all()
                self.assertEqual(item.action_open()["res_id"], invoice.id)

    def test_weeks_are_called_by_their_first_day(self):
        with self._on():
            fields = self._items().fields_get(["period"])
        names = dict(fields["period"]["selection"])
        self.assertEqual(
            [names[code] for code in ("01", "02", "13", "90")],
            ["From 06/10/2026", "From 06/15/2026", "From 08/31/2026", "Later"],
        )

    def test_the_page_adds_up_to_the_receivables(self):
        self._open(due=2, amount=300)
        self._open(due=300, amount=50)
        self._open(due=0, amount=20, partner=self._partner(name="Another Payer"), move_type="out_refund")
        page = self._page()
        self.assertRecordValues(page, [{"expected": 300, "receivable": 330, "company_id": self.company.id}])
        rows = [(line.code, line.expected, line.cumulative) for line in page.line_ids if line.expected]
        self.assertEqual(rows, [("01", 300, 300), ("90", 50, 350), ("92", -20, 330)])
        self.assertEqual(len(page.line_ids), 15)

    def test_each_row_leads_to_its_items(self):
        self._open(due=2, amount=300)
        self._open(due=300, amount=50)
        page = self._page()
        with self._on():
            for line in page.line_ids:
                action = line.action_show()
                self.assertEqual(sum(self._items().search(action["domain"]).mapped("amount")), line.expected)
            everything = page.action_show_items()
            self.assertEqual(sum(self._items().search(everything["domain"]).mapped("amount")), page.receivable)
            self.assertEqual((page.action_show_graph()["domain"], page.action_show_graph()["views"][0][1]),
                             (everything["domain"], "graph"))  # fmt: skip

    def test_the_forecast_accuracy_is_on_the_page(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 400, date(2026, 5, 12))
        self._settle(invoice, date(2026, 5, 15), 300)
        self._settle(invoice, date(2026, 5, 20), 150 - 50)
        page = self._page()
        self.assertEqual(page.accuracy_text.replace("\N{NO-BREAK SPACE}", " "), "$ 400.00 of $ 400.00 (0.0 %)")
        rows = [(line.expected, line.received, line.deviation) for line in page.check_ids]
        nothing = (0, 0, "not available")
        self.assertEqual(
            rows, [(400, 300, "-25.0 %"), (0, 100, "not available"), nothing, nothing, (400, 400, "0.0 %")]
        )

    def test_empty_ledger(self):
        self.assertEqual(self._page().accuracy_text, "not available")
        self.assertEqual((self._page().receivable, set(self._page().line_ids.mapped("expected"))), (0, {0}))
        self.assertFalse(self._items().search([]))

    def test_other_companies_stay_out(self):
        second = self.setup_other_company(name="Second Company")["company"]
        mine = self._open(due=2)
        foreign = self._open(due=2, amount=900, company=second)
        with self._on():
            self.assertEqual(self._items().search([]).move_id, mine)
            self.auditor.company_ids = [Command.set((self.company | second).ids)]
            self.assertEqual(self._items(allowed_company_ids=self.company.ids).search([]).move_id, mine)
            both = self._items(allowed_company_ids=(second | self.company).ids)
            self.assertEqual(both.search([]).move_id, mine | foreign)
            self.assertEqual(self._page().receivable, 100)

    def test_the_forecast_of_other_companies_is_refused(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.env["ar.cash.forecast.page"].with_user(self.auditor).create({"company_id": second.id})
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self._page(self.internal_user)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self._items(self.internal_user).search([])
