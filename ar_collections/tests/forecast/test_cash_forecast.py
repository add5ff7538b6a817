"""When receivables are expected as cash: the database follows the rules, and nothing is lost."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.ar_collections.core.forecast import cash_forecast as rules

from ..metrics.common_books import BooksCommon, RandomBooks

MONEY = ("bank", "cash", "credit")


class ForecastCommon(BooksCommon):
    """Forecasts in the words of a treasurer; the week of TODAY began on Monday, 8 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["ar.cash.forecast"]
        cls.behavior = cls.env["ar.payment.behavior"]
        cls.partner = cls._partner()

    def _day(self, offset):
        return self.TODAY + timedelta(days=offset)

    def _open(self, due, amount=100, partner=None, **values):
        """Post an invoice of 90 days ago that is due in so many days."""
        return self._bill(partner or self.partner, self._day(-90), amount, self._day(due), **values)

    def _paid(self, late, amount=100, partner=None, ago=60):
        """Post an invoice and its payment so many days after the due date, so many days ago."""
        partner = partner or self.partner
        invoice = self._bill(partner, self._day(-ago - 30 - late), amount, self._day(-ago - late))
        return self._settle(invoice, self._day(-ago))

    def _read(self, today=None, company=None):
        return self.forecast._read_weeks(company or self.company, today or self.TODAY)

    def _parts(self, today=None, known=None):
        """Return [(kind, days from today or None, amount)] of all parts, in the order of time."""
        today = today or self.TODAY
        self.env.flush_all()
        query = self.forecast._select_parts(self.company, today, known or today)
        rows = [(row[5], row[6] and (row[6] - today).days, float(row[7])) for row in self.env.execute_query(query)]
        return sorted(rows, key=lambda row: (row[1] is None, row[1], row[0], row[2]))


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


