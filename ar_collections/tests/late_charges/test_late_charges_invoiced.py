"""Late charges are invoiced as ordinary drafts, waived with a reason, and taken back when they were not owed."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesInvoiced(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="late-manager")
        cls.second = cls._user("manager", login="late-second")

    def setUp(self):
        super().setUp()
        self.source = self._due(date(2025, 5, 15))
        self.partner = self.source.partner_id
        self._pay(self.source, day=date(2025, 8, 13))
        self.charge = self._accrue(self.partner)

    def _draft(self, charges=None):
        """Draft the invoice as a manager; return it."""
        action = (charges or self.charge).with_user(self.manager).action_invoice()
        self.env.invalidate_all()
        return self.env["account.move"].browse(action["res_id"])

    def test_an_ordinary_draft_outside_the_scope_of_vat(self):
        move = self._draft()
        self.assertEqual(
            (move.move_type, move.state, move.amount_total, move.amount_tax), ("out_invoice", "draft", 171.44, 0)
        )
        self.assertEqual(move.invoice_line_ids.mapped("price_unit"), [131.44, 40.0])
        self.assertEqual(move.invoice_line_ids.account_id, self.account)
        self.assertFalse(move.invoice_line_ids.tax_ids)
        self.assertEqual(move.invoice_line_ids.ar_late_charge_id, self.charge)
        self.assertIn(self.source.name, move.narration)
        self.assertIn("11.15 %", move.narration)
        self.assertEqual((self.charge.state, self.charge.left, self.charge.charged), ("charged", 0.0, 171.44))

    def test_the_computation_is_attached(self):
        move = self._draft()
        annex = self.env["ir.attachment"].search([("res_model", "=", "account.move"), ("res_id", "=", move.id)])
        self.assertEqual(annex.mapped("name"), ["Computation of late charges.pdf"])
        self.assertTrue(annex.raw)

    def test_the_computation_is_in_the_customers_language(self):
        """Whatever the language of who drafts or prints it: the night has none."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        reports, printed = self.env["ir.actions.report"], []

        def print_it(report, *_args, **_values):
            printed.append(report.env.lang)
            return b"%PDF", "pdf"

        with patch.object(type(reports), "_render_qweb_pdf", print_it):
            move = self._draft()
        self.assertEqual(printed, ["fr_FR"])
        move.invalidate_recordset()
        html = reports.with_context(lang="en_US")._render_qweb_html("ar_collections.report_late_charges", move.ids)[0]
        self.assertIn("15 mai 2025", html.decode())
        self.assertNotIn("May 15, 2025", html.decode())

    def test_nothing_is_charged_twice_and_the_late_charge_bears_no_interest(self):
        move = self._draft()
        move.invoice_date_due = date(2026, 1, 15)
        move.invoice_payment_term_id = False
        move.write({"invoice_date": date(2026, 1, 15), "invoice_date_due": date(2026, 1, 15)})
        move.action_post()
        with self.assertRaises(UserError):
            self._draft()
        self.assertEqual(self._accrue(self.partner), self.charge)

    def test_late_charges_on_another_invoice_bear_no_interest_there(self):
        draft = self._due(date(2026, 3, 2), 1000.0, self.partner)
        draft.button_draft()
        self.charge.with_user(self.manager).action_next_invoice()
        self.assertEqual(draft.amount_total, 1171.44)
        draft.invoice_date_due = date(2026, 3, 2)
        draft.action_post()
        alone = self._due(date(2026, 3, 2), 1000.0)
        charges = self._accrue(self.partner, alone.partner_id).filtered(lambda charge: charge.move_id != self.source)
        self.assertEqual(len(set(charges.mapped("interest"))), 1)

    def test_a_deleted_draft_leaves_the_charge_open(self):
        self._draft().with_user(self.manager).unlink()
        self.env.invalidate_all()
        self.assertEqual((self.charge.state, self.charge.left), ("due", 171.44))

    def test_a_canceled_invoice_leaves_the_charge_open(self):
        self._draft().button_cancel()
        self._accrue(self.partner)
        self.assertEqual((self.charge.state, self.charge.left), ("due", 171.44))

    def test_what_runs_on_is_charged_again_and_the_lump_sum_once(self):
        late = self._due(date(2026, 3, 2), partner=self._partner())
        charge = self._accrue(late.partner_id, day=date(2026, 6, 10))
        with self.enter_day(date(2026, 6, 10)):
            first = self._draft(charge)
        self.assertEqual(len(first.invoice_line_ids), 2)
        self._accrue(late.partner_id, day=date(2026, 6, 20))
        left = round(5000 * 0.1015 * 110 / 365 + 40 - first.amount_total, 2)
        self.assertEqual((charge.state, charge.left), ("due", left))
        with self.enter_day(date(2026, 6, 20)):
            second = self._draft(charge)
        self.assertEqual(len(second.invoice_line_ids), 1)

    def test_what_runs_on_is_too_little_to_be_charged_again(self):
        self.policy.write({"late_charge_invoicing": "own", "late_charge_minimum": 50.0})
        late = self._due(date(2026, 3, 2), partner=self._partner())
        self._charge_night()
        charge = self._charge_of(late)
        self.assertEqual((charge.state, len(charge.billing_ids)), ("charged", 1))
        for days, outcome in ((30, ("below_minimum", 1)), (60, ("charged", 2))):
            self._charge_night(self.TODAY + timedelta(days=days))
            self.assertEqual((charge.state, len(charge.billing_ids)), outcome)

    def enter_day(self, day):
        return freeze_time(f"{day} 12:00:00")

    def test_without_an_account_the_message_says_the_way_out(self):
        self.company.ar_late_charge_account_id = False
        with self.assertRaisesRegex(UserError, "Settings"):
            self._draft()
        self.assertFalse(self.charge.billing_ids)

    def test_a_rate_that_is_missing_stops_the_invoice(self):
        reference = self.regime.reference_id.copy()
        reference.rate_ids.filtered(lambda rate: rate.date_from > date(2025, 5, 1)).unlink()
        self.regime.reference_id = reference
        with self.assertRaisesRegex(UserError, "Reference Rates"):
            self._draft()

    def test_a_locked_period_is_no_obstacle_to_a_draft(self):
        self.company.sudo().fiscalyear_lock_date = date(2026, 5, 31)
        move = self._draft()
        move.action_post()
        self.assertGreater(move.date, date(2026, 5, 31))

    # === BY THE POLICY === #

    def test_the_night_drafts_what_the_policy_says(self):
        self.policy.late_charge_invoicing = "own"
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        move = self.charge.billing_ids.move_id
        self.assertEqual((move.state, move.amount_total), ("draft", 171.44))
        self.company.ar_late_charges_on = False
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        self.assertEqual(len(self.charge.billing_ids), 1)

    def test_the_night_comes_back_to_an_account_that_was_held(self):
        self.policy.late_charge_invoicing = "own"
        charges = self.env["ar.late.charge"].sudo()
        with patch.object(type(self.charge.customer_id), "try_lock_for_update", lambda batch: batch.browse()):
            charges._accrue_company(self.company, self.TODAY)
        self.assertFalse(self.charge.billing_ids or self.company.ar_late_charges_on)
        charges._accrue_company(self.company, self.TODAY)
        self.assertTrue(self.charge.billing_ids.move_id)
        self.assertEqual(self.company.ar_late_charges_on, self.TODAY)

    def test_the_night_waits_for_the_next_invoice(self):
        self.policy.late_charge_invoicing = "next"
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        self.assertFalse(self.charge.billing_ids)
        draft = self._due(self.TODAY, 1000.0, self.partner)
        draft.button_draft()
        self.company.ar_late_charges_on = False
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        self.assertEqual(self.charge.billing_ids.move_id, draft)

    @mute_logger(PROBLEM_LOG)
    def test_the_night_reports_what_is_missing(self):
        self.policy.late_charge_invoicing = "own"
        self.company.ar_late_charge_account_id = False
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        problem = self.env["ar.problem"].search([("code", "=", "late_charges"), ("res_model", "=", "res.company")])
        self.assertIn("income account", problem.message)
        self.account.active = False
        self.company.ar_late_charge_account_id = self.account
        self.assertFalse(self.company._ar_report_late_charge_settings())
        problem = self.env["ar.problem"]._search_open(self.company, "late_charges")
        self.assertIn("is archived: choose another one under Settings", problem.message)

    # === TAKEN BACK === #

    def _reverse_source(self):
        """Undo the payment and reverse the invoice in full."""
        self.source.line_ids.remove_move_reconcile()
        self._note(self.source, 5000.0, date(2026, 6, 9))

    def test_a_draft_is_dropped_when_the_invoice_is_credited(self):
        move = self._draft()
        self._reverse_source()
        self._accrue(self.partner)
        self.assertFalse(move.exists())
        self.assertEqual((self.charge.charged, self.charge.left), (0.0, 0.0))

    def test_what_was_dropped_is_computed_no_more(self):
        other = self._due(date(2025, 5, 15), 1000.0, self.partner)
        move = self._draft(self._accrue(self.partner))
        self._reverse_source()
        self._accrue(self.partner)
        move.action_post()
        self.assertNotIn(self.source.name, move.narration)
        self.assertEqual(move.narration.count(other.name), 1)
        self.assertTrue(move.ar_late_charge_annex_id)

    def test_a_credit_note_is_drafted_when_the_invoice_is_credited(self):
        move = self._draft()
        move.action_post()
        self._reverse_source()
        self._accrue(self.partner)
        note = self.charge.billing_ids.move_id - move
        self.assertEqual((note.move_type, note.state, note.amount_total), ("out_refund", "draft", 171.44))
        self.assertEqual(note.reversed_entry_id, move)
        self.assertEqual(self.charge.charged, 0.0)
        self._accrue(self.partner)
        self.assertEqual(len(self.charge.billing_ids), 2)

    def test_a_policy_that_changes_takes_nothing_back(self):
        self._draft().action_post()
        self.policy.late_charge_regime_id = self.env.ref("ar_collections.late_charge_regime_ch")
        self._accrue(self.partner)
        self.assertEqual(len(self.charge.billing_ids), 1)

    @mute_logger(PROBLEM_LOG)
    def test_without_rates_nothing_is_taken_back_and_nobody_else_is_stopped(self):
        self._draft().action_post()
        self.policy.late_charge_regime_id = self.env.ref("ar_collections.late_charge_regime_pl")
        self.charge.sudo().total = 100.0  # as computed before, by lower rates
        self.source.line_ids.remove_move_reconcile()
        self._note(self.source, 2000.0, date(2026, 6, 9))
        refused = {}
        customer = self._customer(self.partner)
        self.env["ar.late.charge"].sudo()._accrue(self.company, customer, self.TODAY, refused)
        self.assertEqual(set(refused), {self.policy.id})
        self.assertEqual((len(self.charge.billing_ids), self.charge.charged), (1, 171.44))

    # === WAIVED === #

    def _waive(self, user=None, **values):
        dialog = self.env["ar.late.charge.waive"].with_user(user or self.collector)
        dialog.create({"charge_ids": [Command.set(self.charge.ids)], "reason": "Goodwill", **values}).action_confirm()
        self.env.invalidate_all()

    def test_all_or_part_is_waived_with_a_reason(self):
        self._waive(is_part=True, amount=100.0)
        self.assertEqual((self.charge.waived, self.charge.left, self.charge.state), (100.0, 71.44, "due"))
        self._waive()
        self.assertEqual((self.charge.left, self.charge.state), (0.0, "waived"))
        self.assertEqual(set(self.charge.waiver_ids.mapped("reason")), {"Goodwill"})
        self.assertIn("Goodwill", "".join(self._customer(self.partner).message_ids.mapped("body")))
        self._accrue(self.partner)
        self.assertEqual((self.charge.left, self.charge.state), (0.0, "waived"))

    def test_a_part_that_is_too_large_is_refused(self):
        for amount in (0.0, -1.0, 171.45):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._waive(is_part=True, amount=amount)
        with self.assertRaises(UserError):
            self._waive(reason=" ")

    def test_high_ones_need_a_second_person(self):
        self.policy.write({"uses_late_charge_second": True, "late_charge_second_above": 100.0})
        self._waive(self.manager)
        waiver = self.charge.waiver_ids
        self.assertEqual((waiver.state, self.charge.left), ("waiting", 171.44))
        with self.assertRaisesRegex(UserError, "another manager"):
            waiver.with_user(self.manager).action_approve()
        with self.assertRaises(UserError):
            waiver.with_user(self.collector).action_approve()
        waiver.with_user(self.second).action_approve()
        self.env.invalidate_all()
        self.assertEqual((waiver.state, self.charge.left, waiver.approved_by_id), ("applied", 0.0, self.second))

    def test_what_one_person_waives_lately_counts_together(self):
        self.policy.write({"uses_late_charge_second": True, "late_charge_second_above": 100.0})
        self._waive(is_part=True, amount=60.0)
        self._waive(is_part=True, amount=60.0)
        self.assertEqual(self.charge.waiver_ids.mapped("state"), ["waiting", "applied"])
        self.charge.waiver_ids[0].with_user(self.second).action_approve()
        self._waive(self.second, is_part=True, amount=10.0)  # what two persons decided counts for neither
        self.assertEqual((self.charge.waiver_ids[0].state, self.charge.left), ("applied", 41.44))
        with self._on(self.TODAY + timedelta(days=30)):
            self._waive(is_part=True, amount=1.44)
        self.assertEqual((self.charge.waiver_ids[0].state, self.charge.left), ("applied", 40.0))

    def test_several_of_a_customer_are_waived_together_by_two(self):
        self.policy.write({"uses_late_charge_second": True, "late_charge_second_above": 200.0})
        other, elsewhere = self._due(date(2025, 5, 15), 1000.0, self.partner), self._due(date(2025, 5, 15), 1000.0)
        for invoice in (other, elsewhere):
            self._pay(invoice, day=date(2025, 8, 13))
        charges = self._accrue(self.partner, elsewhere.partner_id)
        self._waive(charge_ids=[Command.set(charges.ids)])
        self.assertEqual(
            {charge.move_id: charge.waiver_ids.state for charge in charges},
            {self.source: "waiting", other: "waiting", elsewhere: "applied"},
        )

    def test_nothing_is_charged_while_a_waiver_waits(self):
        self.policy.write(
            {"uses_late_charge_second": True, "late_charge_second_above": 100.0, "late_charge_invoicing": "own"}
        )
        self._waive(self.manager)
        self.env["ar.late.charge"].sudo()._accrue_company(self.company, self.TODAY)
        self.assertFalse(self.charge.billing_ids)
        with self.assertRaisesRegex(UserError, "second person"):
            self._draft()
        waiver = self.charge.waiver_ids
        waiver.sudo().amount = 200.0  # the late charge is less by now
        with self.assertRaisesRegex(UserError, "left by now"):
            waiver.with_user(self.second).action_approve()

    def test_what_was_waived_in_part_is_charged_without_it(self):
        self._waive(is_part=True, amount=31.44)
        move = self._draft()
        self.assertEqual(move.invoice_line_ids.mapped("price_unit"), [100.0, 40.0])

    # === ROLES === #

    def test_who_may_do_what(self):
        for user in (self.collector, self._user("auditor", login="late-auditor")):
            with self.assertRaises(UserError):
                self.charge.with_user(user).action_invoice()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.charge.with_user(self.manager).write({"interest": 0.0})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.env["ar.late.charge.waiver"].with_user(self.manager).create({"charge_id": self.charge.id})
