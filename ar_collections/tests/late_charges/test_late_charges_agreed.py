"""What is agreed on is not charged while it is kept: diaries of promises, payment plans and automatic payments."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.autopay.options import MONTH_DAY

from ..autopay.common_autopay import AccountAutopayCase
from ..plans.common_plans import ArPlanCommon
from ..promises.common_promise import PromiseCommon
from .common_late_charges import LateChargeMixin


class TestLateChargesPromised(LateChargeMixin, PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    def _diary(self, day):
        """Judge the promises, then compute late charges, as a night does; return (state, to charge, drafts)."""
        self._judge(day)
        self._charge_night(day)
        charge = self._charge_of(self.old)
        return charge.state, charge.left, len(charge.billing_ids)

    def test_kept_and_charged_where_the_policy_waives_nothing(self):
        self._promise()
        state, left, drafts = self._diary(self.TODAY)
        self.assertEqual((state, drafts), ("held", 0))
        self.assertEqual(left, round(300 * 0.1015 * 12 / 365, 2) + 40)
        self._pay(self.old, day=self.PROMISED)
        self.assertEqual(self._diary(self.PROMISED + timedelta(days=1)), ("charged", 0.0, 1))

    def test_kept_and_waived_by_the_policy(self):
        self.policy.write({"late_charge_waives_kept": True, "uses_late_charge_second": True})
        self._promise()
        self._diary(self.TODAY)
        self._pay(self.old, day=self.PROMISED)
        self.assertEqual(self._diary(self.PROMISED + timedelta(days=1)), ("waived", 0.0, 0))
        waiver = self._charge_of(self.old).waiver_ids
        self.assertEqual((waiver.state, waiver.user_id), ("applied", self.env.ref("base.user_root")))
        self.assertIn("was kept", "".join(self.customer.message_ids.mapped("body")))
        self.assertEqual(self._diary(self.PROMISED + timedelta(days=2)), ("waived", 0.0, 0))

    def test_broken_and_charged_in_full(self):
        self.policy.late_charge_waives_kept = True
        self._promise()
        self._diary(self.TODAY)
        later = self.PROMISED + timedelta(days=20)
        self.assertEqual(self._diary(later)[::2], ("charged", 1))
        self.assertEqual(self._charge_of(self.old).days, 12 + 34)

    def test_blocked_it_accrues_and_is_charged_once_it_is_unblocked(self):
        self.old.action_toggle_block_payment()
        state, left, drafts = self._diary(self.TODAY)
        self.assertEqual((state, drafts, left > 40), ("held", 0, True))
        self.old.action_toggle_block_payment()
        self.assertEqual(self._diary(self.TODAY)[::2], ("charged", 1))

    def test_a_promise_of_a_part_waives_nothing(self):
        self.policy.late_charge_waives_kept = True
        self._promise({self.old: 100})
        self._pay(self.old, 100.0, day=self.PROMISED)
        self._pay(self.old, 200.0, day=self.PROMISED + timedelta(days=60))
        self.assertEqual(self._diary(self.PROMISED + timedelta(days=61))[::2], ("charged", 1))

    def test_people_cannot_charge_it_meanwhile(self):
        self._promise()
        self._diary(self.TODAY)
        with self._on(), self.assertRaisesRegex(UserError, "Agreed on"):
            self._charge_of(self.old).with_user(self._user("manager")).action_invoice()

    def test_the_customer_reads_nothing_of_it_meanwhile(self):
        self.policy.late_charge_from_days = 60  # else the new invoice is mentioned as due
        self._promise()
        self._diary(self.TODAY)
        with self._on():
            rows = self.customer._get_late_charge_page_values()["rows"]
        self.assertEqual([row["name"] for row in rows], [self.new.name])


class TestLateChargesPlanned(LateChargeMixin, ArPlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"late_charge_invoicing": "own", "late_charge_waives_kept": True})

    def _diary(self, day):
        self._night(day)
        self._charge_night(day)
        charges = [self._charge_of(invoice) for invoice in (self.old, self.new)]
        return [(charge.state, len(charge.billing_ids)) for charge in charges]

    def test_an_invoice_that_is_paid_waits_for_the_plan(self):
        plan = self._active()
        self._pay(self.old, day=self._in_days(5))
        self.assertEqual(self._diary(self._in_days(6)), [("held", 0), ("held", 0)])
        self._pay(self.new, day=self._in_days(8))
        self.assertEqual(self._diary(self._in_days(9)), [("waived", 0), ("waived", 0)])
        self.assertEqual(plan.state, "completed")

    def test_a_broken_plan_is_charged_in_full(self):
        plan = self._active()
        self._pay(self.old, 100.0, day=self._in_days(5))
        self.assertEqual(self._diary(self._in_days(6)), [("held", 0), ("held", 0)])
        self.assertEqual(self._diary(self._in_days(100)), [("charged", 1), ("charged", 1)])
        self.assertEqual(plan.state, "broken")
        self.assertEqual(self._charge_of(self.old).days, 140)

    def test_a_plan_that_was_paid_late_was_not_kept(self):
        plan = self._active()
        self._pay(self.old, day=self._in_days(5))
        self._diary(self._in_days(6))
        self._pay(self.new, 60.0, day=self._in_days(60))
        self._pay(self.new, 40.0, day=self._in_days(130))
        self.assertEqual(self._diary(self._in_days(131)), [("charged", 1), ("charged", 1)])
        self.assertEqual((plan.state, plan.missed_count), ("completed", 1))

    def test_it_accrues_for_the_claim_meanwhile(self):
        self._active()
        self._diary(self.TODAY)
        charge = self._charge_of(self.old)
        self.assertEqual((charge.days, charge.is_known), (40, True))
        self.assertEqual(fields.Date.to_date(charge.accrued_on), date(2026, 6, 10))
        self.assertGreater(charge.left, 40)


class TestLateChargesCollected(LateChargeMixin, AccountAutopayCase):
    """An invoice that is due on day 10, and by consent collected on the tenth of the next month, which is day 30."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    @classmethod
    def _due(cls, *args, **values):
        """Override: the invoice of the other class, which the mixin hides."""
        return AccountAutopayCase._due.__func__(cls, *args, **values)

    def _diary(self, number):
        self._charge_night(self._in(number))
        charge = self._charge_of(self.invoice)
        return charge.state, len(charge.billing_ids)

    def test_what_is_collected_on_the_agreed_day_is_not_charged(self):
        self._enrol(charge_on=MONTH_DAY, month_day=10)
        self.assertEqual(self._diary(25), ("held", 0))
        self._send_notice(27)
        self.assertEqual(self._diary(29), ("held", 0))
        self.assertEqual(self._charge(30), {"charge": 1})
        with self._on(self._in(30)):
            self._book_account()
        item, payment = self._debt(self.invoice), self._collections().autopay_charge_ids.transaction_id.payment_id
        with self.env.cr.savepoint() as savepoint:  # the bank takes it back, and the customer pays months later
            item.remove_move_reconcile()
            self._pay(self.invoice, day=self._in(130))
            self.assertEqual(self._diary(131), ("charged", 1))
            savepoint.rollback()
            self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:  # a part that was not collected is paid months later
            item.remove_move_reconcile()
            entry = payment.move_id
            entry.button_draft()
            payment.amount = 200.0
            entry.action_post()
            (item | entry.line_ids.filtered(lambda line: line.account_id == item.account_id)).reconcile()
            self._pay(self.invoice, 100.0, day=self._in(130))
            self.assertEqual(self._diary(131), ("charged", 1))
            savepoint.rollback()
            self.env.invalidate_all()
        for day, outcome in ((60, ("waived", 0)), (130, ("charged", 1))):
            with self.env.cr.savepoint() as savepoint:  # without an entry: that of the payout, or other money
                item.remove_move_reconcile()
                self.env.flush_all()
                values = "move_id = NULL, outstanding_account_id = NULL, state = 'paid'"
                self.env.cr.execute(f"UPDATE account_payment SET {values} WHERE id = %s", [payment.id])
                self.env.invalidate_all()
                self._pay(self.invoice, day=self._in(day))
                self.assertEqual(self._diary(131), outcome)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._diary(31), ("waived", 0))
        self.assertIn("agreed day", self._charge_of(self.invoice).waiver_ids.reason)

    def test_a_consent_that_came_too_late_leaves_the_late_charge(self):
        self._enrol(day=self._in(20), charge_on=MONTH_DAY, month_day=10)
        self.assertEqual(self._diary(25), ("held", 0))
        self._send_notice(27)
        self._charge(30)
        with self._on(self._in(30)):
            self._book_account()
        self.assertEqual(self._diary(31), ("charged", 1))

    def test_a_consent_that_ended_holds_nothing(self):
        self._enrol(charge_on=MONTH_DAY, month_day=10)
        self._diary(25)
        self.customer._stop_autopay("by the customer")
        self.assertEqual(self._diary(26), ("charged", 1))