class TestAgreements(ForecastCommon):
    """What was agreed comes first; what is contested is not expected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"plan_workdays": False, "plan_missed_max": 9})
        cls.invoice = cls._bill(cls.partner, cls.TODAY - timedelta(days=30), 300, cls.TODAY + timedelta(days=20))
        cls.customer = cls._customer(cls.partner)
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "Test"})

    def _promise(self, amount, due, invoice=None):
        request = {self._debt(invoice or self.invoice).id: Decimal(str(amount))}
        with self._on():
            return self.customer._promise(self._day(due), request)

    def _dispute(self, amount, day=None):
        with self._on(day):
            request = {self._debt(self.invoice).id: Decimal(str(amount))}
            return self.env["ar.dispute"]._raise_dispute(self.customer, self.reason, request, "Wrong")

    def _plan(self, *invoices, count=3):
        """Agree on a plan of monthly installments from in a week."""
        lines = self.env["account.move.line"].union(*(self._debt(invoice) for invoice in invoices or [self.invoice]))
        with self._on():
            total = Decimal(str(sum(lines.mapped("amount_residual_currency"))))
            schedule = self.customer._get_schedule(total, lines.currency_id, "week", self._day(7), count)
            plans = self.env["ar.payment.plan"].sudo()
            plan = plans._make(
                self.customer, dict.fromkeys(lines.ids), schedule, frequency="week", requested_by_id=self.env.user.id
            )
            plan._record_consent("phone", "Patient Payer", "Called back")
        self.assertEqual(plan.state, "active")
        return plan

    def test_a_promise_replaces_payment_behavior_for_its_amount(self):
        self._promise(100, 9)
        self.assertEqual(self._parts(), [(rules.PROMISE, 9, 100), (rules.BEHAVIOR, 20, 200)])
        self.assertEqual([week.agreed for week in self._read().weeks[:3]], [0, 100, 0])

    def test_money_pays_the_promised_part_first(self):
        self._promise(100, 9)
        self._settle(self.invoice, self.TODAY, 70)
        self.assertEqual(self._parts(), [(rules.PROMISE, 9, 30), (rules.BEHAVIOR, 20, 200)])

    def test_a_credit_note_is_for_the_rest_first(self):
        self._promise(100, 9)
        note = self._bill(self.partner, self.TODAY, 150, move_type="out_refund")
        (self._debt(self.invoice) | self._receivable(note)).reconcile()
        self.assertEqual(self._parts(), [(rules.PROMISE, 9, 100), (rules.BEHAVIOR, 20, 50)])

    def test_a_broken_promise_falls_back_to_payment_behavior(self):
        promise = self._promise(300, 2)
        after = promise.date_deadline + timedelta(days=1)
        self.assertEqual([kind for kind, *_rest in self._parts(promise.date_deadline)], [rules.PROMISE])
        self.assertEqual([kind for kind, *_rest in self._parts(after)], [rules.BEHAVIOR], "judged or not")
        with self._on(after):
            promise.sudo()._judge(after)
        self.assertEqual(promise.state, "broken")
        self.assertEqual([kind for kind, *_rest in self._parts(after)], [rules.BEHAVIOR])

    def test_a_past_day_knows_the_promise_that_stood_then(self):
        promise = self._promise(300, 2)
        with self._on(self._day(1)):
            promise._withdraw("A mistake")
        self.assertEqual(self._parts(), [(rules.PROMISE, 2, 300)])
        self.assertEqual(self._parts(self._day(-1)), [(rules.BEHAVIOR, 21, 300)])
        self.assertEqual(self._parts(self._day(1)), [(rules.BEHAVIOR, 19, 300)])

    def test_installments_are_expected_on_their_dates(self):
        self._plan()
        expected = [(rules.PLAN, 7, 100), (rules.PLAN, 14, 100), (rules.PLAN, 21, 100)]
        self.assertEqual(self._parts(), expected)
        self.assertEqual(self._parts(self._day(-1)), [(rules.BEHAVIOR, 21, 300)])
        self._settle(self.invoice, self.TODAY, 130)
        self.assertEqual(self._parts(), [(rules.PLAN, 14, 70), (rules.PLAN, 21, 100)])

    def test_a_plan_over_two_invoices_is_allocated_along_both(self):
        other = self._open(due=3, amount=60)
        self._plan(self.invoice, other)
        days = defaultdict(float)
        for kind, offset, amount in self._parts():
            self.assertEqual(kind, rules.PLAN)
            days[offset] += amount
        self.assertEqual(days, {7: 120, 14: 120, 21: 120})
        self._settle(other, self.TODAY)
        self.assertEqual(sum(amount for _kind, offset, amount in self._parts() if offset == 7), 60)

    def test_a_cancelled_plan_falls_back_to_payment_behavior(self):
        plan = self._plan()
        with self._on(self._day(1)):
            plan.sudo()._set_state("cancelled", ended_on=self._day(1))
        self.assertEqual({kind for kind, *_rest in self._parts()}, {rules.PLAN})
        self.assertEqual(self._parts(self._day(1)), [(rules.BEHAVIOR, 19, 300)])

    def test_what_is_contested_is_not_expected(self):
        dispute = self._dispute(120)
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 20, 180), (rules.DISPUTED, None, 120)])
        self.assertEqual(self._parts(self._day(-1)), [(rules.BEHAVIOR, 21, 300)])
        with self._on(self._day(2)):
            dispute.sudo()._resolve({dispute.line_ids: Decimal(50)}, "Partly")
        answered = [(rules.BEHAVIOR, 18, 250), (rules.DISPUTED, None, 50)]
        self.assertEqual(self._parts(self._day(2)), answered)
        self.assertEqual(self._parts(self._day(1)), [(rules.BEHAVIOR, 19, 180), (rules.DISPUTED, None, 120)])
        note = self._bill(self.partner, self._day(3), 50, move_type="out_refund")
        (self._debt(self.invoice) | self._receivable(note)).reconcile()
        self.assertEqual(self._parts(self._day(3)), [(rules.BEHAVIOR, 17, 250)])
        self.assertEqual(self._parts(self._day(2)), answered, "The credit note came later.")

    def test_who_contests_what_was_promised_is_not_expected_to_pay_it(self):
        self._promise(300, 9)
        self._dispute(100)
        self.assertEqual(self._parts(), [(rules.PROMISE, 9, 200), (rules.DISPUTED, None, 100)])

    def test_who_contests_a_part_of_a_plan_pays_the_first_installments(self):
        """As the ladder asks for them: what is contested is left out from the last one on."""
        self._plan()
        self._dispute(130)
        expected = [(rules.PLAN, 7, 100), (rules.PLAN, 14, 70), (rules.DISPUTED, None, 130)]
        self.assertEqual(self._parts(), expected)
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 100, 14: 70})
        self._settle(self.invoice, self.TODAY, 20)
        self.assertEqual(self._parts(), [(rules.PLAN, 7, 80), *expected[1:]])
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 80, 14: 70})

    def test_who_contests_the_older_of_two_planned_invoices_pays_the_first_installments(self):
        """The plan of 360 in three parts goes on with the invoice that nobody contests."""
        self._plan(self.invoice, self._open(due=40, amount=60))
        self._dispute(300)
        self.assertEqual(self._parts(), [(rules.PLAN, 7, 60), (rules.DISPUTED, None, 300)])
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 60})

    def _amounts_due_by_the_schedule(self):
        """Return {days from today: what of a plan's installment the ladder may ask for}."""
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        amounts_due = {(item.due_date - self.TODAY).days: float(item.chaseable_currency) for item in facts.installments}
        return {offset: amount for offset, amount in amounts_due.items() if amount}

    def test_credits_cover_what_the_customer_is_asked_for_first(self):
        """The older item is contested: nobody is asked for the newer one, because a credit covers it."""
        self._dispute(300)
        other = self._open(due=40, amount=100)
        note = self._open(due=0, amount=100, move_type="out_refund")
        self.assertEqual(self._parts(), [(rules.DISPUTED, None, 300)])
        self._entry(self._receivable(note), self.TODAY, 150)
        self.assertEqual(self._parts(), [(rules.DISPUTED, None, 150)])
        self._settle(other, self.TODAY)
        self.assertEqual(self._parts(), [(rules.DISPUTED, None, 50)])
        self._entry(self._receivable(note), self.TODAY, 70)
        self.assertEqual(self._parts(), [(rules.CREDIT, None, -20)])
        self.assertEqual(self._read().receivable, self.as_of._read_ledger_balance(self.company, self.TODAY))

    def test_credits_spare_what_is_contested_and_what_was_agreed(self):
        self._promise(100, 9)
        self._dispute(50)
        note = self._bill(self.partner, self.TODAY, 160, move_type="out_refund")
        self.assertEqual(self._parts(), [(rules.PROMISE, 9, 90), (rules.DISPUTED, None, 50)])
        self._entry(self._receivable(note), self.TODAY, 120)
        self.assertEqual(self._parts(), [(rules.DISPUTED, None, 20)])

    def test_parts_of_a_foreign_item_add_up_to_the_cent(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 3.0)])
        self.invoice = self._open(due=20, amount=100, currency_id=pounds.id)
        self._promise(33.33, 9)
        self._dispute(33.33)
        parts = [(kind, amount) for kind, _offset, amount in self._parts() if amount < 100]
        self.assertEqual(parts, [(rules.PROMISE, 11.11), (rules.BEHAVIOR, 11.11), (rules.DISPUTED, 11.11)])
        self.assertEqual(self._read().receivable, Decimal("333.33"))

    def test_the_schedule_and_the_forecast_see_the_same_agreements(self):
        self._promise(120, 9)
        self._dispute(30)
        self._plan(self._open(due=-5, amount=900))
        self._settle(self.invoice, self.TODAY, 50)
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        excluded = sum(exclusion.amount for item in facts.items for exclusion in item.exclusions)
        parts = sum(amount for kind, _offset, amount in self._parts() if kind != rules.BEHAVIOR)
        self.assertEqual((float(excluded), parts), (1000, 1000))


