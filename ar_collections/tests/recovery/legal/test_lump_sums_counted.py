"""Lump sums for late payment count against legal costs where the rules say so: the customer owes the higher of both."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_legal_costs import LegalCostCommon


@tagged("post_install", "-at_install")
class TestLumpSumsCounted(LegalCostCommon):
    """Two late invoices with a lump sum of 40 each."""

    def setUp(self):
        super().setUp()
        self.regime.lump_sum_counts = True
        self.charges = self._accrue()

    def _charge(self, charges):
        """Draft the invoice of late charges as a manager does, and post it; return it."""
        with self._on():
            move = self.env["account.move"].browse(charges.with_user(self.manager).action_invoice()["res_id"])
            move.action_post()
            self.env.flush_all()
        self.env.invalidate_all()
        return move

    def _waive(self, charge, amount=None):
        with self._on():
            charge.sudo()._waive("Goodwill", amount, self.manager)
        self.env.invalidate_all()

    def _claim(self, **values):
        """Return the totals of the claim as of today: {label: text}, with ``claimed``."""
        with self._on():
            claim = self.env["ar.late.charge.claim"].create(
                {"customer_id": self.customer.id, "date": self.TODAY, "regime_id": self.regime.id, **values}
            )
            (group,) = claim._get_sheet_values()["groups"]
        return {**dict(group["totals"]), "claimed": group["claimed"]}

    def test_the_rules_of_germany_say_so(self):
        self.assertTrue(self.env.ref("ar_collections.late_charge_regime_de").lump_sum_counts)
        self.assertEqual(self.charges.mapped("lump_sum"), [40, 40])

    def test_without_such_a_rule_both_are_owed(self):
        self.regime.lump_sum_counts = False
        move = self._draft(self._cost(150, kind="lawyer"))
        self.assertEqual((move.amount_total, len(move.invoice_line_ids)), (150, 1))

    def test_what_was_charged_before_is_set_off(self):
        self._charge(self.charges)
        move = self._draft(self._cost(150, kind="lawyer"))
        self.assertEqual((move.amount_total, move.ar_late_charges), (70, False))
        self.assertIn("counted against costs", move.invoice_line_ids[1].name)
        self.assertEqual(self._draft(self._cost(50, kind="bailiff")).amount_total, 50, "counted once")

    def test_what_was_never_charged_is_charged_with_the_costs(self):
        move = self._draft(self._cost(150, kind="lawyer"))
        self.assertEqual(move.amount_total, 150)
        self.assertEqual(sorted(move.invoice_line_ids.mapped("price_unit")), [-40, -40, 40, 40, 150])
        self.assertEqual(self.charges.billing_ids.mapped("lump_sum"), [40, 40])
        self.assertEqual(self._draft(self._cost(50, kind="bailiff")).amount_total, 50, "counted once")
        move.action_post()
        self.assertFalse(move.narration, "no interest is charged, so none is explained")
        self.assertEqual(set(self._charge(self.charges).invoice_line_ids.mapped("product_id.name")),
                         {"Interest for late payment"})  # fmt: skip

    def test_waived_afterwards_the_costs_stay_whole(self):
        move = self._draft(self._cost(150, kind="lawyer"))
        for charge in self.charges:
            self.assertAlmostEqual(charge.left, charge.interest, 2)
            self._waive(charge)
        self.assertEqual(move.amount_total, 150)

    def test_what_was_waived_before_does_not_count(self):
        self._waive(self.charges[0])
        move = self._draft(self._cost(150, kind="lawyer"))
        self.assertEqual(sorted(move.invoice_line_ids.mapped("price_unit")), [-40, 40, 150])

    def test_what_people_took_off_the_draft_is_not_waived(self):
        move = self._draft(self._cost(150, kind="lawyer"))
        charge = self.charges[0]
        move.invoice_line_ids.filtered(lambda line: line.ar_late_charge_id == charge).unlink()
        self.assertEqual(move.amount_total, 110)
        self.assertAlmostEqual(charge.left, charge.interest + 40, 2)
        with self.assertRaisesRegex(UserError, "set off against legal costs: waive the rest only"):
            self._waive(charge)
        self._waive(charge, charge.interest)
        self.assertEqual(charge.left, 40)
        move.invoice_line_ids.filtered(lambda line: line.ar_lump_sum_of_id == charge).unlink()
        self.assertEqual(move.amount_total, 150)
        self._waive(charge)

    def test_they_count_up_to_the_costs_of_their_own_case(self):
        self._charge(self.charges)
        placement = self._place(self.old)
        totals = [self._draft(self._cost(30, placement_id=placement.id)).amount_total for _number in range(2)]
        self.assertEqual(totals, [0, 20], "30 less 30, then 30 less 10")
        self.assertEqual(self._draft(self._cost(9, kind="return")).amount_total, 9, "no cost of pursuit")

    def _check_whole(self, cost, states):
        """Check that the costs are charged whole, and no lump sum with them."""
        move = self._draft(cost)
        self.assertEqual(move.invoice_line_ids.mapped("price_unit"), [150])
        self.assertEqual((self.charges.mapped("state"), self.charges.mapped("charged")), (states, [0, 0]))

    def test_what_must_not_be_charged_yet_is_not_charged_with_costs(self):
        self.policy.late_charge_from_days = 365
        self._check_whole(self._cost(150, kind="lawyer"), ["waiting", "waiting"])

    def test_what_an_agency_has_is_not_charged_with_the_costs_of_its_case(self):
        placement = self._place(self.old)
        self._check_whole(self._cost(150, kind="lawyer", placement_id=placement.id), ["held", "due"])

    def test_what_a_second_person_decides_about_is_not_charged_with_costs(self):
        self.policy.write({"uses_late_charge_second": True, "late_charge_second_above": 0})
        for charge in self.charges:
            self._waive(charge)
        self._check_whole(self._cost(150, kind="lawyer"), ["due", "due"])

    def test_interest_that_is_taken_off_a_draft_leaves_the_set_off_there(self):
        self._charge(self.charges)
        move = self._draft(self._cost(150, kind="lawyer"))
        charge = self.charges[0]
        move.invoice_line_ids = [Command.create({"name": "Interest", "price_unit": 1, "ar_late_charge_id": charge.id})]
        self.env["ar.late.charge.billing"].sudo()._add(move, {charge: (1.0, 0.0)})
        row = charge.billing_ids.filtered(lambda row: row.move_id == move)
        self.assertEqual(row._get_own_lines().mapped("name"), ["Interest"])

    def test_a_credited_invoice_takes_both_lines_off_the_draft(self):
        move = self._draft(self._cost(150, kind="lawyer"))
        self.policy.late_charge_credits = "start"
        with self._on():
            self.old._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
            self._accrue()
        self.assertEqual(sorted(move.invoice_line_ids.mapped("price_unit")), [-40, 40, 150])

    def _credit_old(self):
        """Credit the old invoice, which was never owed; let two nights take back what was charged; return the notes."""
        self.policy.late_charge_credits = "start"
        before = self.env["account.move"].search([("move_type", "=", "out_refund")])
        with self._on():
            credit = self.old._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
            self._accrue()
            self._accrue()
        return self.env["account.move"].search([("move_type", "=", "out_refund")]) - before - credit

    def test_a_lump_sum_that_was_set_off_is_not_taken_back(self):
        move = self._draft(self._cost(150, kind="lawyer"))
        move.action_post()
        self.assertFalse(self._credit_old(), "150 less 40 with 40: the costs are owed")

    def test_of_a_lump_sum_the_rest_is_taken_back(self):
        move = self._draft(self._cost(15, kind="lawyer"))
        move.action_post()
        self.assertEqual((move.amount_total, self._credit_old().mapped("amount_total")), (40, [25]))

    def test_interest_beside_a_lump_sum_that_was_set_off_is_taken_back(self):
        self._charge(self.charges)
        interest = self.charges[0].interest
        self._draft(self._cost(150, kind="lawyer")).action_post()
        self.assertEqual(self._credit_old().mapped("amount_total"), [interest])

    def test_nothing_is_put_on_a_draft_of_costs(self):
        self._draft(self._cost(150, kind="lawyer"))
        with self._on(), self.assertRaisesRegex(UserError, "use Invoice"):
            self.charges.with_user(self.manager).action_next_invoice()

    def test_without_an_account_for_late_charges_the_message_says_the_way_out(self):
        self.company.ar_late_charge_account_id = False
        cost = self._cost(150, kind="lawyer")
        with self.assertRaisesRegex(UserError, "Settings > Invoicing > Late Charges"):
            self._draft(cost)
        self.assertEqual(cost.state, "open")

    def test_the_claim_counts_both_or_neither(self):
        self._cost(150, kind="lawyer")
        totals = self._claim()
        self.assertIn("80.00", totals["Lump sums"])
        self.assertIn("80.00", totals["Lump sums counted against costs"])
        totals = self._claim(has_lump_sums=False)
        self.assertNotIn("Lump sums", totals)
        self.assertNotIn("Lump sums counted against costs", totals)

    def test_a_charged_lump_sum_counts_in_the_claim_without_lump_sums(self):
        self._charge(self.charges)
        self._cost(150, kind="lawyer")
        self.assertIn("80.00", self._claim(has_lump_sums=False)["Lump sums counted against costs"])

    def test_a_lump_sum_that_the_claim_does_not_list_does_not_count(self):
        day = self.new.invoice_date_due
        self._cost(150, kind="lawyer", date=day - timedelta(days=1))
        totals = self._claim(date=day)
        self.assertIn("40.00", totals["Lump sums"])
        self.assertIn("40.00", totals["Lump sums counted against costs"])

    def test_a_draft_charges_no_lump_sum_that_counts(self):
        with self._on():
            self.charges.with_user(self.manager).action_invoice()
        self.env.invalidate_all()
        self._cost(150, kind="lawyer")
        totals = self._claim()
        self.assertIn("80.00", totals["Lump sums"])
        self.assertIn("80.00", totals["Lump sums counted against costs"])
        self.assertNotIn("Lump sums counted against costs", self._claim(has_lump_sums=False))

    def test_the_draft_of_other_costs_sets_nothing_off_in_the_claim(self):
        self._draft(self._cost(150, kind="lawyer"))
        self._cost(50, kind="bailiff")
        totals = self._claim()
        self.assertIn("80.00", totals["Lump sums"])
        self.assertIn("50.00", totals["Lump sums counted against costs"])
