"""From which reminder, on what, and with which rates late charges begin; messages for what does not work."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import convert_file, mute_logger

from odoo.addons.ar_collections.core.money import to_decimal

from ...models.credit.documents.credit_hold import CreditHold
from ..common import PROBLEM_LOG
from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesAfterReminder(ArLateChargeCommon):
    """An invoice that is due on a Monday; reminders after 10 and 20 days, late charges after the second one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.firm.mail_template_id.id
        cls.early, cls.late, cls.last = cls._on_schedule(
            {"days": 10, "mail_template_id": template},
            {"days": 20, "mail_template_id": template},
            {"days": 40, "mail_template_id": template},
        )
        cls.policy.write({"late_charge_step_id": cls.late.id, "late_charge_grace_days": 5})
        cls.invoice = cls._invoice(cls._partner(), 0, 1000.0, today=date(2026, 6, 1))
        cls.start = date(2026, 6, 1)

    def _state(self, days, reminds=True):
        """Compute late charges that many days after the due date, after the reminders of the day."""
        day = self.start + timedelta(days=days)
        if reminds:
            self._run(day)
            self._deliver(day)
        self._charge_night(day)
        return self._charge_of(self.invoice).state

    def test_the_reminder_of_the_policy_begins_it(self):
        self.assertEqual(self._state(11), "waiting")
        self.assertEqual(self._state(21), "grace")
        charge = self._charge_of(self.invoice)
        self.assertEqual(charge.free_until, self.start + timedelta(days=21 + 5))
        self.assertEqual(self._state(27, reminds=False), "due")
        self.assertEqual(charge.days, 27)

    def test_a_reminder_to_the_payer_of_the_group_states_the_day_by_the_debtors_policy(self):
        payer = self._customer(self._partner(name="Head", email="head@customer.example.com"))
        payer.policy_override_id = self.policy.copy({"late_charge_step_id": False, "late_charge_grace_days": 0})
        self._customer(self.invoice.partner_id).payer_id = payer
        self.env.flush_all()
        self.assertEqual(self._state(11), "waiting")
        day = self.start + timedelta(days=21)
        self._run(day)
        message = self._communications(payer)[-1:]
        self.assertEqual((message.step_id, message.date), (self.late, day))
        self.assertIn("June 27", message._get_late_charge_values()["free_until"])
        self.assertEqual(self._state(21), "grace")

    def test_a_later_reminder_begins_it_where_this_one_was_skipped(self):
        self.policy.entry_step_id = self.last
        self.assertEqual(self._state(30, reminds=False), "waiting")
        self.assertEqual(self._state(42), "grace")
        self.assertEqual(self._state(50, reminds=False), "due")

    @mute_logger(PROBLEM_LOG)
    def test_another_schedule(self):
        self.assertEqual(self._state(11), "waiting")
        (other,) = self._on_schedule({"days": 25, "mail_template_id": self.firm.mail_template_id.id})
        self.assertIn("not in the reminder schedule", self.policy.warning)
        self.assertEqual(self._state(28), "grace")
        self.policy.late_charge_step_id = other
        self.assertFalse(self.policy.warning)

    def test_a_reminder_that_a_person_sends_begins_it(self):
        day = self.start + timedelta(days=21)
        with self._on(day):
            lines = self._debt(self.invoice).with_user(self.collector)
            self.env["ar.remind"].with_user(self.collector).browse(lines.action_ar_remind()["res_id"]).action_send()
        self._deliver(day)
        self.assertEqual(self._state(21, reminds=False), "grace")

    def test_what_is_paid_before_the_reminder_is_not_charged(self):
        self._state(11)
        self._pay(self.invoice, day=self.start + timedelta(days=15))
        self.assertEqual(self._state(21), "paid_in_time")