class TestHistories(ForecastCommon):
    """Random books: every day of them adds up, and the database does what the rules say."""

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
                books = RandomBooks(self, seed, currencies=[self.foreign])
                days = list(books.live(9, {**books.EVENTS, **books.TAKEN_BACK}))
                for day in [days[0] - timedelta(days=1), *days, days[-1] + timedelta(days=40)]:
                    found = self._read(day)
                    balance = self.as_of._read_ledger_balance(self.company, day)
                    combine = found.expected + found.later + found.disputed + found.credits
                    self.assertEqual((combine, found.receivable), (balance, balance))
                    self.assertEqual(found, self._expect(day), day)

    @tagged("at_install", "ar_random")
    def test_it_adds_up_with_promises_and_disputes_whatever_happens_next(self):
        books = RandomBooks(self, 13, currencies=[self.foreign])
        reason = self.env["ar.dispute.reason"].create({"name": "Test"})
        day = list(books.live(8, {"bill": 8, "pay": 2, "prepay": 1}))[-1]
        items = self._receivable(books.invoices).filtered(lambda line: line.amount_residual_currency > 1)
        self.assertGreater(len(items), 3)
        with self._on(day):
            for number, item in enumerate(items):
                customer = self._customer(item.partner_id.commercial_partner_id)
                request = {item.id: Decimal(str(item.currency_id.round(item.amount_residual_currency / 2)))}
                if number % 3:
                    customer._promise(day + timedelta(days=20), request, bound=False)
                if not number % 2:
                    self.env["ar.dispute"]._raise_dispute(customer, reason, request, "Wrong")
        self.assertGreater(self._read(day).disputed, 0)
        self.assertGreater(sum(week.agreed for week in self._read(day).weeks), 0)
        for later in [day, *books.live(6, {**books.EVENTS, **books.TAKEN_BACK})]:
            balance = self.as_of._read_ledger_balance(self.company, later)
            self.assertEqual(self._read(later).receivable, balance)
            for kind, _offset, amount in self._parts(later):
                self.assertEqual(amount > 0, kind != rules.CREDIT)

    @tagged("at_install", "ar_random")
    def test_yesterday_is_the_same_when_read_tomorrow(self):
        books = RandomBooks(self, 7, currencies=[self.foreign])
        seen = {day: self._read(day) for day in books.live(10)}
        self.assertGreater(len([day for day in seen if seen[day].expected]), 6)
        for day, found in seen.items():
            self.assertEqual(self._read(day), found, day)

    @tagged("at_install", "ar_random")
    def test_companies_never_mix(self):
        second = self.setup_other_company(name="Second Company")["company"]
        books = [RandomBooks(self, 21), RandomBooks(self, 22, second)]
        days = [day for book in books for day in book.live(6)]
        for day in (sorted(days)[5], max(days)):
            for company in (self.company, second):
                balance = self.as_of._read_ledger_balance(company, day)
                self.assertEqual(self._read(day, company).receivable, balance)

    def test_an_empty_ledger(self):
        empty = self.env["res.company"].create({"name": "Empty"})
        self.assertEqual(self._read(company=empty), rules.add_up([], self.TODAY))


