from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..migration.common_migration import run_migration
from .common_placements import PlacementCommon
from .common_recovery import ArRecoveryCommon


@tagged("post_install", "-at_install")
class TestPlacementsPaid(PlacementCommon):
    """Money that comes in after the placement: recorded, reported, and what the agency may claim for it."""

    def test_paid_directly_recorded_reported_and_charged(self):
        placement = self._place()
        later = self.TODAY + timedelta(days=10)
        self._pay(self.old, 100, day=later)
        self._judge(later)
        self.assertEqual((placement.state, placement.amount_paid, placement.amount_left), ("partly_paid", 100, 300))
        self.assertEqual((placement.unreported_count, placement.commission_total), (1, 20))
        with self._on(later):
            placement.with_user(self.collector).action_report()
        self.assertEqual((placement.unreported_count, placement.payment_ids.reported_on), (0, later))
        with self._on(later), self.assertRaisesRegex(UserError, "all payments"):
            placement.with_user(self.collector).action_report()
        self._pay(self.old, 200, day=later)
        self._pay(self.new, day=later)
        self._judge(later + timedelta(days=1))
        self.assertEqual((placement.state, placement.amount_left, placement.commission_total), ("paid", 0, 80))

    def test_the_statement_of_the_agency_is_compared(self):
        self.agency.write({"vat_percent": 20, "direct_percent": 50, "free_days": 3})
        placement = self._place()
        for days, amount in ((2, 50), (8, 100)):
            self._pay(self.old, amount, day=self.TODAY + timedelta(days=days))
        self._judge(self.TODAY + timedelta(days=9))
        self.assertEqual((placement.commission, placement.commission_vat), (10, 2))
        placement.with_user(self.collector).amount_claimed = 36
        self.assertEqual(placement.commission_difference, 24)
        through = placement.payment_ids.filtered(lambda row: row.amount == 100)
        through.with_user(self.collector).action_switch()
        self.assertEqual((placement.commission, placement.commission_difference), (20, 12))

    def test_the_age_of_the_debts_raises_the_rate(self):
        self.agency.rate_ids = [Command.create({"kind": "age", "months": 3, "percent": 10})]
        placement = self._place(self.old)
        self.assertEqual(placement.age_points, 10)
        self._pay(self.old, 100)
        self._judge()
        self.assertEqual(placement.commission, 30)

    def test_what_was_paid_before_does_not_count(self):
        self._pay(self.old, 100, day=self.TODAY - timedelta(days=3))
        placement = self._place()
        self._judge()
        self.assertFalse(placement.payment_ids)
        self.assertEqual((placement.state, placement.amount_total), ("placed", 300))

    def test_a_reversed_payment_is_reported_again_and_its_debt_stays_with_the_agency(self):
        placement = self._place(self.new)
        payment = self._pay(self.new)
        self._judge()
        self.assertEqual(placement.state, "paid")
        with self._on():
            placement.with_user(self.collector).action_report()
        payment.action_draft()
        payment.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self._excluded()[self.new.name], 100)
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual((placement.state, placement.amount_paid, placement.unreported_count), ("accepted", 0, 1))
        with self._on(self.TODAY + timedelta(days=1)):
            placement.with_user(self.collector).action_report()
        self.assertIn("was reversed", placement.message_ids[0].body)

    def test_a_credit_note_is_reported_and_costs_nothing(self):
        placement = self._place(self.new)
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=self.new.ids)
        wizard.create({"journal_id": self.new.journal_id.id, "date": self.TODAY}).modify_moves()
        self._judge()
        self.assertEqual((placement.state, placement.commission_total, placement.unreported_count), ("paid", 0, 1))
        self.assertTrue(placement.payment_ids.is_credit)

    def test_only_the_placed_part_counts(self):
        reason = self.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": self.manager.id})
        with self._on():
            disputed = {self._debt(self.old).id: Decimal(100)}
            dispute = self.env["ar.dispute"].sudo()._raise_dispute(self.customer, reason, disputed, "Too dear")
        placement = self._place(self.old)
        self.assertEqual(placement.amount_total, 200)
        self.company.ar_write_off_alone = 1_000  # the same user recorded it
        with self._on():
            dispute._resolve({dispute.line_ids: Decimal(30)}, "We looked into it", draft_credit=True)
            dispute.credit_note_ids.action_post()
        self._judge()
        self.assertFalse(placement.payment_ids, "The agency does not have what was credited.")
        later = self.TODAY + timedelta(days=10)
        first = self._pay(self.old, 150, day=later)
        second = self._pay(self.old, 120, day=later + timedelta(days=1))
        self._judge(later + timedelta(days=1))
        self.assertEqual(placement.payment_ids.mapped("amount"), [150, 50])
        self.assertEqual((placement.state, placement.amount_paid, placement.commission_total), ("paid", 200, 40))
        for payment in (first, second):
            payment.action_draft()
            payment.action_cancel()
        self._judge(later + timedelta(days=2))
        self.assertEqual((placement.state, placement.amount_paid, placement.amount_left), ("accepted", 0, 200))

    def test_payments_that_were_deleted_leave_nothing_collected(self):
        placement = self._place(self.old)
        for amount in (100, 50):
            self._pay(self.old, amount)
        self._judge()
        rows = placement.payment_ids
        self.assertEqual(sorted(rows.mapped("amount")), [50, 100])
        self._debt(self.old).remove_move_reconcile()
        rows.sudo().counterpart_id = False  # their payments were deleted
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual((rows.mapped("amount"), placement.amount_paid), ([0, 0], 0))

    def test_money_of_a_day_before_the_placement_costs_nothing(self):
        placement = self._place(self.old)
        self._pay(self.old, 100, day=self.TODAY - timedelta(days=3))  # matched after it
        self._judge()
        self.assertEqual((placement.amount_paid, placement.commission_total), (100, 0))

    def test_the_second_turn_of_a_day_reads_nothing(self):
        self._place()
        self._judge()
        with self.assertQueryCount(4):
            self.env["ar.placement"].sudo()._judge_company(self.company, self.TODAY)


