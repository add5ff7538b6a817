"""The effect of steps: what was paid after each, and how shares add up."""

from datetime import date, timedelta
from decimal import Decimal

from .common_ledger import LedgerCommon


class StepEffectCommon(LedgerCommon):
    """Steps on the 4th and the 11th day late; of TODAY, 10 June, the report is read in August."""

    LATER = date(2026, 8, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.friendly, cls.firm = cls._on_schedule({"days": 4}, {"days": 11, "tone": "firm"})

    def _reminded(self, amount=100.0, name="Patient Payer", **values):
        """Remind a new customer of an invoice on TODAY; return the invoice."""
        _customer, invoice = self._late(4, amount, name, **values)
        self._day()
        return invoice

    def _after(self, days):
        return self.TODAY + timedelta(days=days)

    def _effects(self, domain=(), today=None, user=None, **context):
        """Return the rows, the oldest first, as the report shows them on a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["ar.step.effect"].with_user(user or self.env.user).with_context(**context)
        with self._on(today or self.LATER):
            rows = report.search(list(domain), order="date, id")
            rows.mapped("amount")  # read while the day is frozen
            return rows

    def _group(self, groupby, *measures):
        """Return {group: measures} as pivots and graphs have them."""
        self.env.flush_all()
        with self._on(self.LATER):
            rows = self.env["ar.step.effect"]._read_group([], [groupby] if groupby else [], list(measures))
        return {row[0]: row[1:] for row in rows} if groupby else rows[0]


class TestStepEffect(StepEffectCommon):
    def test_a_row_for_each_item_listed(self):
        invoice = self._reminded(250)
        self._late(1, name="Not reminded")
        row = self._effects()
        self.assertRecordValues(
            row,
            [
                {
                    "step_id": self.friendly.id, "schedule_id": self.friendly.schedule_id.id, "tone": "friendly",
                    "channel": "email", "date": self.TODAY, "partner_id": invoice.partner_id.id,
                    "move_id": invoice.id, "amount": 250, "days_late": 4, "user_id": self.collector.id,
                    "policy_id": self.policy.id, "paid_7": 0, "paid": 0,
                }
            ],
        )  # fmt: skip
        self.assertEqual((row.any_share_7, row.full_share_7, row.amount_share_7, row.days_to_pay), (0, 0, 0, None))
        self.assertEqual((row.items, row.paid_days), (1, 0))

    def test_windows_include_their_last_day(self):
        invoice = self._reminded()
        for days, amount in ((0, 5), (7, 10), (8, 20)):
            self._pay(invoice, amount, day=self._after(days))
        self._run(self._after(9))  # nothing more is sent: a week lies between the steps and nothing is delivered
        row = self._effects([("step_id", "=", self.friendly.id)])
        step = row.step_id.with_context(ar_with_schedule=True)  # as the action of the report
        self.assertEqual(step.display_name, f"{step.schedule_id.name} / {step.name}")
        self.assertEqual((row.paid_7, row.paid_14, row.paid_30, row.paid), (15, 35, 35, 35))
        self.assertEqual((row.amount_share_7, row.any_share_7, row.full_share_7), (15, 100, 0))
        self.assertAlmostEqual(row.days_to_pay, (0 * 5 + 7 * 10 + 8 * 20) / 35)

    def test_what_is_paid_after_a_window_is_not_in_it(self):
        invoice = self._reminded()
        self._pay(invoice, day=self._after(20))
        row = self._effects()
        self.assertEqual((row.paid_7, row.any_share_7, row.full_share_7, row.amount_share_14), (0, 0, 0, 0))
        self.assertEqual((row.paid_30, row.full_share_30, row.days_to_pay), (100, 100, 20))

    def test_a_first_payment_the_day_after_a_window_is_not_in_it(self):
        invoice = self._reminded(1000)
        self._pay(invoice, 10, day=self._after(8))
        row = self._effects()
        self.assertEqual((row.paid_7, row.amount_share_7, row.any_share_7, row.full_share_7), (0, 0, 0, 0))
        self.assertEqual((row.paid_14, row.paid_30, row.full_share_30), (10, 10, 0))

    def test_fully_paid(self):
        invoice = self._reminded()
        self._pay(invoice, 60, day=self._after(3))
        self._pay(invoice, 40, day=self._after(10))
        row = self._effects()
        self.assertEqual((row.full_share_7, row.full_share_14, row.amount_share_14), (0, 100, 100))

    def test_what_was_paid_before_is_no_effect(self):
        customer, invoice = self._late()
        self._pay(invoice, 30, day=self._after(-1))
        self._day()
        row = self._effects()
        self.assertEqual((row.amount, row.paid), (70, 0))

    def test_a_payment_counts_for_the_last_step_before_it(self):
        invoice = self._reminded()
        self._pay(invoice, 10, day=self._after(6))
        self._day(self._after(7))
        self._pay(invoice, 30, day=self._after(7))
        self._pay(invoice, 60, day=self._after(8))
        first, second = self._effects()
        self.assertEqual((first.step_id, first.paid_7, first.paid), (self.friendly, 10, 10))
        self.assertEqual((second.step_id, second.amount, second.paid_7), (self.firm, 90, 90))
        self.assertEqual((second.tone, second.full_share_7), ("firm", 100))

    def test_an_open_window_does_not_count_yet(self):
        invoice = self._reminded()
        self._pay(invoice, 50, day=self._after(1))
        row = self._effects(today=self._after(7))
        self.assertEqual((row.any_share_7, row.amount_share_7, row.amount_due_7), (None, None, 0))
        row = self._effects(today=self._after(8))
        self.assertEqual((row.any_share_7, row.amount_share_7, row.any_share_14), (100, 50, None))

    def test_credit_notes_are_no_payment(self):
        invoice = self._reminded()
        refund = self._bill(invoice.partner_id, self._after(1), 100, move_type="out_refund")
        (self._debt(invoice) + self._debt(refund)).reconcile()
        self.assertEqual(self._effects().paid, 0)

    def test_a_payment_that_bounced_was_none(self):
        invoice = self._reminded()
        payment = self._pay(invoice, day=self._after(1))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._effects().paid, 0)

    def test_what_a_payment_writes_off_is_no_money(self):
        invoice = self._reminded()
        self._pay_and_write_off(invoice, 90, self._after(3))
        row = self._effects()
        self.assertEqual((row.paid_7, row.amount_share_7, row.full_share_7, row.days_to_pay), (90, 90, 0, 3))

    def test_a_payment_of_nothing_that_writes_off_all(self):
        invoice = self._reminded()
        self._pay_and_write_off(invoice, 0, self._after(3))
        row = self._effects()
        self.assertEqual((invoice.amount_residual, row.paid_30, row.any_share_30, row.days_to_pay), (0, 0, 0, None))

    def test_only_up_to_what_was_asked_for(self):
        """60 of 100 are disputed: 40 are asked for, all is paid."""
        customer, invoice = self._late()
        reason = self.env["ar.dispute.reason"].create({"name": "Wrong", "user_id": self.collector.id})
        with self._on():
            self.env["ar.dispute"]._raise_dispute(customer, reason, {self._debt(invoice).id: Decimal(60)}, "Too much")
        self._deliver()
        self._day(self._after(1))
        self._pay(invoice, day=self._after(3))
        row = self._effects()
        self.assertEqual((row.amount, row.paid_7, row.amount_share_7, row.days_to_pay), (40, 40, 100, 2))

    def test_what_was_not_sent_has_no_effect(self):
        self._late()
        self._run()
        self.assertFalse(self._effects())

    def test_foreign_items_in_company_currency_at_the_booked_rate(self):
        pounds = self.setup_other_currency("GBP")
        invoice = self._invoice(self._partner(), 4, 200, currency_id=pounds.id)
        self._customer(invoice.partner_id)
        self._day()
        self._pay(invoice, 50, day=self._after(1))
        row, booked = self._effects(), self._debt(invoice).balance
        self.assertNotEqual(booked, 200)
        self.assertAlmostEqual(row.amount, booked)
        self.assertAlmostEqual(row.amount_share_7, 25)

    def test_it_leads_to_the_message(self):
        invoice = self._reminded()
        row = self._effects()
        with self._on(self.LATER):
            action = row.action_open()
        self.assertEqual(action["res_id"], self._communications(self._customer(invoice.partner_id)).id)


class TestDays(StepEffectCommon):
    def test_days_that_are_looked_for_show_what_the_whole_report_shows(self):
        """The step before them takes its payments, those after them take none."""
        invoice = self._reminded()
        self._pay(invoice, 10, day=self._after(6))
        self._day(self._after(7))
        self._pay(invoice, 30, day=self._after(7))
        self._late(4 - 7, 50, "Fresh")
        self._day(self._after(7))
        everything = {row.id: (row.paid_7, row.paid, row.days_to_pay) for row in self._effects()}
        self.assertEqual(sorted(everything.values()), [(0, 0, None), (10, 10, 6), (30, 30, 0)])
        second, day = self._after(7), self._after(7).isoformat()
        cases = {
            (("date", ">=", day),): 2,
            (("date", ">", self._after(6)), ("date", "<=", day)): 2,
            (("date", "=", day),): 2,
            ("|", ("date", ">=", day), ("date", "<", day)): 3,
            ("!", ("date", ">=", day)): 1,
            (("date", ">", second),): 0,
        }
        for domain, count in cases.items():
            with self.subTest(domain=domain):
                rows = self._effects(domain)
                self.assertEqual(len(rows), count)
                self.assertEqual(
                    {row.id: (row.paid_7, row.paid, row.days_to_pay) for row in rows},
                    {row.id: everything[row.id] for row in rows},
                )

    def test_messages_and_payments_before_those_days_are_not_read(self):
        report = self.env["ar.step.effect"]
        with self._on():
            query = report._search([("date", ">", "today -365d"), ("channel", "=", "email")]).select()
            self.assertEqual(query.params.count(date(2025, 6, 10)), 4, "messages twice, payments, and the rows")
            self.assertNotIn(date(2025, 6, 10), report._search([]).select().params)


class TestShares(StepEffectCommon):
    """1,000 of which nothing is paid, 100 that is paid in full after 2 days and 100 half paid after 4 days."""

    def _three(self):
        big, good, half = (
            self._late(4, amount, name, email=f"{name}@customer.example.com")[1]
            for amount, name in ((1000, "Big"), (100, "Good"), (100, "Half"))
        )
        self._day()
        self._pay(good, day=self._after(2))
        self._pay(half, 50, day=self._after(4))
        return big, good, half

    def test_by_amount_it_is_the_ratio_of_the_sums(self):
        self._three()
        count, amount, paid, share = self._group("", "__count", "amount:sum", "paid_7:sum", "amount_share_7:avg")
        self.assertEqual((count, amount, paid), (3, 1200, 150))
        self.assertAlmostEqual(share, 12.5)

    def test_by_number_it_is_the_average_of_the_items(self):
        self._three()
        some, full = self._group("", "any_share_7:avg", "full_share_7:avg")
        self.assertAlmostEqual(some, 200 / 3)
        self.assertAlmostEqual(full, 100 / 3)

    def test_days_until_paid_are_weighted_by_amount(self):
        self._three()
        self.assertAlmostEqual(self._group("", "days_to_pay:avg")[0], (100 * 2 + 50 * 4) / 150)

    def test_groups_have_their_own_shares(self):
        self._three()
        groups = self._group("partner_id", "amount_share_7:avg")
        self.assertEqual({p.name: share for p, (share,) in groups.items()}, {"Big": 0, "Good": 100, "Half": 50})
        self.assertAlmostEqual(self._group("step_id", "amount_share_7:avg")[self.friendly][0], 12.5)
        self.assertEqual(list(self._group("tone", "__count")), ["friendly"])

    def test_open_windows_stay_out_of_the_shares(self):
        self._three()
        late = self._after(7)
        _customer, fresh = self._late(4 - 7, 5000, "Fresh")
        self._run(late)
        self._deliver(late)
        self.env.flush_all()
        with self._on(self._after(10)):
            ((count, share),) = self.env["ar.step.effect"]._read_group(
                [("step_id", "=", self.friendly.id)], [], ["__count", "amount_share_7:avg"]
            )
        self.assertEqual(count, 4)
        self.assertAlmostEqual(share, 12.5)


class TestStepEffectAccess(StepEffectCommon):
    def test_the_company_switcher_is_obeyed(self):
        self._reminded()
        second = self.setup_other_company(name="Second Company")["company"]
        second.write({"ar_active": True, "email": "second@company.example.com"})
        self._policy(company_id=second.id, schedule_id=self.friendly.schedule_id.id, entry_step_id=False)
        invoice = self._invoice(self._partner(name="Theirs", email="theirs@customer.example.com"), 4, company=second)
        self._customer(invoice.partner_id, second)
        self._run(companies=second)
        self._deliver()
        auditor = self._user("auditor", login="looks-on")
        self.assertEqual(len(self._effects(user=auditor)), 1)
        both = self._user("auditor", login="looks-on-both", company_ids=[(6, 0, (self.company | second).ids)])
        for companies, count in ((self.company, 1), (second, 1), (self.company | second, 2)):
            rows = self._effects(user=both, allowed_company_ids=companies.ids)
            self.assertEqual(len(rows), count)
            self.assertEqual(rows.company_id, companies)
