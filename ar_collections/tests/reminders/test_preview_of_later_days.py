"""The preview of a later day decides as the run of that day will, whatever ends until then."""

from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.ar_collections.core.facts import Scope

from ..common import ArCommon
from ..plans.common_plans import ArPlanCommon


class TestPreviewOfLaterDays(ArCommon):
    END = date(2026, 6, 16)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=4)
        cls.debt = cls._debt(cls.invoice)

    def _previewed(self, day):
        """Return what the preview of that day says, made today: (reason, whether a message is sent)."""
        with self._on():
            preview = self.env["ar.preview"].create({"company_id": self.company.id, "date": day})
            preview._show(self.customer)
            line = preview.line_ids
            return line.code, line.has_message

    def _decided(self, day):
        """Return what the run of that day decides, in the same form, with promises judged in all nights until then."""
        with self.env.cr.savepoint() as savepoint:
            night = self.END
            while night <= day:
                with self._on(night):
                    self.env["ar.promise"].sudo()._judge_company(self.company, night)
                self._deliver(night)
                night += timedelta(days=1)
            self._run(day)
            self.env.invalidate_all()
            code = self.customer.decision_code
            savepoint.rollback()
        self.env.invalidate_all()
        return code, code in ("step_reached", "needs_review")

    def assertAsDecided(self, *codes):
        """Assert that preview and run give these reasons, from the day before the end on."""
        found = []
        for number in range(len(codes)):
            day = self.END + timedelta(days=number - 1)
            previewed = self._previewed(day)
            self.assertEqual(previewed, self._decided(day), day)
            found.append(previewed[0])
        self.assertEqual(found, list(codes))

    def test_an_exclusion_of_an_invoice(self):
        self.invoice.write({"no_followup": True, "ar_no_chase_until": self.END, "ar_no_chase_reason": "Asked for time"})
        self.assertAsDecided("excluded", "step_reached", "step_reached")

    def test_an_exclusion_of_an_opening_balance(self):
        self.debt.write({"no_followup": True, "ar_no_chase_until": self.END})
        self.assertAsDecided("excluded", "step_reached")

    def test_an_exclusion_without_an_end(self):
        self.invoice.no_followup = True
        self.assertAsDecided("excluded", "excluded")

    def test_a_pause(self):
        self.customer.write({"pause_until": self.END, "pause_reason": "Holidays"})
        self.assertAsDecided("paused", "step_reached", "step_reached")

    def test_a_promise(self):
        self.policy.promise_tolerance_days = 0
        with self._on():
            self.customer._promise(self.END - timedelta(days=1), {self.debt.id: None})
        # the notice that it was not kept takes the turn of the first day
        self.assertAsDecided("promise_open", "too_soon", "step_reached")

    def test_a_promise_that_ends_on_a_weekend(self):
        self.policy.promise_tolerance_days = 0
        with self._on():
            self.customer._promise(date(2026, 6, 12), {self.debt.id: None})
        # the notice goes out on Monday; with the confirmation it is the second contact in seven days
        codes = ("promise_open", "too_soon", "too_soon", "too_soon", "too_soon", "step_reached")
        self.assertEqual([self._previewed(date(2026, 6, 12 + number))[0] for number in range(6)], list(codes))

    def test_the_days_of_grace_after_a_dispute(self):
        self.policy.contacts_per_7_days = 0  # the answers to the dispute would count
        owner = self._user("manager")
        reason = self.env["ar.dispute.reason"].create({"name": "Price", "user_id": owner.id, "sla_days": 5})
        with self._on():
            dispute = self.env["ar.dispute"]._raise_dispute(self.customer, reason, {self.debt.id: None}, "Too much")
        self.assertEqual(self._previewed(self.END), ("disputed", False))
        with self._on():
            dispute.sudo()._resolve(dict.fromkeys(dispute.line_ids, Decimal(0)), "No", grace_days=6)
        self._deliver()
        self.assertEqual(dispute.grace_until, self.END)
        self.assertAsDecided("disputed", "step_reached")

    def test_a_pending_payment(self):
        days = self.policy.pending_payment_days
        self.assertTrue(days)
        transaction = self._create_transaction(
            "direct", amount=100.0, currency_id=self.debt.currency_id.id, invoice_ids=[(6, 0, self.invoice.ids)],
            reference="later day", state="pending",
        )  # fmt: skip
        transaction.last_state_change = "2026-06-10 10:00:00"
        decided = [self._previewed(self.TODAY + timedelta(days=number))[0] for number in (days, days + 1)]
        self.assertEqual(decided[0], "payment_pending")
        self.assertNotEqual(decided[1], "payment_pending")

    def test_no_clock_is_read(self):
        """On any real date the decision about one day is the same."""
        self.invoice.write({"no_followup": True, "ar_no_chase_until": self.END, "ar_no_chase_reason": "Asked for time"})
        found = set()
        for clock in (date(2026, 1, 5), self.TODAY, date(2027, 3, 1)):
            with self._on(clock):
                found.add(self.customer._decide(self.END, Scope())[self.customer].decision.code)
        self.assertEqual(found, {"step_reached"})


class TestPlansOnLaterDays(ArPlanCommon):
    """A plan whose installments are missed until that day will be broken by then."""

    def test_the_preview_decides_as_the_run(self):
        self.policy.write({"plan_missed_max": 1, "contacts_per_7_days": 0, "contacts_per_30_days": 0})
        plan = self._active(count=2)  # the first installment on 17 June is missed on the 21st
        self._deliver()
        broken = date(2026, 6, 22)
        for number in range(5):
            day = broken + timedelta(days=number - 2)
            with self._on():
                previewed = self.customer._decide(day)[self.customer].decision
            with self.env.cr.savepoint() as savepoint:
                night = date(2026, 6, 20)
                while night <= day:
                    self._night(night)
                    self._deliver(night)
                    night += timedelta(days=1)
                self._run(day)
                self.env.invalidate_all()
                run = (plan.state, self.customer.decision_code)
                savepoint.rollback()
            self.env.invalidate_all()
            self.assertEqual(previewed.code, run[1], (day, run))
            if day >= broken:
                kinds = {entry.item.kind for entry in previewed.items}
                self.assertEqual((run[0], kinds - {"ledger"}), ("broken", set()), day)


class TestLateSteps(ArCommon):
    """A step long after the others is announced."""

    def test_a_step_at_150_days(self):
        self._on_schedule({"days": 3}, {"days": 150})
        customer, invoice = self._late(overdue_days=4)
        self._run()
        self.assertEqual(customer.next_date, self._debt(invoice).date_maturity + timedelta(days=150))
        self.assertFalse(self._tasks(customer, "next"))

    def test_the_last_step_is_told_when_nothing_follows(self):
        self._on_schedule({"days": 3})
        customer, _invoice = self._late(overdue_days=4)
        self._run()
        self._tasks(customer, "next").action_feedback()
        self._run(self.TODAY + timedelta(days=1))  # the email waits still, and is written anew
        self.assertEqual(self._states(customer), [(3, "cancelled"), (3, "planned")])
        self.assertFalse(self._tasks(customer, "next"))

    def test_after_a_long_pause(self):
        customer, _invoice = self._late(overdue_days=4)
        customer.write({"pause_until": date(2027, 2, 1), "pause_reason": "Agreed"})
        self._run()
        self.assertEqual((customer.next_date, customer.next_step_id), (date(2027, 2, 1), self.friendly))
