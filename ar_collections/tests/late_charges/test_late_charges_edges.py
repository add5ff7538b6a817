"""Cases in which other programs were reported to charge too much, too little, or twice."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesEdges(ArLateChargeCommon):
    def test_a_rate_of_nothing_leaves_the_lump_sum(self):
        reference = self.regime.reference_id.copy()
        reference.rate_ids.percent = 0.0
        self.regime.write({"reference_id": reference.id, "points": 0.0})
        charge = self._accrue(self._due(date(2026, 3, 2)).partner_id)
        self.assertEqual((charge.interest, charge.lump_sum, charge.left, charge.state), (0.0, 40.0, 40.0, "due"))

    def test_what_changes_together_is_checked_together(self):
        june, july = date(2026, 6, 30), date(2026, 7, 31)
        day = timedelta(days=1)
        first, second = (
            {"date_from": date(2026, 1, 1), "date_to": june, "percent": 2.0}, {"date_from": june + day, "percent": 3.0}
        )  # fmt: skip
        reference = self.env["ar.late.charge.reference"].create(
            {"name": "Own", "rate_ids": [Command.create(first), Command.create(second)]}
        )
        late, early = reference.rate_ids.sorted("date_from", reverse=True)
        changes = [Command.update(early.id, {"date_to": july}), Command.update(late.id, {"date_from": july + day})]
        reference.rate_ids = changes
        for one in changes:
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                reference.rate_ids = [one[:2] + ({"date_to": june} if one[1] == early.id else {"date_from": june},)]
        for values in ({"date_from": june}, {"date_from": july + day + day}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                late.with_context(ar_rows_together=True).write(values)  # as a client might ask
        self.assertEqual((early.date_to, late.date_from), (july, july + day))
        self.regime.lump_sum_ids = [Command.create({"size_from": 1000.0, "amount": 70.0})]
        small, large = self.regime.lump_sum_ids.sorted("size_from")[:2]
        sizes = small.size_from, large.size_from
        self.regime.lump_sum_ids = [
            Command.update(small.id, {"size_from": sizes[1]}), Command.update(large.id, {"size_from": sizes[0]})
        ]  # fmt: skip
        self.assertEqual((small.size_from, large.size_from), sizes[::-1])

    def test_what_was_prepaid_is_not_charged_whenever_it_is_matched(self):
        invoice = self._due(date(2026, 3, 2), 1000.0)
        item = self._debt(invoice)
        payment = self.env["account.payment"].create(
            {"partner_id": invoice.partner_id.id, "amount": 1000.0, "date": date(2026, 2, 1), "payment_type": "inbound",
             "partner_type": "customer"}
        )  # fmt: skip
        payment.action_post()
        self.assertFalse(self._accrue(invoice.partner_id).filtered("total"))
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_id == item.account_id)
        with self._on():
            (item | credit).reconcile()
            self.env.flush_all()
        self.assertFalse(self._accrue(invoice.partner_id).filtered("total"))

    def test_a_credit_note_counts_whether_linked_or_not_until_it_is_undone(self):
        for reverses in (True, False):
            with self.subTest(reverses=reverses):
                invoice = self._due(date(2026, 3, 2), 1000.0)
                whole = self._accrue(invoice.partner_id).interest
                note = self._note(invoice, 400.0, date(2026, 3, 2), reverses=reverses)
                self.assertEqual(self._accrue(invoice.partner_id).interest, round(600 * 0.1015 * 100 / 365, 2))
                note.button_draft()
                self.assertEqual(self._accrue(invoice.partner_id).interest, whole)

    def test_claims_of_two_days_charge_no_day_twice(self):
        invoice = self._due(date(2026, 3, 2), 1000.0)
        interest = {}
        for day in (date(2026, 5, 1), self.TODAY):
            with self._on(day):
                claim = self.env["ar.late.charge.claim"].create(
                    {"customer_id": self._customer(invoice.partner_id).id, "date": day}
                )
                (row,) = claim._read_rows()[0]
                interest[day] = row.interest.amount
                self.assertEqual(row.interest.periods[0].after, date(2026, 3, 2))
        self.assertEqual(float(interest[self.TODAY]), self._accrue(invoice.partner_id).interest)
        self.assertGreater(interest[self.TODAY], interest[date(2026, 5, 1)])

    def test_what_a_late_charge_is_paid_with_does_not_settle_the_invoice(self):
        invoice = self._due(date(2026, 3, 2), 1000.0)
        charge = self._accrue(invoice.partner_id)
        with self._on():
            move = charge.sudo()._draft_invoices()
            move.action_post()
            self._pay(move)
            self.env.flush_all()
        self.assertEqual((invoice.amount_residual, move.amount_residual), (1000.0, 0.0))
        later = self._accrue(invoice.partner_id, day=date(2026, 6, 20))
        self.assertGreater(later.left, 0, "interest on the principal runs on")

    def test_losses_survive_payments_and_a_reset(self):
        invoice = self._due(date(2026, 3, 2), 1000.0)
        self._lose(invoice, 300.0, date(2026, 4, 1))
        self._pay(invoice, 200.0, day=date(2026, 5, 1))
        self.assertEqual(invoice.amount_residual, 500.0)
        charge = self._accrue(invoice.partner_id)
        expected = sum(
            amount * 0.1015 * (last - date(2026, 3, 2)).days / 365
            for amount, last in ((300, date(2026, 4, 1)), (200, date(2026, 5, 1)), (500, self.TODAY))
        )
        self.assertAlmostEqual(charge.interest, round(expected, 2), 2)

    def test_put_on_the_same_draft_twice_it_is_charged_as_the_lines_say(self):
        invoice = self._due(date(2026, 3, 2), 1000.0)
        draft = self._due(date(2026, 6, 30), 50.0, invoice.partner_id)
        draft.button_draft()
        for day in (date(2026, 5, 1), self.TODAY):
            charge = self._accrue(invoice.partner_id, day=day).filtered(lambda row: row.move_id == invoice)
            with self._on(day):
                self.assertEqual(charge.sudo()._add_to_drafts(), draft)
            self.env.invalidate_all()
        lines = draft.invoice_line_ids.filtered("ar_late_charge_id")
        self.assertEqual(len(lines), 3, "interest twice, the lump sum once")
        with self._on():
            draft.action_post()
        self.env.invalidate_all()
        self.assertAlmostEqual(charge.charged, sum(lines.mapped("price_subtotal")), 2)
        self.assertEqual((len(charge.billing_ids), charge.left, charge.state), (1, 0.0, "charged"))

    # === BOOKED LATE === #

    def _charged(self, posts=True):
        """Return an invoice of 1 March and its late charge, which is invoiced on 17 March."""
        invoice = self._due(date(2026, 3, 1))
        charge = self._accrue(invoice.partner_id, day=date(2026, 3, 17))
        self.assertEqual((charge.state, charge.left), ("due", 62.25))
        move = charge.sudo()._draft_invoices()
        if posts:
            move.action_post()
        return invoice, charge

    def test_a_payment_that_is_booked_late_takes_back_what_it_ends(self):
        self.policy.write({"late_charge_from_days": 10, "late_charge_grace_days": 5})
        for posts, count in ((False, 0), (True, 2)):
            invoice, charge = self._charged(posts)
            self._pay(invoice, day=date(2026, 3, 5))
            for night in (26, 27):
                self._accrue(invoice.partner_id, day=date(2026, 3, night))
                self.assertEqual((charge.state, charge.charged, charge.lump_sum), ("paid_in_time", 0.0, 0.0))
                self.assertEqual(len(charge.billing_ids), count)
        invoice, charge = self._charged()
        self.policy.late_charge_grace_days = 30
        self._pay(invoice, day=date(2026, 3, 18))
        self._accrue(invoice.partner_id, day=date(2026, 3, 26))
        self.assertEqual((charge.state, charge.charged), ("paid_in_time", 62.25), "the policy takes nothing back")

    def test_a_part_that_is_booked_late_takes_back_its_interest(self):
        self.policy.write({"late_charge_from_days": 10, "late_charge_grace_days": 5})
        invoice, charge = self._charged()
        self._pay(invoice, 1000.0, day=date(2026, 3, 5))
        self._accrue(invoice.partner_id, day=date(2026, 3, 17))
        back = charge.billing_ids[1]
        self.assertEqual((back.interest, back.lump_sum, back.move_id.state), (-3.34, 0.0, "draft"))
        self.regime.points = 1.0
        back.move_id.unlink()  # by a person who knows better
        self._accrue(invoice.partner_id, day=date(2026, 3, 17))
        self.assertEqual(charge.charged, 62.25)

    def test_an_invoice_that_is_posted_again_with_less_takes_back_the_rest(self):
        invoice, charge = self._charged()
        move = charge.billing_ids.move_id
        move.button_draft()
        invoice.button_draft()
        invoice.write({"invoice_line_ids": [Command.update(invoice.invoice_line_ids.id, {"price_unit": 2500.0})]})
        invoice.action_post()
        self._accrue(invoice.partner_id, day=date(2026, 3, 17))
        self.assertEqual(move.state, "cancel", "its number was used")
        self.assertEqual((charge.charged, charge.left, charge.state), (0.0, 51.12, "due"))
