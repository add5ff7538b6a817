"""Late charges of debts that an agency has, and of debts that are settled for less."""

from datetime import timedelta

from odoo import Command

from ...formats import format_amount, format_date
from ..late_charges.common_late_charges import LateChargeMixin
from .common_placements import PlacementCommon
from .settlements.test_settlement import LAST, SettlementCommon

LUMP_SUMS, DONE = "Lump sums for late payment", "Late charges invoiced or waived before"


class TestLateChargesPlaced(LateChargeMixin, PlacementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    def _diary(self, day=None):
        self._judge(day)
        self._charge_night(day)
        charge = self._charge_of(self.old)
        return charge.state, charge.days, len(charge.billing_ids)

    def test_placed_then_recalled(self):
        placement = self._place(self.old)
        self.assertEqual(self._diary(), ("held", 120, 0))
        later = self.TODAY + timedelta(days=60)
        self.assertEqual(self._diary(later), ("held", 180, 0))
        self._end(placement, "recalled", later, is_agreed=True, user=self.manager)
        self.assertEqual(self._diary(later + timedelta(days=1)), ("charged", 181, 1))

    def test_a_proposal_holds_nothing(self):
        self._propose(self.old)
        self.assertEqual(self._diary(), ("charged", 120, 1))

    def test_the_other_invoice_is_charged(self):
        self._place(self.old)
        self._diary()
        self.assertEqual(self._charge_of(self.new).state, "charged")


class TestLateChargesSettled(LateChargeMixin, SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    def _diary(self, day):
        self._judge(day)
        self._charge_night(day)
        charge = self._charge_of(self.invoice)
        return charge.state, len(charge.billing_ids)

    def test_paid_in_time_ends_the_late_charges(self):
        settlement = self._agree()
        self.assertEqual(self._diary(self.TODAY), ("held", 0))
        self._money(600, LAST)
        self.assertEqual(self._diary(LAST + timedelta(days=1)), ("held", 0))
        self.assertEqual(settlement.state, "paid")
        notes = self.env["account.move"].search([("reversed_entry_id", "=", self.invoice.id)])
        notes.invoice_date = LAST
        notes.action_post()
        (notes.line_ids.filtered(lambda line: line.display_type == "payment_term") | self._debt(self.invoice)).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        self.assertEqual(self._diary(LAST + timedelta(days=2)), ("waived", 0))

    def test_missed_leaves_all_of_them(self):
        self._agree()
        self._diary(self.TODAY)
        self.assertEqual(self._diary(LAST + timedelta(days=2)), ("charged", 1))
        self.assertEqual(self._charge_of(self.invoice).days, 62)

    def test_a_request_holds_nothing(self):
        self._request()
        self.assertEqual(self._diary(self.TODAY), ("charged", 1))


class TestLateChargesClaimedInCourt(LateChargeMixin, PlacementCommon):
    """The sheet for a payment order claims no interest twice, and none on interest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"
        cls.late = cls.TODAY + timedelta(days=40)

    def _rows(self):
        """Return {number: (amount, interest, first day of interest)} of the sheet, later on, and its other claims."""
        with self._on(self.late):
            action = self.customer.with_user(self.collector).action_payment_order()
            sheet = self.env["ar.payment.order"].with_user(self.collector).browse(action["res_id"])
            values = sheet._get_sheet_values()
        rows = {row["name"]: (row["value"], row["interest"], row["interest_from"]) for row in values["rows"]}
        return rows, [label for label, _amount in values["ancillary"]]

    def _charge_both(self):
        """Draft and post the late charges of both invoices; return their invoice."""
        self._charge_night()
        moves = self._charge_of(self.old).billing_ids.move_id
        moves.action_post()
        self.env.invalidate_all()
        return moves

    def test_what_is_charged_bears_no_interest_and_is_not_claimed_again(self):
        own = self._charge_both()
        rows, _ancillary = self._rows()
        self.assertEqual(rows[own.name], (own.amount_residual, "None", ""))
        amount, interest, first_day = rows[self.old.name]
        self.assertEqual((amount, first_day), (300.0, format_date(self.env, self.TODAY + timedelta(days=1))))
        self.assertIn("8 points above", interest)

    def test_interest_that_nobody_charged_runs_from_the_due_date(self):
        self._charge_night()  # a draft, which charges nothing yet
        rows, _ancillary = self._rows()
        due = self.old.invoice_date_due
        self.assertEqual(rows[self.old.name][2], format_date(self.env, due + timedelta(days=1)))

    def test_an_invoice_with_late_charges_among_others_is_split(self):
        self._charge_night()
        own = self._charge_of(self.old).billing_ids.move_id
        own.write({"invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})]})
        own.action_post()
        with self._on(self.late):
            action = self.customer.with_user(self.collector).action_payment_order()
            sheet = self.env["ar.payment.order"].with_user(self.collector).browse(action["res_id"])
            parts = [row for row in sheet._get_sheet_values()["rows"] if row["name"] == own.name]
        self.assertEqual(
            [row["value"] for row in parts], [100.0, self.company.currency_id.round(own.amount_total - 100)]
        )
        self.assertEqual([bool(row["interest_from"]) for row in parts], [True, False])

    def _others(self, *invoices):
        """Return {label: text} of the other claims of the sheet about these invoices, later on."""
        with self._on(self.late):
            sheet = self.env["ar.payment.order"].browse(self.customer.action_payment_order()["res_id"])
            sheet.item_ids = self._debt(invoices[0]).union(*map(self._debt, invoices[1:]))
            return dict(sheet._get_sheet_values()["ancillary"])

    def _text(self, amount):
        return format_amount(self.env, amount, self.company.currency_id)

    def _waive(self, invoice, amount=None, day=None):
        with self._on(day):
            self._charge_of(invoice).sudo()._waive("Goodwill", amount, self.manager)
        self.env.invalidate_all()

    def test_what_was_waived_is_deducted(self):
        self._accrue(self.partner)
        self._waive(self.old, 5.0)
        self.assertEqual(self._others(self.old), {LUMP_SUMS: self._text(40), DONE: self._text(-5)})

    def test_a_waived_lump_sum_is_deducted_once(self):
        self._accrue(self.partner)
        charge = self._charge_of(self.old)
        self._waive(self.old)
        self.assertEqual(self._others(self.old), {DONE: self._text(-charge.interest)})

    def test_what_was_waived_before_the_invoice_is_not_deducted_from_later_interest(self):
        self._accrue(self.partner)
        self._waive(self.old, 2.0)
        own = self._charge_both()
        self.assertEqual(self._others(self.old, own), {})
        self._charge_night(self.late - timedelta(days=1))  # drafts what has accrued since
        charge = self._charge_of(self.old)
        charge.billing_ids.move_id.filtered(lambda move: move.state == "draft").unlink()
        self.env.invalidate_all()
        self.assertGreater(charge.left, 1)
        self._waive(self.old, 1.0, self.late - timedelta(days=1))
        self.assertEqual(self._others(self.old, own), {DONE: self._text(-1)})

    def test_the_lump_sum_of_a_draft_is_claimed(self):
        self._charge_night()
        self.assertEqual(self._others(self.old), {LUMP_SUMS: self._text(40)})

    def test_what_an_invoice_charges_that_is_not_due_yet_is_claimed(self):
        own = self._charge_both()
        rows, _others = self._rows()
        self.assertIn(own.name, rows)
        self.assertEqual(self._others(self.old), {LUMP_SUMS: self._text(40)}, "the sheet leaves the invoice out")
        with self._on(self.late):
            sheet = self.env["ar.payment.order"].browse(self.customer.action_payment_order()["res_id"])
            sheet.item_ids = self._debt(self.old)
            (row,) = sheet._get_sheet_values()["rows"]
        first = self.old.invoice_date_due + timedelta(days=1)
        self.assertEqual(row["interest_from"], format_date(self.env, first))

    def test_what_was_paid_of_such_an_invoice_is_deducted(self):
        own = self._charge_both()
        self._pay(own)
        self.assertEqual(self._others(self.old), {})

    def test_interest_that_people_took_off_an_invoice_is_claimed(self):
        self._charge_night()
        own, charge = self._charge_of(self.old).billing_ids.move_id, self._charge_of(self.old)
        lines = own.invoice_line_ids.filtered(lambda line: line.ar_late_charge_id == charge)
        lines.filtered(lambda line: line.price_unit != 40).price_unit = charge.interest - 3
        own.action_post()
        self.env.invalidate_all()
        self.assertEqual(self._others(self.old, own), {"Earlier interest that no invoice charges": self._text(3)})