@tagged("post_install", "-at_install")
class TestPlacementsWrittenOff(PlacementCommon, ArRecoveryCommon):
    """A loss is no payment: what the agency could not collect reads so after it was written off."""

    def test_what_is_written_off_was_not_paid(self):
        ends = {}
        for state, invoice in (("uncollectible", self.new), ("settled", self.old)):
            ends[state] = self._place(invoice)
        self._pay(self.old, 200)
        self._judge()
        for state, placement in ends.items():
            self._end(placement, state)
        self._write_off(self.new, self.old)
        for days in (1, 2):
            self._judge(self.TODAY + timedelta(days=days))
        for state, placement in ends.items():
            self.assertEqual((placement.state, placement.ended_on, placement.amount_left), (state, self.TODAY, 0))
        self.assertEqual(ends["uncollectible"].unreported_count, 0)
        self.assertEqual(ends["settled"].payment_ids.mapped("amount"), [200])
        # The customer pays after all: the loss is undone, and money takes its place.
        self._debt(self.new).remove_move_reconcile()
        self._pay(self.new)
        self._judge(self.TODAY + timedelta(days=3))
        self.assertEqual((ends["uncollectible"].state, ends["uncollectible"].amount_paid), ("paid", 100))

    def test_cases_that_had_become_paid_are_what_people_closed_them_with(self):
        placement = self._place(self.new).sudo().with_context(tracking_disable=False, mail_notrack=False)
        self.env.cr.precommit.run()
        for state in ("uncollectible", "paid"):  # as the version before did
            placement._end(state, "Nothing to be had")
            self.env.flush_all()
            self.env.cr.precommit.run()
        self._write_off(self.new)
        for _again in range(2):
            run_migration(self.env, "19.0.1.11.0/post-placements.py", "19.0.1.10.0")
            self.assertEqual((placement.state, placement.unreported_count), ("uncollectible", 0))


@tagged("post_install", "-at_install")
class TestPlacementsFollow(PlacementCommon):
    """A placement follows the debt: corrected invoices, merged customers, another debtor."""

    def _repost(self, **values):
        self.old.button_draft()
        self.old.write(values)
        self.old.action_post()
        self.env.invalidate_all()

    def test_a_corrected_invoice_stays_placed(self):
        placement = self._place(self.old)
        line = self.old.invoice_line_ids
        self._repost(invoice_line_ids=[Command.update(line.id, {"price_unit": 250.0})])
        self.assertEqual(self._excluded()[self.old.name], 250)
        self._judge()
        self.assertEqual(placement.state, "placed")
        self.assertEqual(sum(placement.line_ids.mapped("amount_left")), 250)

    def test_while_an_invoice_is_corrected_it_is_not_paid(self):
        placement = self._place(self.old)
        self.old.button_draft()
        self._judge()
        self.assertEqual(placement.state, "placed")

    def test_a_canceled_invoice_is_recalled(self):
        placement = self._place(self.old)
        self.old.button_draft()
        self.old.button_cancel()
        self.assertEqual((placement.state, placement.end_note), ("recalled", "the invoice was canceled"))

    def test_customers_are_merged(self):
        placement = self._place()
        survivor = self._partner(name="Survivor")
        account = self._customer(survivor)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"state": "option"})
        wizard._merge((survivor | self.partner).ids, survivor, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(placement.customer_id, account)
        self.assertEqual(set(self._excluded(account).values()), {300, 100})
        with self._on():
            self.assertEqual(account.sudo()._get_page_values()["agreements"][0]["name"], placement.name)

    def test_an_invoice_that_another_customer_owes_is_not_placed_any_more(self):
        placement = self._place(self.old)
        other = self._partner(name="The real debtor")
        self._repost(partner_id=other.id)
        self.assertEqual(placement.state, "recalled")
        self.assertEqual(set(self._excluded(self._customer(other)).values()), {0})

    def test_the_agency_is_merged(self):
        duplicate = self.env["res.partner"].create({"name": "Fair Collect Ltd", "email": "new@agency.example.com"})
        placement = self._place()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"state": "option"})
        wizard._merge((duplicate | self.agency.partner_id).ids, duplicate, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(placement.agency_id.partner_id, duplicate)