class TestPaymentBehavior(ForecastCommon):
    """What is taken at night is what the books say."""

    def test_a_week_that_was_taken_is_not_read_from_the_books(self):
        for _number in range(3):
            self._paid(6)
        self._open(due=0)
        self.behavior._take_missing(self.company, self.TODAY)
        taken = self.behavior.search([("company_id", "=", self.company.id)])
        weeks = [date(2026, 6, 8), date(2026, 5, 11)]
        self.assertEqual(taken.mapped("week"), [weeks[0], weeks[0], weeks[1], weeks[1]])
        own = taken.filtered(lambda behavior: behavior.partner_id == self.partner and behavior.week == weeks[0])
        self.assertEqual((own.days, own.items), (6, 3))
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 6, 100)])
        own.sudo().days = 9
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 9, 100)])

    @tagged("at_install", "ar_random")
    def test_taken_or_not_it_is_the_same_forecast(self):
        books = RandomBooks(self, 5)
        day = list(books.live(16, {"bill": 5, "pay": 8}))[-1]
        live = self._read(day)
        self.behavior._take_missing(self.company, day)
        self.assertEqual(self._read(day), live)
        self.assertTrue(self.behavior.search_count([("company_id", "=", self.company.id), ("partner_id", "!=", False)]))

    def test_each_night_takes_what_is_missing_and_forgets_what_is_old(self):
        for week in range(7):
            for _night in range(2):
                self.behavior._take_missing(self.company, self._day(7 * week))
        weeks = self.behavior.search([("company_id", "=", self.company.id)]).mapped("week")
        self.assertEqual(weeks, [date(2026, 6, 8) + timedelta(weeks=week) for week in (6, 5, 4, 3, 2)])

    def test_the_night_takes_every_active_companys_payment_behavior_and_survives_a_failure(self):
        with self._on(), self.enter_registry_test_mode():
            self.env.ref("ar_collections.ir_cron_store_payment_behavior").method_direct_trigger()
        self.assertTrue(self.behavior._has_week(self.company, rules.monday_of(self.TODAY)))
        self.assertEqual(len(self.env["ar.cash.forecast.check"]._read(self.company, self.TODAY)), 4)
        broken = patch.object(type(self.behavior), "_select_from_books", side_effect=ZeroDivisionError)
        with broken, self.assertLogs("odoo.addons.ar_collections.models.forecast.ar_payment_behavior", "WARNING"):
            self.behavior._try_take(self.company, self._day(7))
        self.assertFalse(self.behavior._has_week(self.company, rules.monday_of(self._day(7))))
        self.assertTrue(self._read(self._day(7)))


