"""What was agreed about an invoice stays agreed when it is reset to draft and posted again, whatever changed."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.tools import mute_logger

from ..plans.common_plans import ArPlanCommon


class TestPostedAgain(ArPlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["ar.dispute.reason"].create(
            {"name": "The price is wrong", "user_id": cls.manager.id, "sla_days": 5}
        )
        cls.promised = cls.TODAY + timedelta(days=10)

    # === HELPERS === #

    def _agree(self, kind, amount=None):
        """Make an agreement of this kind about the old invoice, or a part of it; return it."""
        item = self._debt(self.old)
        part = None if amount is None else Decimal(amount)
        with self._on():
            if kind == "disputed":
                return self.env["ar.dispute"]._raise_dispute(self.customer, self.reason, {item.id: part}, "Too much")
            if kind == "promise_open":
                return self.customer._promise(self.promised, {item.id: part})
        if amount:
            schedule = self.customer._get_schedule(part, item.currency_id, "month", self._in_days(7), 2)
            plans = self.env["ar.payment.plan"].with_user(self.collector)
            with self._on():
                plan = plans._make(self.customer.with_user(self.collector), {item.id: part}, schedule)
                plan.sudo()._record_consent("phone", "Patient Payer", "Called back")
            return plan
        return self._active(self.old, count=3)

    def _parts(self, *days, shares=None):
        shares = shares or [100 / len(days)] * len(days)
        return self.env["account.payment.term"].create(
            {
                "name": "In parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": number})
                    for share, number in zip(shares, days, strict=True)
                ],
            }
        )

    def _repost(self, price=None, **values):
        self.old.button_draft()
        self.old.write(values)
        if price is not None:
            self.old.invoice_line_ids.price_unit = price
        self.old.action_post()

    def _excluded(self, kind, customer=None):
        """Return the excluded amounts of the old invoice's open items by this kind, oldest item first."""
        customer = customer or self.customer
        self.env.invalidate_all()
        facts = self.env["ar.facts"]._gather(customer, self.TODAY)[customer.id]
        own = set(self._debt(self.old).ids)
        return [
            float(sum(exclusion.amount for exclusion in item.exclusions if exclusion.code == kind))
            for item in facts.items
            if item.item_id in own
        ]

    def _each_kind(self):
        """Yield the code of each kind of agreement, each in a database without the others."""
        for kind in ("disputed", "promise_open", "plan_active"):
            with self.subTest(kind=kind), self.env.cr.savepoint() as savepoint:
                yield kind
                savepoint.rollback()
            self.env.invalidate_all()

    # === IN OTHER PARTS === #

    def test_in_two_installments_all_of_it_stays_excluded(self):
        for kind in self._each_kind():
            self._agree(kind)
            self._repost(invoice_payment_term_id=self._parts(0, 20).id)
            self.assertEqual(self._excluded(kind), [150.0, 150.0])

    def test_also_where_one_of_them_keeps_the_date(self):
        for kind in self._each_kind():
            self._agree(kind)
            late = (self.old.invoice_date_due - self.old.invoice_date).days
            self._repost(invoice_payment_term_id=self._parts(late, late + 20).id)
            self.assertEqual(self._excluded(kind), [150.0, 150.0])

    def test_of_a_part_the_oldest_items_hold_it(self):
        for kind in self._each_kind():
            self._agree(kind, 200)
            self._repost(invoice_payment_term_id=self._parts(0, 20, shares=[60, 40]).id)
            excluded = self._excluded(kind)
            self.assertEqual(sum(excluded), 200.0)
            self.assertEqual(sorted(excluded)[0] > 0, True)

    def test_in_one_again_it_is_whole(self):
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self._repost(invoice_payment_term_id=self._parts(0, 20).id)
            self._repost(invoice_payment_term_id=False, invoice_date_due=self._in_days(-40))
            self.assertEqual(self._excluded(kind), [300.0])
            self.assertEqual(agreement.line_ids.mapped("amount"), [300.0])

    def test_its_items_were_deleted(self):
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self.old.button_draft()
            agreement.sudo().line_ids.move_line_id = False  # as the database does it
            self.old.action_post()
            self.assertEqual(self._excluded(kind), [300.0])

    def test_unchanged_nothing_is_said(self):
        for kind in self._each_kind():
            agreement = self._agree(kind)
            before = len(self.customer.message_ids)
            lines = agreement.line_ids
            self._repost()
            self.assertEqual(self._excluded(kind), [300.0])
            self.assertEqual((agreement.line_ids, len(self.customer.message_ids)), (lines, before))

    # === WITH OTHER AMOUNTS === #

    def test_with_a_higher_amount_the_agreed_one_stays_excluded(self):
        for kind in self._each_kind():
            self._agree(kind)
            self._repost(price=400.0)
            self.assertEqual(self._excluded(kind), [300.0])

    def test_with_a_lower_amount_all_of_it_is_excluded_and_back_again(self):
        for kind in self._each_kind():
            self._agree(kind)
            self._repost(price=200.0)
            self.assertEqual(self._excluded(kind), [200.0])
            self._repost(price=300.0)
            self.assertEqual(self._excluded(kind), [300.0])

    def test_a_promise_about_less_is_kept_by_less(self):
        promise = self._agree("promise_open")
        self._repost(price=200.0)
        self._pay(self.old, day=self.TODAY)
        with self._on(self.promised):
            self.env["ar.promise"].sudo()._judge_company(self.company, self.promised)
        self.assertEqual(promise.state, "kept")

    def test_paid_in_part_before_what_is_left_stays_excluded(self):
        self._pay(self.old, 100.0, day=self.TODAY)
        for kind in self._each_kind():
            self._agree(kind)
            self._repost()
            self.assertEqual(self._excluded(kind), [200.0])

    # === WHILE IT IS A DRAFT === #

    def test_while_it_is_a_draft_the_agreement_waits(self):
        for kind in self._each_kind():
            agreement = self._agree(kind)
            state = agreement.state
            self.old.button_draft()
            later = self.promised + timedelta(days=20)
            with self._on(later):
                self.env["ar.promise"].sudo()._judge_company(self.company, later)
                self.env["ar.payment.plan"].sudo()._advance_company(self.company, later)
            self.assertEqual(agreement.state, state)
            self.old.action_post()
            self.assertEqual(sum(self._excluded(kind)), 300.0)

    def test_a_plan_does_not_stop_the_reset_and_its_collector_is_told(self):
        plan = self._active(self.old, count=3)
        self.old.button_draft()
        self.assertIn(self.old.name, self._tasks(self.customer, "plan").summary)
        self.old.action_post()
        self.assertEqual((plan.state, plan.amount_left), ("active", 300.0))

    def test_the_installments_of_a_plan_stay_as_agreed(self):
        plan = self._active(self.old, count=3)
        before = self._installments(plan)
        self._repost(invoice_payment_term_id=self._parts(0, 20).id)
        self.assertEqual(self._installments(plan), before)
        self._pay(self.old, 100.0)
        self.assertEqual([paid for _day, _amount, paid, _state in self._installments(plan)], [100.0, 0.0, 0.0])

    # === NO DEBT OF THE CUSTOMER ANY MORE === #

    def _assert_ended(self, kind, agreement):
        self.assertIn(agreement.state, ("withdrawn", "cancelled"), kind)
        self.assertIn(agreement.name, self.customer.message_ids[0].body)

    def test_canceled_or_deleted_the_agreement_ends_with_a_note(self):
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self.old.button_cancel()
            self._assert_ended(kind, agreement)
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self.old.button_draft()
            self.old.name = False
            self.old.with_context(force_delete=True).unlink()
            self._assert_ended(kind, agreement)

    def test_of_two_invoices_one_is_canceled_the_agreement_goes_on(self):
        plan = self._active()
        self.new.button_cancel()
        plan.invalidate_recordset()
        self.assertEqual((plan.state, plan.amount_left), ("active", 300.0))

    def test_made_out_to_another_customer_it_ends(self):
        other = self._partner(name="Other Payer", email="other@customer.example.com")
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self._repost(partner_id=other.id)
            self._assert_ended(kind, agreement)
            self.assertEqual(self._excluded(kind, self._customer(other)), [0.0])
            self._repost(partner_id=self.customer.partner_id.id)
            self.assertEqual(self._excluded(kind), [0.0])

    def test_in_another_currency_it_ends(self):
        other = self.env.ref("base.JPY")
        other.active = True
        self.assertNotEqual(other, self.old.currency_id)
        for kind in self._each_kind():
            agreement = self._agree(kind)
            self._repost(currency_id=other.id)
            self._assert_ended(kind, agreement)
            self.assertIn("in another currency", self.customer.message_ids[0].body)
            self.assertEqual(self._excluded(kind), [0.0])

    def test_of_a_customer_that_belongs_to_a_company_now_it_holds(self):
        group = self._partner(name="Group", email="group@customer.example.com")
        for kind in self._each_kind():
            self.customer.partner_id.parent_id = group
            agreement = self._agree(kind)
            state = agreement.state
            self.customer.partner_id.is_company = False
            self._repost(price=250.0)
            self.assertEqual((agreement.state, agreement.line_ids.move_line_id), (state, self._debt(self.old)), kind)
            self.assertEqual(self._excluded(kind, self._customer(group)), [250.0])

    def test_of_a_customer_that_was_merged_into_a_person_of_a_company_it_holds(self):
        group = self._partner(name="Group", email="group@customer.example.com")
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": group.id})
        agreement = self._agree("promise_open")
        self.customer.partner_id.is_company = False
        with mute_logger("odoo.addons.base.partner.merge"):
            merger = self.env["base.partner.merge.automatic.wizard"]
            merger._merge((self.customer.partner_id | person).ids, dst_partner=person)
        self.env.invalidate_all()
        self._repost()
        self.assertEqual(agreement.state, "open")
        self.assertEqual(self._excluded("promise_open", self._customer(group)), [300.0])

    def test_the_reset_does_not_fail_with_us(self):
        self._agree("promise_open")
        lines = type(self.env["ar.promise.line"])
        broken = patch.object(lines, "_follow", side_effect=ValueError("broken"))
        with self.assertLogs("odoo.addons.ar_collections", "WARNING"), broken:
            self._repost(price=400.0)
        self.assertEqual((self.old.state, self.old.amount_total), ("posted", 400.0))
