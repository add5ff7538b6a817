"""Who owes most, and the share of the receivables that the largest debtors hold."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_ledger import LedgerCommon, RandomLedger


class TestTopDebtors(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="reads-debtors")
        cls.large, cls.late, cls.small = (cls._partner(name=name) for name in ("Large", "Late", "Small"))
        day = date(2026, 4, 1)
        cls._bill(cls.large, day, 500, date(2026, 7, 1))
        cls._bill(cls.large, day, 100, date(2026, 6, 1))
        cls._bill(cls.late, day, 300, date(2026, 5, 1))
        cls._bill(cls.late, day, 50, date(2026, 5, 20))
        cls._bill(cls.small, day, 80, date(2026, 5, 1))
        cls._bill(cls.small, day, 30, move_type="out_refund")

    def _debtors(self, domain=(), **context):
        self.env.invalidate_all()
        with self._on():
            debtors = self.env["ar.top.debtor"].with_user(self.auditor).with_context(**context)
            return debtors.search_fetch(list(domain), list(debtors._fields))

    def _worst(self, **options):
        with self._on():
            return self.env["ar.top.debtor"]._read_overview(self.company, **options)[1]

    def test_the_worst_come_first_with_their_share(self):
        rows = [
            (d.partner_id, d.balance, d.overdue, d.oldest_due_date, d.days_late, d.overdue_rank, d.balance_rank)
            for d in self._debtors()
        ]
        self.assertEqual(
            rows,
            [
                (self.late, 350, 350, date(2026, 5, 1), 40, 1, 2),
                (self.large, 600, 100, date(2026, 6, 1), 9, 2, 1),
                (self.small, 50, 80, date(2026, 5, 1), 40, 3, 3),
            ],
        )

    def test_shares_of_what_is_overdue_add_up_in_the_order_shown(self):
        found = self._debtors()
        self.assertEqual([round(share, 2) for share in found.mapped("share")], [66.04, 18.87, 15.09])
        self.assertEqual([round(share, 2) for share in found.mapped("cumulative_share")], [66.04, 84.91, 100])
        self.assertEqual(found.mapped("credits"), [0, 0, 30])

    def test_what_is_overdue_adds_up_to_the_aging_and_to_the_cards(self):
        with self._on():
            aging = self.as_of._read_aging(self.company, self.TODAY, edges=self.company._ar_aging_edges())
        found = self._debtors()
        self.assertEqual(
            (sum(found.mapped("overdue")), sum(found.mapped("credits"))), (float(aging.overdue), -float(aging.credits))
        )

    def test_top_twenty_are_filters(self):
        self.assertEqual(self._debtors([("balance_rank", "<=", 1)]).partner_id, self.large)
        self.assertEqual(self._debtors([("overdue_rank", "<=", 1)]).partner_id, self.late)

    def test_credits_stand_beside_what_is_overdue_and_without_any_there_are_no_shares(self):
        self._bill(self.late, date(2026, 6, 1), 2000, move_type="out_refund")
        found = {d.partner_id: (d.balance, d.overdue, d.credits) for d in self._debtors()}
        self.assertEqual(found[self.late], (-1650, 350, 2000))
        self.assertEqual(found[self.large], (600, 100, 0))
        with self._on(date(2026, 4, 1)):
            self.env.invalidate_all()
            early = self.env["ar.top.debtor"].with_user(self.auditor).search([])
            self.assertEqual(set(early.mapped("share")), {None})

    def test_the_worst_for_the_dashboard(self):
        customer = self._customer(self.late)
        rows = self._worst(limit=2)
        self.assertEqual(
            rows[0],
            {
                "customer_id": customer.id,
                "partner_id": self.late.id,
                "name": "Late",
                "balance": 350,
                "overdue": 350,
                "credits": 0,
                "oldest_due_date": date(2026, 5, 1),
                "share": rows[0]["share"],
            },
        )
        self.assertAlmostEqual(rows[0]["share"], Decimal(350) * 100 / 530)
        self.assertEqual([row["name"] for row in rows], ["Late", "Large"])
        with self._on(date(2026, 4, 1)):
            self.assertEqual(self.env["ar.top.debtor"]._read_overview(self.company)[1], [], "Nothing is overdue yet.")

    def test_the_aging_beside_the_worst_is_that_of_the_ledger(self):
        with self._on():
            edges = self.company._ar_aging_edges()
            aging, _worst = self.env["ar.top.debtor"]._read_overview(self.company)
            self.assertEqual(aging, self.env["ar.as.of"]._read_aging(self.company, self.TODAY, edges=edges))
            self.assertEqual(aging.overdue, 530)

    def test_it_agrees_with_the_customers_account(self):
        customers = self.env["ar.customer"].union(*(self._customer(p) for p in (self.large, self.late, self.small)))
        facts = self.env["ar.facts"]._gather(customers, self.TODAY)
        for row in self._worst():
            balance = self.env["ar.facts"]._balance_of(facts[row["customer_id"]], self.TODAY)
            self.assertEqual({key: row[key] for key in balance}, balance)

    def test_a_click_opens_the_customer(self):
        account = self._customer(self.late)
        late = self._debtors().filtered(lambda debtor: debtor.partner_id == self.late)
        with self._on():
            self.assertEqual(
                (late.action_open()["res_model"], late.action_open()["res_id"]), ("ar.customer", account.id)
            )

    def test_without_a_customer_a_click_opens_the_items(self):
        invoice = self._bill(self.late, date(2026, 4, 1), 70)
        line = self._receivable(invoice)
        self.env.cr.execute("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", [line.id])
        nobody = self._debtors().filtered(lambda debtor: not debtor.partner_id)
        with self._on():
            action = nobody.action_open()
            items = self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
            self.assertEqual((items.move_id, sum(items.mapped("residual"))), (invoice, nobody.balance))

    @tagged("at_install", "ar_random")
    def test_balances_add_up_to_the_receivables_over_any_history(self):
        ledger = RandomLedger(self, 11)
        day = list(ledger.book_days(10))[-1]
        with self._on(day):
            self.env.invalidate_all()
            debtors = self.env["ar.top.debtor"].with_user(self.auditor).search([])
            total = sum(debtors.mapped("balance"))
        self.assertAlmostEqual(total, float(self.as_of._read_ledger_balance(self.company, day)))

    def test_other_companies_stay_out(self):
        second = self.setup_other_company(name="Second Company")["company"]
        self._bill(self.late, date(2026, 4, 1), 9000, company=second)
        self.auditor.company_ids = [Command.set((self.company | second).ids)]
        self.assertEqual(sum(self._debtors(allowed_company_ids=self.company.ids).mapped("balance")), 1000)
        both = self._debtors(allowed_company_ids=(self.company | second).ids)
        self.assertEqual(sum(both.mapped("balance")), 10000)
        self.assertEqual(both.filtered(lambda d: d.company_id == second).mapped("share"), [100])
        self.assertEqual(sum(row["overdue"] for row in self._worst()), 530)
        with self._on():
            groups = dict(both._read_group([], ["partner_id"], ["share:sum"]))
        self.assertIs(groups[self.late], False, "Shares of two companies are not added up.")
        self.assertEqual(round(groups[self.large], 2), 18.87)

    def test_only_staff_of_receivables_see_it(self):
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.env["ar.top.debtor"].with_user(self.internal_user).search([])

    def test_few_statements_for_any_number_of_customers(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._worst()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for partner in self._partners(15):
            self._bill(partner, date(2026, 4, 1), 10)
        self.assertEqual(count(), few)
