"""Late charges follow the books: payments, credit notes, disputes, currencies, changed invoices and customers."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.money import to_decimal

from ..common import PROBLEM_LOG
from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesAccrued(ArLateChargeCommon):
    def test_interest_and_lump_sum_of_an_invoice_that_is_late(self):
        invoice = self._due(date(2025, 5, 15))
        charge = self._accrue(invoice.partner_id, day=date(2025, 8, 13))
        self.assertEqual((charge.interest, charge.lump_sum, charge.total, charge.days), (131.44, 40.0, 171.44, 90))
        self.assertEqual((charge.state, charge.left, charge.move_id), ("due", 171.44, invoice))

    def test_it_stays_to_be_charged_after_the_invoice_was_paid(self):
        invoice = self._due(date(2025, 5, 15))
        self._pay(invoice, day=date(2025, 8, 13))
        charge = self._accrue(invoice.partner_id)
        self.assertEqual((charge.interest, charge.paid_on, charge.residual), (131.44, date(2025, 8, 13), 0.0))
        self.assertEqual((charge.state, charge.left), ("due", 171.44))

    def test_what_was_paid_in_time_or_early_is_not_charged(self):
        in_time, early = (self._due(date(2026, 3, 2), partner=self._partner()) for _number in range(2))
        self._pay(in_time, day=date(2026, 3, 2))
        self._pay(early, day=date(2026, 2, 1))
        self.assertFalse(self._accrue(in_time.partner_id, early.partner_id))

    def test_small_differences_bear_nothing_open_or_written_off(self):
        invoice = self._due(date(2026, 3, 2))
        self._pay(invoice, amount=4998.0, day=date(2026, 3, 2))
        self.assertFalse(self._accrue(invoice.partner_id))
        self._lose(invoice, 2.0, date(2026, 4, 1))
        self.assertFalse(self._accrue(invoice.partner_id))

    def test_what_is_written_off_is_not_paid(self):
        self.policy.write({"late_charge_invoicing": "own", "late_charge_grace_days": 60})
        invoice = self._due(date(2025, 5, 15))
        self._lose(invoice, 5000.0, date(2025, 6, 30))
        charge = self._accrue(invoice.partner_id)
        self.assertEqual((charge.days, charge.paid_on, charge.state), (46, False, "due"))
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        self.assertFalse(charge.billing_ids)

    def test_money_that_is_not_matched_yet_counts(self):
        invoice = self._due(date(2026, 3, 2))
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "amount": 5000.0,
                "date": date(2026, 2, 27),
            }
        ).action_post()
        self.assertFalse(self._accrue(invoice.partner_id))

    def test_parts_and_a_credit_note_that_works_back(self):
        invoice = self._due(date(2025, 2, 28), 8000.0)
        self._pay(invoice, 3000.0, day=date(2025, 3, 20))
        self._note(invoice, 1000.0, date(2025, 4, 10))
        self._pay(invoice, 4000.0, day=date(2025, 5, 30))
        self.assertEqual(self._accrue(invoice.partner_id).interest, 129.52)

    def test_a_credit_note_from_its_own_date(self):
        self.policy.late_charge_credits = "day"
        invoice = self._due(date(2025, 2, 28), 8000.0)
        self._pay(invoice, 3000.0, day=date(2025, 3, 20))
        self._note(invoice, 1000.0, date(2025, 4, 10))
        self._pay(invoice, 4000.0, day=date(2025, 5, 30))
        self.assertEqual(self._accrue(invoice.partner_id).interest, 142.05)

    def _dispute(self, invoice, amount):
        item = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        return self.env["ar.dispute"]._raise_dispute(
            self._customer(invoice.partner_id), reason, {item.id: amount}, "Wrong"
        )

    def test_disputed_amounts_bear_nothing_until_they_are_answered(self):
        invoice = self._due(date(2025, 1, 31))
        day = date(2025, 4, 1)
        self.assertEqual(self._accrue(invoice.partner_id, day=day).interest, 91.64)
        dispute = self._dispute(invoice, to_decimal(1000))
        self.assertEqual(self._accrue(invoice.partner_id, day=day).interest, 73.32)
        dispute.sudo().write({"state": "rejected", "date_resolved": day})
        self.assertEqual(self._accrue(invoice.partner_id, day=day).interest, 91.64)
        dispute.sudo().write({"state": "partly"})
        dispute.sudo().line_ids.amount_accepted = 1000.0
        self.assertEqual(self._accrue(invoice.partner_id, day=day).interest, 73.32)

    def test_an_open_dispute_takes_no_lump_sum_back(self):
        invoice = self._due(date(2025, 5, 15), 1000.0)
        charge = self._accrue(invoice.partner_id)
        charge.sudo()._draft_invoices().action_post()
        tenth = charge.interest / 10
        self._note(invoice, 100.0, self.TODAY)
        dispute = self._dispute(invoice, to_decimal(900))
        self._accrue(invoice.partner_id)
        back = charge.billing_ids[1]
        self.assertEqual((back.lump_sum, charge.lump_sum, charge.left), (0.0, 40.0, 0.0))
        self.assertAlmostEqual(-back.interest, tenth, delta=0.011)
        dispute.sudo().write({"state": "rejected", "date_resolved": self.TODAY})
        self._accrue(invoice.partner_id)
        self.assertEqual((charge.left, charge.state, len(charge.billing_ids)), (0.0, "charged", 2))

    def test_persons_are_not_charged_unless_the_policy_says_so(self):
        person = self._partner(name="Jane Doe", is_company=False)
        self._due(date(2026, 3, 2), partner=person)
        self.assertFalse(self._accrue(person))
        self.policy.late_charge_persons = True
        self.assertTrue(self._accrue(person))

    def test_nothing_is_charged_without_rules_and_before_the_first_day(self):
        invoice = self._due(date(2026, 3, 2))
        self.policy.late_charge_since = date(2026, 3, 3)
        self.assertFalse(self._accrue(invoice.partner_id))
        self.policy.write({"late_charge_since": date(2026, 3, 2), "late_charge_regime_id": False})
        self.assertFalse(self._accrue(invoice.partner_id))

    def test_charges_of_a_policy_that_stops_fall_away(self):
        invoice = self._due(date(2026, 3, 2))
        charge = self._accrue(invoice.partner_id)
        self.policy.late_charge_regime_id = False
        self._accrue(invoice.partner_id)
        self.assertEqual((charge.state, charge.left, charge.total), ("nothing", 0.0, 0.0))

    def test_one_lump_sum_for_an_invoice_with_installments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        invoice = self._due(date(2026, 3, 2), invoice_payment_term_id=term.id)
        charges = self._accrue(invoice.partner_id)
        self.assertEqual(len(charges), 2)
        self.assertEqual(sorted(charges.mapped("lump_sum")), [0.0, 40.0])

    def test_the_lump_sum_passes_on_from_an_installment_that_was_paid_in_time(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        self.policy.late_charge_grace_days = 10
        invoice = self._due(date(2026, 3, 2), invoice_payment_term_id=term.id)
        first, second = self._debt(invoice)
        self.assertEqual(self._accrue(invoice.partner_id, day=second.date_maturity).mapped("lump_sum"), [40.0])
        self._pay(invoice, 2500.0, day=first.date_maturity + timedelta(days=5))
        self.assertTrue(first.reconciled)
        charges = self._accrue(invoice.partner_id, day=second.date_maturity + timedelta(days=20))
        self.assertEqual(charges.mapped("state"), ["paid_in_time", "due"])
        self.assertEqual(charges.mapped("lump_sum"), [0.0, 40.0])

    def test_a_lump_sum_that_was_charged_passes_on_once_it_is_taken_back(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        self.policy.late_charge_grace_days = 10
        invoice = self._due(date(2026, 3, 2), invoice_payment_term_id=term.id)
        first, second = self._debt(invoice)
        self._accrue(invoice.partner_id, day=second.date_maturity).sudo()._draft_invoices().action_post()
        self._pay(invoice, 2500.0, day=first.date_maturity + timedelta(days=5))  # a bank statement that came late
        charges = self._accrue(invoice.partner_id, day=second.date_maturity + timedelta(days=20))
        self.assertEqual(charges.mapped("state"), ["paid_in_time", "due"])
        self.assertEqual((charges[0].charged, charges[0].billing_ids.mapped("lump_sum")), (0.0, [40.0, -40.0]))
        charges = self._accrue(invoice.partner_id, day=second.date_maturity + timedelta(days=21))
        self.assertEqual(charges.mapped("lump_sum"), [0.0, 40.0])

    def test_lump_sums_by_the_size_of_the_invoice(self):
        self.regime.lump_sum_ids.unlink()
        self.regime.lump_sum_ids = [
            Command.create({"size_from": size, "amount": amount})
            for size, amount in ((0, 40), (1000, 70), (10000, 100))
        ]
        partner = self._partner()
        for amount in (999.99, 1000.0, 9999.99, 10000.0):
            self._due(date(2026, 3, 2), amount, partner)
        self.assertEqual(self._accrue(partner).mapped("lump_sum"), [40.0, 70.0, 70.0, 100.0])

    def test_an_invoice_in_another_currency_is_charged_in_its_own(self):
        other = self.env.ref("base.CHF" if self.company.currency_id.name != "CHF" else "base.EUR")
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "name": "2020-01-01", "rate": 2.0, "company_id": self.company.id}
        )
        invoice = self._due(date(2025, 5, 15), currency_id=other.id)
        charge = self._accrue(invoice.partner_id, day=date(2025, 8, 13))
        self.assertEqual((charge.currency_id, charge.interest, charge.lump_sum), (other, 131.44, 80.0))
        charge.sudo()._waive("Agreed", 31.44, self.env.user)
        invoice.button_draft()
        invoice.currency_id = self.company.currency_id  # the wrong one was chosen
        invoice.action_post()
        self.assertEqual(self._accrue(invoice.partner_id, day=date(2025, 8, 13)), charge)
        self.assertEqual((charge.currency_id, charge.total), (self.company.currency_id, 171.44))
        self.assertEqual((charge.waived, charge.left), (15.72, 155.72))

    def test_an_invoice_that_is_reset_and_posted_again_keeps_its_charge(self):
        invoice = self._due(date(2026, 3, 2))
        charge = self._accrue(invoice.partner_id)
        before = charge.total
        invoice.button_draft()
        self._accrue(invoice.partner_id)
        self.assertEqual(charge.total, before)
        invoice.write({"invoice_line_ids": [Command.update(invoice.invoice_line_ids.id, {"price_unit": 2500.0})]})
        invoice.action_post()
        self.assertEqual(self._accrue(invoice.partner_id), charge)
        self.assertEqual((charge.amount, charge.lump_sum), (2500.0, 40.0))
        self.assertTrue(charge.move_line_id.exists())

    def test_a_canceled_invoice_has_no_charge(self):
        invoice = self._due(date(2026, 3, 2))
        charge = self._accrue(invoice.partner_id)
        invoice.button_draft()
        invoice.button_cancel()
        self._accrue(invoice.partner_id)
        self.assertEqual((charge.total, charge.left, charge.state), (0.0, 0.0, "nothing"))

    def test_charges_follow_customers_that_are_merged(self):
        kept, gone = self._partner(name="Kept"), self._partner(name="Gone")
        invoice = self._due(date(2026, 3, 2), partner=gone)
        charge = self._accrue(gone)
        self._customer(kept)
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .sudo()
            .create({"partner_ids": [Command.set((kept | gone).ids)], "dst_partner_id": kept.id, "state": "selection"})
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual((charge.customer_id, charge.partner_id), (self._customer(kept), kept))
        self.assertEqual(self._accrue(kept), charge)
        self.assertEqual(charge.move_id, invoice)

    def test_an_undone_payment_lets_the_interest_run_on(self):
        invoice = self._due(date(2025, 5, 15))
        self._pay(invoice, day=date(2025, 8, 13))
        charge = self._accrue(invoice.partner_id)
        invoice.line_ids.remove_move_reconcile()
        self.env["account.payment"].search([("partner_id", "=", invoice.partner_id.id)]).action_draft()
        self._accrue(invoice.partner_id)
        self.assertFalse(charge.paid_on)
        self.assertGreater(charge.interest, 131.44)

    def test_a_day_of_grace_and_the_first_day(self):
        invoice = self._due(date(2026, 3, 2))
        self.policy.write({"late_charge_from_days": 10, "late_charge_grace_days": 5})
        charge = self._accrue(invoice.partner_id, day=date(2026, 3, 11))
        self.assertEqual((charge.state, charge.free_until), ("waiting", date(2026, 3, 17)))
        self.assertEqual(self._accrue(invoice.partner_id, day=date(2026, 3, 17)).state, "grace")
        self.assertEqual(self._accrue(invoice.partner_id, day=date(2026, 3, 18)).state, "due")

    def test_only_after_the_reminder_of_the_policy(self):
        invoice = self._due(date(2026, 5, 20))
        self.policy.late_charge_step_id = self.firm
        self.assertEqual(self._accrue(invoice.partner_id).state, "waiting")

    def test_a_missing_rate_is_shown_and_reported(self):
        reference = self.regime.reference_id.copy({"name": "Ended"})
        reference.rate_ids.filtered(lambda rate: rate.date_from > date(2025, 12, 31)).unlink()
        self.regime.reference_id = reference
        invoice = self._due(date(2025, 11, 15))
        self.assertFalse(self._accrue(invoice.partner_id).is_known)
        self.assertIn("Ended", self.regime.warning)
        self.assertIn("Ended", self.policy.warning)

    @mute_logger(PROBLEM_LOG)
    def test_rules_without_any_rate_are_a_problem_of_the_policy(self):
        self.regime.reference_id = self.env["ar.late.charge.reference"].create({"name": "Empty"})
        self._due(date(2026, 3, 2))
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        problem = self.env["ar.problem"].search([("code", "=", "late_charges"), ("res_id", "=", self.policy.id)])
        self.assertIn("Reference Rates", problem.message)

    @mute_logger(PROBLEM_LOG)
    def test_a_problem_of_an_earlier_turn_of_the_night_stays(self):
        charges, policies = self.env["ar.late.charge"].sudo(), self.policy
        problems = [("code", "=", "late_charges"), ("res_id", "=", self.policy.id), ("solved_on", "=", False)]
        with self._on():
            charges._report_refused(policies, {self.policy.id: "No rate"})  # the time ran out
            charges._end_refused(policies, self.company, self.TODAY)
        self.assertTrue(self.env["ar.problem"].search(problems))
        tomorrow = self.TODAY + timedelta(days=1)
        with self._on(tomorrow):
            charges._end_refused(policies, self.company, tomorrow)
        self.assertFalse(self.env["ar.problem"].search(problems))

    def test_rates_with_gaps_or_overlaps_are_refused(self):
        reference = self.env.ref("ar_collections.late_charge_reference_ecb")
        for first in (date(2026, 12, 31), date(2027, 1, 2)):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                reference.rate_ids = [Command.create({"date_from": first, "percent": 2.0})]
        reference.rate_ids = [Command.create({"date_from": date(2027, 1, 1), "percent": 2.0})]

    def test_the_night_computes_each_customer_with_the_same_number_of_queries(self):
        partners = self._partners(6)
        for count in (2, 6):
            for partner in partners[:count]:
                self._due(date(2026, 3, 2), 500.0, partner)
            self._accrue(*partners[:count])
        few, many = (self._count_queries(partners[:number]) for number in (2, 6))
        self.assertLessEqual(many, few + 2)

    def _count_queries(self, partners):
        customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in partners))
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["ar.late.charge"].sudo()._accrue(self.company, customers, date(2026, 6, 11))
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_lump_sum_is_charged_where_the_rate_is_zero(self):
        self.regime.write({"reference_id": self.env.ref("ar_collections.late_charge_reference_fixed").id, "points": 0})
        charge = self._accrue(self._due(date(2026, 3, 2)).partner_id)
        self.assertEqual((charge.interest, charge.total, charge.state), (0.0, 40.0, "due"))