class TestForecastAccuracy(ForecastCommon):
    """What the forecast would have said four weeks ago: Monday, 11 May, from the books of the evening before."""

    def _check(self):
        return [(float(check.expected), float(check.received), check.deviation) for check in self._checks()]

    def _checks(self):
        return self.forecast._read_check(self.company, self.TODAY)

    def test_the_weeks_are_the_last_four_whole_ones(self):
        weeks = [(check.first, check.last) for check in self._checks()]
        self.assertEqual((weeks[0][0], weeks[-1]), (date(2026, 5, 11), (date(2026, 6, 1), date(2026, 6, 7))))
        self.assertEqual(self._check(), [(0, 0, None)] * 4)

    def test_by_hand(self):
        """Three invoices were paid 7 days late before 11 May; that is the habit the forecast knew."""
        for number in range(3):
            invoice = self._bill(self.partner, date(2026, 3, 1), 50, date(2026, 4, 1 + number))
            self._settle(invoice, date(2026, 4, 8 + number))
        first = self._bill(self.partner, date(2026, 4, 15), 400, date(2026, 5, 5))  # expected 12 May, week 1
        second = self._bill(self.partner, date(2026, 4, 15), 200, date(2026, 5, 15))  # expected 22 May, week 2
        later = self._bill(self.partner, date(2026, 5, 12), 900, date(2026, 5, 13))  # not known then
        self._settle(first, date(2026, 5, 11), 100)  # week 1
        self._settle(first, date(2026, 5, 20), 300)  # week 2
        self._settle(later, date(2026, 5, 14))
        note = self._bill(self.partner, date(2026, 5, 16), 40, move_type="out_refund")
        (self._receivable(second) | self._receivable(note)).reconcile()
        self._settle(second, date(2026, 6, 7))  # 160 in week 4, a Sunday
        self.assertEqual(self._check(), [(400, 100, -75), (200, 300, 50), (0, 0, None), (0, 160, None)])
        combine = rules.combine(self._checks())
        self.assertEqual((combine.expected, combine.received), (600, 560))

    def test_payment_behavior_of_later_weeks_is_not_known_then(self):
        self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        for number in range(3):
            invoice = self._bill(self.partner, date(2026, 4, 1), 50, date(2026, 5, 1))
            self._settle(invoice, date(2026, 5, 25 + number))
        expected = [expected for expected, _came, _deviation in self._check()]
        # Due on 1 May and unpaid on the 11th: ten days late, expected ten days later.
        self.assertEqual(expected, [100, 150, 0, 0])

    def test_money_on_account_had_come_before(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        early = self._entry(self._receivable(invoice), date(2026, 5, 2), 60)
        self.assertEqual(self._check(), [(40, 0, -100), *[(0, 0, None)] * 3])
        (early | self._receivable(invoice)).reconcile()
        matched = self._check()
        self.assertEqual(
            {received for _expected, received, _deviation in matched}, {0}, "Matched later, it had come before."
        )
        self.assertEqual(sum(expected for expected, *_rest in matched), 40)

    def test_a_promise_made_later_was_not_known(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 100, date(2026, 5, 12))
        customer = self._customer(self.partner)
        with self._on(date(2026, 5, 12)):
            customer._promise(date(2026, 5, 26), {self._debt(invoice).id: None})
        self.assertEqual([check[0] for check in self._check()], [100, 0, 0, 0])

    def test_taken_or_not_it_is_the_same_and_late_bookings_are_seen_by_the_next_night(self):
        invoice = self._bill(self.partner, date(2026, 4, 15), 400, date(2026, 5, 12))
        self._settle(invoice, date(2026, 5, 15), 300)
        live = self._checks()
        kept = self.env["ar.cash.forecast.check"]
        for _night in range(2):
            kept._take(self.company, self.TODAY)
        self.assertEqual(kept.search_count([("company_id", "=", self.company.id)]), 4)
        self.assertEqual(self._checks(), live)
        self._settle(invoice, date(2026, 5, 20), 60)
        kept._take_once(self.company, self.TODAY)
        self.assertEqual(self._checks(), live, "Once a day.")
        kept._take_once(self.company, self._day(1))
        self.assertEqual([check.received for check in self._checks()], [300, 60, 0, 0])
        self.assertEqual(self.forecast._read_check(self.company, self._day(7))[0].first, date(2026, 5, 18))

    def test_one_statement_each_for_any_number_of_items(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._read()
            self._checks()
            return self.env.cr.sql_log_count - before

        self._open(due=3)
        count()
        few = count()
        for partner in self._partners(20):
            self._open(due=3, partner=partner)
            self._paid(5, partner=partner, ago=20)
        self.assertEqual(count(), few)


class TestRounding(ForecastCommon):
    def test_the_delay_is_rounded_as_in_the_rules(self):
        """Half a day after, and half a day before: away from zero, in the database as in the rules."""
        for late, expected in (((1, 2), 2), ((-1, -2), -2)):
            self.assertEqual(rules.usual_delay((Decimal(100), days) for days in late), expected)
            partner = self._partner(name=f"Payer {expected}")
            for days in (*late, *late):
                self._paid(days, partner=partner)
            query = self.behavior._select_from_books(self.company, rules.monday_of(self.TODAY))
            self.env.flush_all()
            self.assertIn((partner.id, expected, 4), self.env.execute_query(query))
