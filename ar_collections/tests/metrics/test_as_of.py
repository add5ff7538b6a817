"""Open items as of any day tie out to the ledger, whatever was booked since."""

from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.ar_collections.core.customers.aging import BY_INVOICE_DATE, age
from odoo.addons.ar_collections.models.customers.ledger.ar_as_of import DIMENSIONS

from .common_ledger import LedgerCommon, RandomLedger

JANUARY = date(2026, 1, 10)


def month(number, day=10):
    return date(2026, number, day)


class TestHistories(LedgerCommon):
    """Random histories, one seed each: booked day by day and then read as of each day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rates = [("1900-01-01", 1.0), ("2026-01-01", 2.0), ("2026-02-15", 3.17), ("2026-04-01", 1.61)]
        cls.foreign = cls.setup_other_currency("GBP", rates=rates)

    def _forward(self, company, day):
        """Return {line id: (own, booked)} counted from the postings on: the long way, without residuals."""
        lines = self._receivable(self.env["account.move"].search([("company_id", "=", company.id)]))
        found = {}
        for line in lines.filtered(lambda line: line.parent_state == "posted" and line.date <= day):
            own, booked = Decimal(str(line.amount_currency)), Decimal(str(line.balance))
            for partial in line.matched_credit_ids | line.matched_debit_ids:
                debit = partial.debit_move_id == line
                other = partial.credit_move_id if debit else partial.debit_move_id
                if partial.max_date <= day and other.parent_state == "posted":
                    amount = partial.debit_amount_currency if debit else -partial.credit_amount_currency
                    own -= Decimal(str(amount))
                    booked -= Decimal(str(partial.amount)) * (1 if debit else -1)
            if round(own, 2) or round(booked, 2):
                found[line.id] = (round(own, 2), round(booked, 2))
        return found

    def _balance(self, company, day):
        """Return the ledger's balance as Odoo itself adds it up."""
        domain = [
            ("account_id.account_type", "=", "asset_receivable"),
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
        ]
        ((balance,),) = self.env["account.move.line"]._read_group(domain, [], ["balance:sum"])
        return round(Decimal(str(balance or 0)), 2)

    def _assert_ties_out(self, company, day):
        items = self.as_of._read_items(company, day)
        balance = self._balance(company, day)
        self.assertEqual(sum(item.residual for item in items), balance)
        self.assertEqual(self.as_of._read_ledger_balance(company, day), balance)
        self.assertEqual(self.as_of._read_aging(company, day).total, balance)
        found = {item.line_id: (round(item.residual_currency, 2), round(item.residual, 2)) for item in items}
        self.assertEqual(found, self._forward(company, day))

    def _assert_adds_up(self, company, day):
        """Whatever the items are grouped by, they are the same items."""
        items = self.as_of._read_items(company, day)
        total = self.as_of._read_aging(company, day)
        for by in DIMENSIONS:
            found = self.as_of._read_aging(company, day, by=by)
            self.assertEqual(sum(aging.total for aging in found.values()), total.total, by)
        debts = [(item.due_date, item.residual) for item in items if item.is_debt]
        self.assertEqual(total.buckets, age(debts, day))
        self.assertEqual(total.credits, sum(item.residual for item in items if not item.is_debt))

    @tagged("at_install", "ar_random")
    def test_every_day_ties_out_to_the_cent(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                ledger = RandomLedger(self, seed, currencies=[self.foreign])
                days = list(ledger.book_days(12, {**ledger.EVENTS, **ledger.TAKEN_BACK}))
                for day in [days[0] - timedelta(days=1), *days, days[-1] + timedelta(days=1)]:
                    self._assert_ties_out(self.company, day)
                self._assert_adds_up(self.company, days[len(days) // 2])

    @tagged("at_install", "ar_random")
    def test_yesterday_is_the_same_when_read_tomorrow(self):
        ledger = RandomLedger(self, 7, currencies=[self.foreign])
        seen = {day: self.as_of._read_items(self.company, day) for day in ledger.book_days(14)}
        self.assertGreater(len([day for day in seen if seen[day]]), 10)
        for day, items in seen.items():
            self.assertEqual(self.as_of._read_items(self.company, day), items, day)

    @tagged("at_install", "ar_random")
    def test_companies_never_mix(self):
        second = self.setup_other_company(name="Second Company")["company"]
        ledgers = [RandomLedger(self, 21, currencies=[self.foreign]), RandomLedger(self, 22, second, [self.foreign])]
        days = [day for ledger in ledgers for day in ledger.book_days(6)]
        for day in (min(days), sorted(days)[5], max(days)):
            for company in (self.company, second):
                self._assert_ties_out(company, day)


class TestAsOf(LedgerCommon):
    """One kind of event at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()

    def _open(self, day, company=None):
        """Return the residuals in company currency on the evening of the day."""
        return [float(item.residual) for item in self.as_of._read_items(company or self.company, day)]

    def test_a_payment_counts_from_its_day_on(self):
        invoice = self._bill(self.partner, JANUARY, 100)
        self._settle(invoice, month(2), 30)
        self._settle(invoice, month(3))
        days = [JANUARY - timedelta(days=1), JANUARY, month(2, 9), month(2), month(3, 9), month(3)]
        self.assertEqual([self._open(day) for day in days], [[], [100], [100], [70], [70], []])

    def test_money_before_its_invoice_is_a_credit_until_they_meet(self):
        early = self._bill(self.partner, JANUARY, 1)
        paid = self._entry(self._receivable(early), month(2), 100)
        invoice = self._bill(self.partner, month(3), 100)
        (paid | self._receivable(invoice)).reconcile()
        aging = self.as_of._read_aging(self.company, month(2))
        self.assertEqual((aging.credits, aging.total), (-100, -99))
        self.assertEqual(self.as_of._read_aging(self.company, month(3)).credits, 0)

    def test_a_payment_taken_back_was_never_matched(self):
        invoice = self._bill(self.partner, JANUARY, 100)
        paid = self._settle(invoice, month(2))
        paid.remove_move_reconcile()
        self.assertEqual(sorted(self._open(month(2))), [-100, 100])
        paid.move_id.button_draft()
        self.assertEqual(self._open(month(2)), [100])

    def test_a_payment_reversed_later_was_there_until_then(self):
        invoice = self._bill(self.partner, JANUARY, 100)
        paid = self._settle(invoice, month(2))
        paid.remove_move_reconcile()
        paid.move_id._reverse_moves([{"date": month(3)}], cancel=True)
        self.assertEqual(sorted(self._open(month(2))), [-100, 100])
        self.assertEqual(self._open(month(3)), [100])

    def test_what_a_draft_settles_is_still_open(self):
        invoice = self._bill(self.partner, JANUARY, 100)
        line = self._receivable(invoice)
        (line | self._entry(line, month(2), 100, post=False)).reconcile()
        self.assertTrue(line.reconciled)
        self.assertEqual(self._open(month(3)), [100])

    def test_each_installment_ages_by_its_own_date(self):
        self._bill(self.partner, JANUARY, 100, invoice_payment_term_id=self.pay_terms_b.id)
        items = self.as_of._read_items(self.company, month(2))
        self.assertEqual([(item.due_date, item.residual) for item in items], [(JANUARY, 30), (month(2, 28), 70)])
        self.assertEqual(self.as_of._read_aging(self.company, month(2)).buckets, (70, 0, 30, 0, 0, 0))
        aging = self.as_of._read_aging(self.company, month(2), basis=BY_INVOICE_DATE)
        self.assertEqual(aging.buckets, (0, 0, 100, 0, 0, 0))

    def test_edges_are_an_option(self):
        for late in (0, 1, 5, 6, 10, 11, 15, 16, 20, 21):
            self._bill(self.partner, JANUARY, 1, month(6) - timedelta(days=late))
        aging = self.as_of._read_aging(self.company, month(6), edges=(5, 10, 15, 20))
        self.assertEqual(aging.buckets, (1, 2, 2, 2, 2, 1))

    def test_a_foreign_item_has_both_amounts_and_its_exchange_difference_has_a_day(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 1.0), ("2026-01-01", 2.0), ("2026-02-01", 4.0)])
        invoice = self._bill(self.partner, JANUARY, 100, currency_id=pounds.id)
        for day, amount in ((month(2), 40), (month(3), 60)):
            with self._on(day):
                self._settle(invoice, day, amount)
        seen = [self.as_of._read_items(self.company, day) for day in (JANUARY, month(2), month(3))]
        self.assertEqual(
            [[(item.residual_currency, item.residual) for item in items] for items in seen],
            [[(100, 50)], [(60, 30)], []],
        )

    def test_an_item_shows_whose_it_is(self):
        country = self.env.ref("base.be")
        self.partner.country_id = country
        customer = self._customer(self.partner)
        self._bill(self.partner, JANUARY, 100, invoice_user_id=self.collector.id)
        (item,) = self.as_of._read_items(self.company, month(2))
        self.assertEqual(
            (item.customer_partner_id, item.salesperson_id, item.country_id, item.policy_id),
            (self.partner.id, self.collector.id, country.id, customer.policy_id.id),
        )
        keys = {
            "customer": self.partner, "currency": self.company.currency_id, "collector": self.collector,
            "policy": self.policy, "salesperson": self.collector, "country": country,
        }  # fmt: skip
        for by, record in keys.items():
            self.assertEqual(set(self.as_of._read_aging(self.company, month(2), by=by)), {record.id}, by)

    def test_an_entry_without_partner_is_somebodys_debt(self):
        line = self._receivable(self._bill(self.partner, JANUARY, 100))
        lost = self._entry(line, month(2), 5)
        self.env.cr.execute("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", [lost.id])
        aging = self.as_of._read_aging(self.company, month(2), by="customer")
        self.assertEqual({key: found.total for key, found in aging.items()}, {self.partner.id: 100, None: -5})

    def test_contacts_are_counted_with_their_company(self):
        child = self._partner(name="Accounting", parent_id=self.partner.id, is_company=False)
        self._bill(child, JANUARY, 10)
        self._bill(self.partner, JANUARY, 20)
        self.assertEqual(list(self.as_of._read_aging(self.company, JANUARY, by="customer")), [self.partner.id])

    def test_an_empty_ledger(self):
        empty = self.env["res.company"].create({"name": "Empty"})
        self.assertEqual(self.as_of._read_items(empty, JANUARY), [])
        self.assertEqual(self.as_of._read_aging(empty, JANUARY).total, 0)
        self.assertEqual(self.as_of._read_aging(empty, JANUARY, by="customer"), {})
        self.assertEqual(self.as_of._read_ledger_balance(empty, JANUARY), 0)

    def test_the_statement_reads_the_same_ledger(self):
        self._bill(self.partner, JANUARY, 100)
        self._bill(self._partner(name="Another"), JANUARY, 900)
        customer = self._customer(self.partner)
        lines = self.env["ar.statement"]._read_lines(customer, month(2))
        items = self.as_of._read_items(self.company, month(2), self.partner.ids)
        self.assertEqual((lines, [line.residual for line in lines]), (items, [100]))

    def test_one_statement_for_any_number_of_items(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            items = self.as_of._read_items(self.company, month(6))
            self.as_of._read_aging(self.company, month(6), by="customer")
            return self.env.cr.sql_log_count - before, len(items)

        self._bill(self.partner, JANUARY, 1)
        count()
        few = count()
        for partner in self._partners(20):
            self._settle(self._bill(partner, JANUARY, 10), month(7))
        many = count()
        self.assertEqual((few[0], many[1]), (many[0], 21))
