"""The claim as of a day: whatever document holds a late charge, it is claimed once, to the cent."""

import re
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_late_charges import ArLateChargeCommon

#: 5,000 due 15 May 2025, paid 13 August 2025: 131.44 of interest and 40 of lump sum.
WHOLE = Decimal("171.44")


@tagged("post_install", "-at_install")
class TestLateChargesClaim(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="claims-manager")

    def setUp(self):
        super().setUp()
        self.source = self._due(date(2025, 5, 15))
        self.partner = self.source.partner_id
        self._pay(self.source, day=date(2025, 8, 13))
        self.charge = self._accrue(self.partner)

    def _draft(self):
        return self.env["account.move"].browse(self.charge.with_user(self.manager).action_invoice()["res_id"])

    def _post(self, due):
        """Draft and post the invoice of the late charge, of 1 June 2026 and due on a day."""
        with self._on():
            move = self._draft()
            move.write({"invoice_date": date(2026, 6, 1), "invoice_payment_term_id": False})
            move.invoice_date_due = due
            move.action_post()
            self.env.flush_all()
        return move

    def _rows(self, day=None, **values):
        with self._on():
            claim = self.env["ar.late.charge.claim"].create(
                {"customer_id": self._customer(self.partner).id, "date": day or self.TODAY, **values}
            )
            return claim._read_rows()[0]

    def _claimed(self, **values):
        return sum(row.total for row in self._rows(**values))

    def test_a_draft_charges_nobody_yet(self):
        self._draft()
        self.assertEqual(self._claimed(), WHOLE)

    def test_an_invoice_that_is_not_due_yet_is_claimed_with_the_late_charge(self):
        self._post(due=date(2026, 7, 31))
        (row,) = self._rows()
        self.assertEqual((row.open, row.done, row.total), (0, 0, WHOLE))
        self.assertEqual(self._claimed(has_all=True), WHOLE, "listed as an invoice then")

    def test_an_invoice_that_is_due_is_claimed_as_an_invoice(self):
        move = self._post(due=date(2026, 6, 2))
        rows = {row.name: row for row in self._rows()}
        self.assertEqual(rows[move.name].total, WHOLE)
        self.assertEqual(rows.get(self.source.name) and rows[self.source.name].total or 0, 0)

    def test_what_was_paid_of_it_is_claimed_no_more(self):
        move = self._post(due=date(2026, 7, 31))
        self._pay(move, 71.44, day=date(2026, 6, 5))
        self.assertEqual(self._claimed(), Decimal("100.00"))
        self._pay(move, day=date(2026, 6, 6))
        self.assertEqual(self._claimed(), 0)

    def test_a_credit_note_for_it_gives_the_charge_back_to_nobody(self):
        move = self._post(due=date(2026, 7, 31))
        with self._on():
            move._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
            self.env.flush_all()
        self.assertEqual(self._claimed(), 0)

    def test_without_lump_sums_an_invoiced_one_reduces_no_interest(self):
        late = self._due(date(2026, 3, 2), partner=self._partner())
        self.partner = late.partner_id
        with self._on(date(2026, 5, 1)):
            self.charge = self._accrue(self.partner, day=date(2026, 5, 1))
            move = self._draft()
            move.action_post()
            self.env.flush_all()
        charged = Decimal(str(self.charge.billing_ids.interest))
        row = next(row for row in self._rows(has_lump_sums=False) if row.name == late.name)
        self.assertEqual((row.lump_sum, row.done), (0, charged))
        self.assertEqual(row.total, 5000 + row.interest.amount - charged)
        with_lump = next(row for row in self._rows() if row.name == late.name)
        self.assertEqual(with_lump.total, row.total, "the lump sum itself is charged by the invoice")

    def test_the_sheet_adds_up(self):
        self._post(due=date(2026, 7, 31))
        with self._on():
            claim = self.env["ar.late.charge.claim"].create(
                {"customer_id": self._customer(self.partner).id, "date": self.TODAY}
            )
            (group,) = claim._get_sheet_values()["groups"]
        self.assertIn("171.44", group["claimed"])

    def test_its_amounts_add_up_where_more_was_waived_than_is_claimed(self):
        """Without lump sums, by milder rules, or without rules: no more is deducted than is listed above."""
        late = self._due(date(2026, 3, 2), partner=self.partner)
        charges = self._accrue(self.partner)
        waive = self.env["ar.late.charge.waive"].with_user(self.manager)
        waive.create({"charge_ids": [Command.set(charges.ids)], "reason": "Goodwill"}).action_confirm()
        milder = self.regime.copy({"name": "Milder", "points": 1.0, "factor": 0.0})
        cases = {"has_lump_sums": False}, {"regime_id": milder.id}, {"regime_id": False, "has_all": True}
        for values in cases:
            with self._on(), self.subTest(values=values):
                claim = self.env["ar.late.charge.claim"].create(
                    {"customer_id": self._customer(self.partner).id, "date": self.TODAY, **values}
                )
                (group,) = claim._get_sheet_values()["groups"]
                listed = [self._number(amount) for _label, amount in group["totals"]]
                self.assertEqual((sum(listed), self._number(group["claimed"])), (5000, 5000))
                self.assertIn(late.name, [row["name"] for row in group["rows"]])

    @staticmethod
    def _number(text):
        return Decimal(re.sub(r"[^\d.-]", "", text))
