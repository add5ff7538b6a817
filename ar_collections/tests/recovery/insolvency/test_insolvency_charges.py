"""Late charges and legal costs share the fate of the debts they are about, whenever they are invoiced."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError

from ...late_charges.common_late_charges import LateChargeMixin
from .common_insolvency import OPENED, InsolvencyCommon


class TestInsolvencyCharges(LateChargeMixin, InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_legal_cost_account_id = cls.account

    def _charges_of(self, *invoices):
        with self._on():
            return self._accrue(self.partner).filtered(lambda charge: charge.move_id in invoices)

    def _press(self, records, method="action_invoice"):
        """Draft invoices as a manager does, and post them; return them."""
        with self._on():
            action = getattr(records.with_user(self.manager), method)()
            ids = [action["res_id"]] if action.get("res_id") else action["domain"][0][2]
            moves = self.env["account.move"].browse(ids)
            moves.action_post()
            self.env.flush_all()
        self.env.invalidate_all()
        return moves

    def _cost(self, day=None, **values):
        values = {"customer_id": self.customer.id, "name": "Fee", "amount": 36.0, "date": day or self.TODAY, **values}
        with self._on():
            return self.env["ar.legal.cost"].with_user(self.collector).create(values)

    def test_late_charges_of_old_debts_are_held_and_those_of_later_ones_asked_for(self):
        insolvency = self._open()
        charges = self._charges_of(self.old, self.new, self.later)
        self.assertEqual(len(charges), 3)
        moves = self._press(charges)
        later = moves.filtered(lambda move: move.invoice_line_ids.ar_late_charge_id.move_id == self.later)
        old = moves - later
        self.assertEqual((len(old), len(later)), (1, 1))
        self.assertEqual(old.invoice_line_ids.ar_late_charge_id.move_id, self.old | self.new)
        self.assertEqual(self._held()[old.name], old.amount_total)
        self.assertNotIn(later.name, self._held())
        self.assertAlmostEqual(insolvency.amount_open, 400.0 + old.amount_total, 2)
        with self._on():
            self.assertEqual(moves._ar_find_claimed(), old)

    def test_what_was_invoiced_before_is_held_once_they_open(self):
        moves = self._press(self._charges_of(self.old, self.later))
        self.assertEqual(len(moves), 1, "together")
        self._open()
        self.assertNotIn(moves.name, self._held(), "the later debt decides about both")

    def test_with_what_was_sold_later_it_counts_from_its_own_day(self):
        self._open()
        with self._on():
            charges = self._charges_of(self.old)
            action = charges.with_user(self.manager).action_invoice()
            move = self.env["account.move"].browse(action["res_id"])
            move.invoice_line_ids = [Command.create({"name": "Work", "price_unit": 10.0, "tax_ids": []})]
            move.action_post()
        self.assertNotIn(move.name, self._held())

    def test_what_an_error_charged_is_taken_back_up_to_the_opening(self):
        self._open()
        charge = self._charges_of(self.old)
        self._press(charge)
        self._note(self.old, 150.0, self.TODAY)
        self._charges_of(self.old)
        self.assertEqual(charge.days, (OPENED - charge.date_due).days)
        self.assertEqual((charge.charged, charge.state), (charge.total, "charged"))
        self.assertAlmostEqual(charge.interest, 150 * 0.1015 * charge.days / 365, 2)

    def test_nothing_that_is_claimed_is_put_on_the_next_invoice(self):
        self._open()
        draft = self._invoice(self.partner, amount=70.0, invoice_date=self.TODAY)
        draft.button_draft()
        charges = self._charges_of(self.old, self.later)
        with self.assertRaisesRegex(UserError, "use Invoice"):
            self._press(charges.filtered(lambda charge: charge.move_id == self.old), "action_next_invoice")
        self.assertEqual(self._press(charges, "action_next_invoice"), draft)
        self.assertEqual(draft.invoice_line_ids.ar_late_charge_id.move_id, self.later)

    def test_later_charges_are_not_put_on_our_draft_of_claimed_ones(self):
        self._open()
        charges = self._charges_of(self.old, self.later)
        claimed = charges.filtered(lambda charge: charge.move_id == self.old)
        with self._on():
            claimed.with_user(self.manager).action_invoice()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "use Invoice"):
            self._press(charges - claimed, "action_next_invoice")

    def test_the_night_drafts_nothing_that_is_claimed(self):
        self._open()
        self.policy.late_charge_invoicing = "own"
        self._charge_night()
        self.assertEqual(self._charges(self.partner).billing_ids.source_move_id, self.later)

    def test_costs_of_a_case_about_old_debts_are_held(self):
        placement = self._place(self.old)
        self._open()
        costs = self._cost(placement_id=placement.id) | self._cost() | self._cost(OPENED - timedelta(days=3))
        moves = self._press(costs)
        later = moves.filtered(lambda move: move.invoice_line_ids.ar_legal_cost_id == costs[1])
        self.assertEqual((len(moves), len(later)), (2, 1))
        old = moves - later
        self.assertEqual(self._held()[old.name], 72.0)
        self.assertNotIn(later.name, self._held())

    def test_interest_on_such_costs_is_held_with_them(self):
        placement = self._place(self.old)
        self.regime.costs_bear_interest = True
        costs = self._press(self._cost(date(2026, 3, 1), placement_id=placement.id))
        costs.button_draft()
        costs.write({"invoice_date": date(2026, 5, 12), "invoice_payment_term_id": False})
        costs.invoice_date_due = date(2026, 5, 14)
        costs.action_post()
        charge = self._charges_of(costs)
        self.assertGreater(charge.total, 0)
        move = self._press(charge)
        self._open()
        held = self._held()
        self.assertIn(costs.name, held)
        self.assertIn(move.name, held)

    def test_costs_take_no_lump_sums_of_the_other_side(self):
        self.regime.lump_sum_counts = True
        self._open()
        self._charges_of(self.old, self.new, self.later)
        costs = self._cost(amount=150.0, kind="lawyer") | self._cost(OPENED, amount=150.0, kind="lawyer")
        self.assertEqual(self._counted(costs), {self.later: 40.0, self.old: 40.0, self.new: 40.0})
        self.assertEqual(self._counted(costs[0]), {self.later: 40.0})
        self.assertEqual(self._counted(costs[1]), {self.old: 40.0, self.new: 40.0})
        later = self._press(costs[0])
        self.assertEqual(later.invoice_line_ids.ar_lump_sum_of_id.move_id, self.later)

    def _counted(self, costs):
        """Return {invoice: amount} of the lump sums that an invoice of these costs would set off."""
        with self._on():
            found = costs.sudo()._count_lump_sums(self.customer, self.company.currency_id)
        return {charge.move_id: float(amount) for charge, amount in found.items()}

    def test_ordinary_debts_cost_two_queries(self):
        self._open()
        items = self._debt(self.old) | self._debt(self.new) | self._debt(self.later)
        self.env.flush_all()
        with self.assertQueryCount(2):
            days = self.env["ar.debt.day"]._read_days(items.ids)
        self.assertEqual(days[self._debt(self.later).id], date(2026, 5, 20))


class TestInsolvencySetOff(InsolvencyCommon):
    """Credits from before the opening cover no later debts: whether one is set off, a person decides."""

    def _usable(self):
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        return sum(credit.amount for credit in facts.usable_credits)

    def test_old_credits_cover_no_later_debts(self):
        self._invoice(self.partner, amount=40.0, move_type="out_refund", invoice_date=OPENED)
        self.assertEqual(self._usable(), 40)
        self._open()
        self.assertEqual(self._usable(), 0)
        self._invoice(self.partner, amount=15.0, move_type="out_refund", invoice_date=OPENED + timedelta(days=1))
        self.assertEqual(self._usable(), 15, "what is later is set off against what is later")

    def test_the_page_asks_for_later_debts_in_full(self):
        self._invoice(self.partner, amount=40.0, move_type="out_refund", invoice_date=OPENED)
        self._open()
        with self._on():
            (group,) = self.customer.sudo()._get_page_values()["groups"]
        self.assertEqual((group["pay_all"], group["credit"]), (50.0, 40.0))
        self.assertFalse(group["credits"][0]["is_usable"])

    def test_they_cover_all_again_where_they_are_lifted(self):
        self._invoice(self.partner, amount=40.0, move_type="out_refund", invoice_date=OPENED)
        insolvency = self._open()
        self._finish(insolvency, "lifted")
        self.assertEqual(self._usable(), 40)

    def test_old_credits_of_a_branch_cover_no_later_debts_either(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.partner.with_company(branch).property_account_receivable_id = self._debt(self.old).account_id
        sales = {"company": branch, "journal_id": self.company_data["default_journal_sale"].id}
        self._invoice(self.partner, amount=40.0, move_type="out_refund", invoice_date=OPENED, **sales)
        self.assertEqual(self._usable(), 40)
        insolvency = self._open()
        self.assertEqual(self._usable(), 0)
        day = OPENED + timedelta(days=1)
        self._invoice(self.partner, amount=15.0, move_type="out_refund", invoice_date=day, **sales)
        self.assertEqual(self._usable(), 15)
        self._finish(insolvency, "lifted")
        self.assertEqual(self._usable(), 55)
