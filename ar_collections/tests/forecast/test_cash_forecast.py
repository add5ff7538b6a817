"""When receivables are expected as cash: the SQL follows the rules of the core, and the parts add up to the ledger."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from odoo.addons.ar_collections.core.forecast import cash_forecast as rules

from ..metrics.common_ledger import RandomLedger
from .common_forecast import ForecastCommon

MONEY = ("bank", "cash", "credit")


class TestRules(ForecastCommon):
    """One rule at a time."""

    def test_without_any_history_it_is_the_due_date(self):
        self._open(due=0, amount=10)
        self._open(due=5, amount=20)
        self._open(due=200, amount=30)
        found = self._read()
        self.assertEqual([week.expected for week in found.weeks[:3]], [10, 20, 0])
        self.assertEqual((found.later, found.receivable, found.expected), (30, 60, 30))

    def test_the_customers_own_delay_is_weighted_by_amount(self):
        for late, amount in ((2, 100), (2, 100), (11, 700)):
            self._paid(late, amount)
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 10, 100)])

    def test_who_pays_early_is_expected_early(self):
        for _number in range(3):
            self._paid(-4)
        self._open(due=9)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 5, 100)])

    def test_too_little_history_takes_the_companys_payment_behavior(self):
        other = self._partner(name="Another Payer")
        for _number in range(3):
            self._paid(6, partner=other)
        self._paid(30, amount=200)
        self._paid(30, amount=100)
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 19, 100)], "(3 x 6 x 100 + 30 x 300) / 600 = 18")

    def test_each_part_paid_counts_with_its_own_day(self):
        invoice = self._bill(self.partner, self._day(-90), 300, self._day(-60))
        for late in (0, 10, 20):
            self._settle(invoice, self._day(-60 + late), 100)
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 11, 100)])

    def test_one_invoice_in_installments_is_no_payment_behavior(self):
        other = self._partner(name="Another Payer")
        for _number in range(3):
            self._paid(6, partner=other)
        thrice = [
            {"value": "percent", "value_amount": part, "nb_days": days} for part, days in ((50, 0), (30, 9), (20, 18))
        ]
        term = self.env["account.payment.term"].create({"name": "Thrice", "line_ids": [*map(Command.create, thrice)]})
        lines = self._receivable(self._open(due=0, amount=300, invoice_payment_term_id=term.id))
        self.assertEqual(len(lines), 3)
        for line in lines:
            paid = self._entry(line, line.date_maturity + timedelta(days=20), line.amount_residual)
            (line | paid).reconcile()
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 14, 100)], "(3 x 6 x 100 + 3 x 20 x 100) / 600 = 13")

    def test_what_is_longer_ago_than_a_year_is_forgotten(self):
        for _number in range(3):
            self._paid(10, ago=380)
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 1, 100)])

    def test_credit_notes_and_write_offs_are_no_payments(self):
        loss = self.company_data["default_account_expense"]
        for _number in range(3):
            invoice = self._bill(self.partner, self._day(-90), 100, self._day(-60))
            note = self._bill(self.partner, self._day(-50), 40, move_type="out_refund")
            (self._receivable(invoice) | self._receivable(note)).reconcile()
            entry = self._entry(self._receivable(invoice), self._day(-40), 60, loss, post=False)
            entry.move_id.journal_id = self.company_data["default_journal_misc"]
            entry.move_id.action_post()
            (self._receivable(invoice) | entry).reconcile()
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 1, 100)])

    def test_what_a_payment_writes_off_has_no_weight(self):
        """100 in time, 100 in time, and 50 of 100 a month late: (30 x 50) / 250 = 6."""
        for _number in range(2):
            self._paid(0)
        invoice = self._bill(self.partner, self._day(-90), 100, self._day(-60))
        self._pay_and_write_off(invoice, 50, self._day(-30))
        self.assertEqual(invoice.amount_residual, 0)
        self._open(due=1)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 7, 100)])

    def test_what_is_late_by_its_own_measure_stays_away_as_long_again(self):
        for _number in range(3):
            self._paid(10)
        for due, amount in ((-10, 1), (-11, 2), (-40, 3)):
            self._open(due, amount)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 0, 1), (rules.BEHAVIOR, 1, 2), (rules.BEHAVIOR, 30, 3)])

    def test_contacts_pay_with_their_company(self):
        child = self._partner(name="Accounting", parent_id=self.partner.id, is_company=False)
        for payer in (child, self.partner, child):
            self._paid(7, partner=payer)
        self._open(due=0, partner=child)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 7, 100)])

    def test_credits_are_set_against_the_oldest_items_first(self):
        self._open(due=3, amount=30)
        self._open(due=10, amount=30)
        self._open(due=17, amount=30)
        note = self._open(due=0, amount=40, move_type="out_refund")
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 10, 20), (rules.BEHAVIOR, 17, 30)])
        self._entry(self._receivable(note), self._day(0), 70)
        self.assertEqual(self._parts(), [(rules.CREDIT, None, -20)])
        found = self._read()
        self.assertEqual((found.expected, found.credits, found.receivable), (0, -20, -20))

    def test_credits_of_another_customer_or_currency_stay_apart(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 2.0)])
        self._open(due=3)
        self._open(due=3, amount=50, partner=self._partner(name="Another Payer"), move_type="out_refund")
        self._open(due=3, amount=50, currency_id=pounds.id, move_type="out_refund")
        self.assertEqual(
            self._parts(), [(rules.BEHAVIOR, 3, 100), (rules.CREDIT, None, -50), (rules.CREDIT, None, -25)]
        )

    def test_a_foreign_item_counts_at_its_booked_rate(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 4.0)])
        self._open(due=3, currency_id=pounds.id)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 3, 25)])

    def test_an_item_without_customer_has_the_companys_payment_behavior(self):
        for _number in range(3):
            self._paid(6)
        line = self._receivable(self._open(due=1))
        self.env.cr.execute("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", [line.id])
        line.invalidate_recordset()
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 7, 100)])


class TestHistories(ForecastCommon):
    """Random ledgers: every day of them adds up, and the SQL gives what the rules give."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rates = [("1900-01-01", 1.0), ("2026-01-01", 2.0), ("2026-02-15", 3.17), ("2026-04-01", 1.61)]
        cls.foreign = cls.setup_other_currency("GBP", rates=rates)

    def _delays(self, day):
        """Return ({customer: usual delay}, the company's) as the rules count them, item by item."""
        last = rules.monday_of(day) - timedelta(days=1)
        paid = defaultdict(list)
        items = self.env["account.move.line"].search([
            ("company_id", "=", self.company.id), ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("journal_id.type", "not in", MONEY),
        ])  # fmt: skip
        for item in items:
            for partial in item.matched_credit_ids:
                other = partial.credit_move_id
                if partial.max_date <= last and other.parent_state == "posted" and other.journal_id.type in MONEY:
                    days = (partial.max_date - (item.date_maturity or item.date)).days
                    amount = Decimal(str(partial.amount))
                    paid[item.partner_id.commercial_partner_id.id].append((item.move_id, amount, days))
        everything = [part[1:] for parts in paid.values() for part in parts if part[1]]
        enough = {
            key: rules.usual_delay(part[1:] for part in parts)
            for key, parts in paid.items()
            if len({part[0] for part in parts}) >= rules.ENOUGH_INVOICES
        }
        return enough, rules.usual_delay(everything) if everything else 0

    def _expect(self, day):
        """Return the forecast, with the rules applied customer by customer."""
        delays, common = self._delays(day)
        accounts = defaultdict(lambda: ([], []))
        for item in self.as_of._read_items(self.company, day):
            accounts[item.customer_partner_id, item.currency_id][item.residual < 0].append(item)
        parts = []
        for (partner, _currency), (debts, credits) in accounts.items():
            owed, given = ([abs(item.residual) for item in items] for items in (debts, credits))
            shift = timedelta(days=delays.get(partner, common))
            for item, covered in zip(debts, rules.cover(owed, sum(given)), strict=True):
                parts += rules.split(item.residual, covered, [], Decimal(0), item.due_date + shift, day)
            used = rules.cover(given, sum(owed))
            parts += [
                rules.ForecastPart(rules.CREDIT, None, covered - amount)
                for amount, covered in zip(given, used, strict=True)
            ]
        return rules.add_up(parts, day)

    @tagged("at_install", "ar_random")
    def test_every_day_adds_up_and_follows_the_rules(self):
        for seed in range(3):
            with self.subTest(seed=seed):
                ledger = RandomLedger(self, seed, currencies=[self.foreign])
                days = list(ledger.book_days(9, {**ledger.EVENTS, **ledger.TAKEN_BACK}))
                for day in [days[0] - timedelta(days=1), *days, days[-1] + timedelta(days=40)]:
                    found = self._read(day)
                    balance = self.as_of._read_ledger_balance(self.company, day)
                    total = found.expected + found.later + found.not_expected + found.credits
                    self.assertEqual((total, found.receivable), (balance, balance))
                    self.assertEqual(found, self._expect(day), day)

    @tagged("at_install", "ar_random")
    def test_it_adds_up_with_promises_and_disputes_whatever_happens_next(self):
        ledger = RandomLedger(self, 13, currencies=[self.foreign])
        reason = self.env["ar.dispute.reason"].create({"name": "Test"})
        day = list(ledger.book_days(8, {"bill": 8, "pay": 2, "prepay": 1}))[-1]
        items = self._receivable(ledger.invoices).filtered(lambda line: line.amount_residual_currency > 1)
        self.assertGreater(len(items), 3)
        with self._on(day):
            for number, item in enumerate(items):
                customer = self._customer(item.partner_id.commercial_partner_id)
                request = {item.id: Decimal(str(item.currency_id.round(item.amount_residual_currency / 2)))}
                if number % 3:
                    customer._promise(day + timedelta(days=20), request, bound=False)
                if not number % 2:
                    self.env["ar.dispute"]._raise_dispute(customer, reason, request, "Wrong")
        self.assertGreater(self._read(day).not_expected, 0)
        self.assertGreater(sum(week.agreed for week in self._read(day).weeks), 0)
        for later in [day, *ledger.book_days(6, {**ledger.EVENTS, **ledger.TAKEN_BACK})]:
            balance = self.as_of._read_ledger_balance(self.company, later)
            self.assertEqual(self._read(later).receivable, balance)
            for kind, _offset, amount in self._parts(later):
                self.assertEqual(amount > 0, kind != rules.CREDIT)

    @tagged("at_install", "ar_random")
    def test_yesterday_is_the_same_when_read_tomorrow(self):
        ledger = RandomLedger(self, 7, currencies=[self.foreign])
        seen = {day: self._read(day) for day in ledger.book_days(10)}
        self.assertGreater(len([day for day in seen if seen[day].expected]), 6)
        for day, found in seen.items():
            self.assertEqual(self._read(day), found, day)

    @tagged("at_install", "ar_random")
    def test_companies_never_mix(self):
        second = self.setup_other_company(name="Second Company")["company"]
        ledgers = [RandomLedger(self, 21), RandomLedger(self, 22, second)]
        days = [day for ledger in ledgers for day in ledger.book_days(6)]
        for day in (sorted(days)[5], max(days)):
            for company in (self.company, second):
                balance = self.as_of._read_ledger_balance(company, day)
                self.assertEqual(self._read(day, company).receivable, balance)

    def test_an_empty_ledger(self):
        empty = self.env["res.company"].create({"name": "Empty"})
        self.assertEqual(self._read(company=empty), rules.add_up([], self.TODAY))


class TestRounding(ForecastCommon):
    def test_the_delay_is_rounded_as_in_the_rules(self):
        """Half a day after, and half a day before: rounded away from zero, in the SQL as in the rules."""
        for late, expected in (((1, 2), 2), ((-1, -2), -2)):
            self.assertEqual(rules.usual_delay((Decimal(100), days) for days in late), expected)
            partner = self._partner(name=f"Payer {expected}")
            for days in (*late, *late):
                self._paid(days, partner=partner)
            query = self.behavior._select_from_books(self.company, rules.monday_of(self.TODAY))
            self.env.flush_all()
            self.assertIn((partner.id, expected, 4), self.env.execute_query(query))
