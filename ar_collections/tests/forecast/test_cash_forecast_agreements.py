from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.addons.ar_collections.core.forecast import cash_forecast as rules

from .common_forecast import ForecastCommon


class TestAgreements(ForecastCommon):
    """Agreed dates come before payment behavior; disputed amounts are not expected."""

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
        """Agree on a plan of monthly installments from a week from now."""
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
        self.company.ar_write_off_alone = 1_000  # the same user recorded it
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
        """The same order as the reminder schedule: what is disputed is left out from the last installment on."""
        self._plan()
        self._dispute(130)
        expected = [(rules.PLAN, 7, 100), (rules.PLAN, 14, 70), (rules.DISPUTED, None, 130)]
        self.assertEqual(self._parts(), expected)
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 100, 14: 70})
        self._settle(self.invoice, self.TODAY, 20)
        self.assertEqual(self._parts(), [(rules.PLAN, 7, 80), *expected[1:]])
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 80, 14: 70})

    def test_who_contests_the_older_of_two_planned_invoices_pays_the_first_installments(self):
        """The plan of 360 in three parts goes on with the invoice that is not disputed."""
        self._plan(self.invoice, self._open(due=40, amount=60))
        self._dispute(300)
        self.assertEqual(self._parts(), [(rules.PLAN, 7, 60), (rules.DISPUTED, None, 300)])
        self.assertEqual(self._amounts_due_by_the_schedule(), {7: 60})

    def _amounts_due_by_the_schedule(self):
        """Return {days from today: what a reminder may ask for of a plan's installment}."""
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        amounts_due = {(item.due_date - self.TODAY).days: float(item.chaseable_currency) for item in facts.installments}
        return {offset: amount for offset, amount in amounts_due.items() if amount}

    def test_credits_cover_what_the_customer_is_asked_for_first(self):
        """The older item is disputed: no reminder asks for the newer one, because a credit covers it."""
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


class TestRecovery(ForecastCommon):
    """What nothing is asked of, or what the customer is released from, is not expected as cash."""

    def test_what_is_claimed_in_insolvency_is_not_expected(self):
        old = self._bill(self.partner, self._day(-30), 300, self._day(20))
        self._bill(self.partner, self._day(-5), 50, self._day(25))
        customer = self._customer(self.partner)
        reason = self.env["ar.dispute.reason"].create({"name": "Test"})
        with self._on():
            self.env["ar.dispute"]._raise_dispute(customer, reason, {self._debt(old).id: Decimal(100)}, "Wrong")
        before = [(rules.BEHAVIOR, 20, 200), (rules.BEHAVIOR, 25, 50), (rules.DISPUTED, None, 100)]
        self.assertEqual(self._parts(), before)
        with self._on():
            insolvency = self.env["ar.insolvency"].create({"customer_id": customer.id, "opened_on": self._day(-10)})
        self.assertEqual(self._parts(), [(rules.BEHAVIOR, 25, 50), (rules.CLAIMED, None, 300)])
        self.assertEqual((self._read().expected, self._read().not_expected), (50, 300))
        self.assertEqual(self._parts(self._day(-11)), [(rules.BEHAVIOR, 31, 300)])
        with self._on():
            items = self.env["ar.cash.forecast.item"].search([("kind", "=", "claimed")])
        self.assertEqual((items.amount, items.period, items.expected_on), (300, "91", False))
        insolvency.sudo().state = "lifted"
        self.assertEqual(self._parts(), before)

    def test_a_settlement_is_paid_by_its_day_and_the_rest_is_released(self):
        first, second = (
            self._bill(self.partner, self._day(-90), *each) for each in ((600, self._day(-40)), (400, self._day(-35)))
        )
        customer = self._customer(self.partner).with_user(self.collector)
        with self._on():
            wizard = self.env["ar.settlement.new"].with_user(self.collector).browse(customer.action_settle()["res_id"])
            wizard.write({"amount_agreed": 700, "date_until": self._day(20), "reason": "No assets"})
            settlement = self.env["ar.settlement"].browse(wizard.action_request()["res_id"])
            self.assertEqual({kind for kind, *_rest in self._parts()}, {rules.BEHAVIOR})
            settlement.with_user(self._user("credit_manager", login="settles")).action_approve()
        self.assertEqual(
            self._parts(), [(rules.SETTLEMENT, 20, 100), (rules.SETTLEMENT, 20, 600), (rules.RELEASED, None, 300)]
        )
        self.assertEqual((self._read().weeks[3].agreed, self._read().not_expected), (700, 300))
        self._settle(first, self.TODAY, 250)
        self.assertEqual(sum(amount for _kind, day, amount in self._parts() if day == 20), 450)
        late = self._parts(self._day(21))
        self.assertEqual({kind for kind, *_rest in late}, {rules.BEHAVIOR}, "judged or not")
        self._settle(first, self.TODAY)
        self._settle(second, self.TODAY, 100)
        with self._on():
            settlement.sudo()._judge(self.TODAY)
        self.assertEqual((settlement.state, self._parts()), ("paid", [(rules.RELEASED, None, 300)]))
        self.assertEqual(self._parts(self._day(21)), [(rules.RELEASED, None, 300)])