@tagged("post_install", "-at_install")
class TestLateChargesStarted(ArLateChargeCommon):
    # === OPENING BALANCES === #

    def _opening(self, amount=700.0, due=date(2026, 3, 2)):
        """Post a balance of a customer without an invoice, as a company does that begins with Odoo."""
        receivable = self.company_data["default_account_receivable"]
        partner = self._partner()
        entry = self.env["account.move"].create(
            {
                "date": due,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "balance": balance, "partner_id": partner.id, "date_maturity": due}
                    )
                    for account, balance in ((receivable, amount), (self.account, -amount))
                ],
            }
        )
        entry.action_post()
        return partner

    def test_opening_balances_are_not_charged(self):
        partner = self._opening()
        self.assertFalse(self._accrue(partner))

    def test_opening_balances_are_claimed_without_interest(self):
        customer = self._customer(self._opening())
        claim = self.env["ar.late.charge.claim"].create({"customer_id": customer.id, "date": self.TODAY})
        rows, _credits = claim._read_rows()
        self.assertEqual([(float(row.total), row.interest.amount, row.lump_sum) for row in rows], [(700.0, 0, 0)])
        self.assertIn("without interest", claim.preview)
        claim.action_export()

    # === CREDIT CONTROL === #

    def test_late_charges_are_never_held_by_credit_control(self):
        self.policy.write({"effect_invoice": "block", "late_charge_invoicing": "own"})
        source = self._due(date(2026, 3, 2))
        customer = self._customer(source.partner_id)
        customer.sudo().write({"credit_limit_kind": "amount", "credit_limit": 10})
        self._charge_night()
        move = self._charge_of(source).billing_ids.move_id
        self.assertFalse(move.ar_held_on)
        with self._on():
            move.with_user(self._biller("late-held")).action_post()
        self.assertEqual(move.state, "posted")

    def test_goods_on_the_same_invoice_are_held(self):
        self.policy.write({"effect_invoice": "block", "late_charge_invoicing": "own"})
        source = self._due(date(2026, 3, 2))
        self._customer(source.partner_id).sudo().write({"credit_limit_kind": "amount", "credit_limit": 10})
        self._charge_night()
        move = self._charge_of(source).billing_ids.move_id
        move.invoice_line_ids = [Command.create({"name": "Goods", "price_unit": 1000.0, "tax_ids": []})]
        with self._on(), self.assertRaises(CreditHold):
            move.with_user(self._biller("late-goods")).action_post()

    def test_goods_in_place_of_a_late_charge_are_held(self):
        self.policy.write({"effect_invoice": "block", "late_charge_invoicing": "own"})
        source = self._due(date(2026, 3, 2))
        self._customer(source.partner_id).sudo().write({"credit_limit_kind": "amount", "credit_limit": 10})
        self._charge_night()
        move = self._charge_of(source).billing_ids.move_id
        goods = Command.create({"name": "Goods", "price_unit": 30.0, "tax_ids": []})
        move.invoice_line_ids = [Command.update(move.invoice_line_ids[0].id, {"price_unit": 1.0}), goods]
        with self._on(), self.assertRaises(CreditHold):
            move.with_user(self._biller("late-swapped")).action_post()

    def _biller(self, login):
        group = self.env.ref("account.group_account_invoice")
        return self._user("auditor", login=login, group_ids=[Command.set(group.ids)])

    # === RATES AND RULES === #

    def test_rules_without_rates_say_so_when_they_are_chosen(self):
        with Form(self.policy.sudo()) as form:
            form.late_charge_regime_id = self.env.ref("ar_collections.late_charge_regime_pl")
            self.assertIn("No rate of", form.warning)

    def test_rates_that_have_ended_say_so(self):
        for code in ("at", "cz", "se", "dk", "in"):
            regime = self.env.ref(f"ar_collections.late_charge_regime_{code}")
            self.assertTrue(regime.reference_id.rate_ids)
            self.assertIn("cannot be charged", regime.warning, code)
            self.assertTrue(all(rate.source for rate in regime.reference_id.rate_ids))

    def test_an_update_leaves_tables_to_the_people_who_keep_them(self):
        czechia, austria, denmark = (
            self.env.ref(f"ar_collections.late_charge_reference_{name}") for name in ("czechia", "austria", "denmark")
        )
        czechia.rate_ids.unlink()
        czechia.rate_ids = [Command.create({"date_from": date(2025, 1, 1), "percent": 4.0})]
        last, before = austria.rate_ids.sorted("date_from", reverse=True)[:2]
        last.unlink()
        before.date_to = date(2026, 6, 30)
        number = len(denmark.rate_ids)
        denmark.rate_ids.sorted("date_from")[-1].unlink()
        path = "data/late_charges/reference_rates.xml"
        convert_file(self.env(su=True), "ar_collections", path, {}, mode="update", noupdate=True)
        self.assertEqual(czechia.rate_ids.mapped("percent"), [4.0])
        self.assertEqual(max(austria.rate_ids.mapped("date_to")), date(2026, 6, 30))
        self.assertEqual(len(denmark.rate_ids), number)

    def test_a_country_that_was_deleted_stops_no_installation(self):
        country = self.env.ref("base.de")
        self.env["ar.limitation.rule"].sudo().search([("country_id", "=", country.id)]).unlink()
        regime = self.env.ref("ar_collections.late_charge_regime_de")
        regime.reference_id.sudo().active = True
        self.env.cr.execute(
            "DELETE FROM ir_model_data WHERE module = 'ar_collections' AND name = %s", ["late_charge_regime_de"]
        )
        country.sudo().code = "QQ"
        self.env["ir.model.data"].env.registry.clear_cache()
        for path in ("late_charges/late_charge_regimes.xml", "recovery/limitation_rules.xml"):
            convert_file(self.env(su=True), "ar_collections", f"data/{path}", {}, mode="init", noupdate=True)
        self.assertFalse(self.env.ref("ar_collections.late_charge_regime_de").country_id)
        self.assertFalse(self.env["ar.limitation.rule"].search([("country_id", "=", country.id)]))
        self.assertTrue(self.env.ref("ar_collections.limitation_rule_fr").country_id)

    # === MESSAGES === #

    def test_overlapping_rates_and_gaps_name_the_day(self):
        reference = self.env.ref("ar_collections.late_charge_reference_ecb")
        for first, text in ((date(2026, 12, 31), "Two rates hold on"), (date(2027, 1, 2), "No rate holds on")):
            with self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
                reference.rate_ids = [Command.create({"date_from": first, "percent": 2.0})]

    def test_what_is_disputed_is_not_charged_and_says_why(self):
        source = self._due(date(2026, 3, 2))
        self._accrue(source.partner_id)
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        item = self._debt(source)
        customer = self._customer(source.partner_id)
        self.env["ar.dispute"]._raise_dispute(customer, reason, {item.id: to_decimal(5000)}, "Wrong")
        with self._on(), self.assertRaisesRegex(UserError, "until the dispute is answered"):
            self._charge_of(source).with_user(self._user("manager")).action_invoice()

    def test_the_claim_against_a_person_says_that_the_rules_are_for_companies(self):
        person = self._partner(name="Jane Doe", is_company=False)
        self._due(date(2026, 3, 2), partner=person)
        claim = self.env["ar.late.charge.claim"].create({"customer_id": self._customer(person).id, "date": self.TODAY})
        self.assertIn("Jane Doe is no company", claim.preview)

    @mute_logger(PROBLEM_LOG)
    def test_a_currency_without_a_rate_is_a_problem_of_the_customer(self):
        other = self.setup_other_currency("CHF", rounding=0.01)
        source = self._due(date(2026, 3, 2), currency_id=other.id)
        other.rate_ids.unlink()
        self.env.invalidate_all()
        self._charge_night()
        customer = self._customer(source.partner_id)
        problem = self.env["ar.problem"].search([("customer_id", "=", customer.id), ("code", "=", "late_charges")])
        self.assertIn("needs an exchange rate", problem.message)
        self.assertFalse(self._charge_of(source))

    def test_what_was_paid_before_is_not_charged(self):
        source = self._due(date(2026, 3, 2))
        self._pay(source, day=date(2026, 2, 20))
        self.assertFalse(self._accrue(source.partner_id))
        claim = self.env["ar.late.charge.claim"].create(
            {"customer_id": self._customer(source.partner_id).id, "date": self.TODAY}
        )
        self.assertIn("Nothing is owed", claim.preview)
