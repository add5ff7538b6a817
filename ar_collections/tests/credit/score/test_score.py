from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ...customers.owed.common_owed import ArBranchCommon
from .common_score import ArScoreCommon


class TestScore(ArScoreCommon):
    """Score and class are stored by the nightly run."""

    def test_the_example_of_the_scale_to_the_digit(self):
        self._only_payment_days()
        self._example()
        self._score()
        customer = self.customer
        self.assertEqual((customer.risk_score, customer.risk_class, customer.risk_source), (74.2, "B", "scored"))
        self.assertEqual(customer.risk_reasons["parts"], [["payment_days", "7.0", "74.2", "74.2", "25.8"]])
        self.assertEqual(customer._get_risk_reasons(), ["Days from the due date to the payment, on average: 7."])

    def test_fewer_than_three_payments_are_no_history(self):
        self._paid(100, 60)
        self._paid(100, 60)
        self._score()
        self.assertEqual((self.customer.risk_class, self.customer.risk_source), ("C", "no_history"))
        self.assertIsNone(self.customer.risk_score)
        self._paid(100, 60)
        self._score()
        self.assertEqual((self.customer.risk_source, self.customer.risk_class), ("scored", "D"))

    def test_the_class_of_newcomers_is_a_setting(self):
        self._scoring().newcomer_class = "D"
        self._score()
        self.assertEqual(self.customer.risk_class, "D")

    def test_the_parts_add_up_to_the_score(self):
        self._example()
        self._score()
        parts = self.customer._get_risk_parts()
        self.assertAlmostEqual(float(sum(part[3] for part in parts)), self.customer.risk_score, delta=0.6)
        self.assertAlmostEqual(float(sum(part[3] + part[4] for part in parts)), 100, delta=1)
        self.assertNotIn("short_payments", [part[0] for part in parts], "what is not known does not count")
        self.assertIn("Longest delay in days: 60.", self.customer.risk_html)

    def test_the_trend(self):
        for days, ago in ((0, 200), (0, 190), (20, 20)):
            self._paid(100, days, ago)
        self._score()
        self.assertEqual(self.customer.risk_trend, "worse")

    def test_an_account_that_was_held_is_scored_by_the_next_turn_of_the_day(self):
        self._example()
        with patch.object(type(self.customer), "try_lock_for_update", lambda batch: batch - self.customer):
            self._score()
        self.assertFalse(self.company.ar_scores_on or self.customer.risk_score)
        self._score(again=False)
        self.assertEqual((self.company.ar_scores_on, bool(self.customer.risk_score)), (self.TODAY, True))

    def test_a_second_turn_of_the_day_does_nothing(self):
        self._example()
        self._score()
        self.assertEqual(self.company.ar_scores_on, self.TODAY)
        self._paid(10000, 90)
        before = self.customer.risk_score
        self._score(again=False)
        self.assertEqual(self.customer.risk_score, before)
        self._score(self.TODAY + timedelta(days=1), again=False)
        self.assertLess(self.customer.risk_score, before)

    def test_only_what_changed_is_written(self):
        self._example()
        self._score()
        version = self._version()
        self._score()
        self.assertEqual(self._version(), version)
        self._paid(10000, 90)
        self._score()
        self.assertNotEqual(self._version(), version)

    def _version(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT risk_reasons, ctid FROM ar_customer WHERE id = %s", [self.customer.id])
        return self.env.cr.fetchone()[0]

    def test_the_history_has_a_row_when_something_changed(self):
        self._score()
        self._example()
        self._score(self.TODAY + timedelta(days=1))
        self._score(self.TODAY + timedelta(days=2))
        self.assertEqual([row.source for row in self._history()], ["no_history", "scored"])
        self.assertEqual(self._history()[-1].score, self.customer.risk_score)

    def test_a_merge_computes_the_score_from_both_histories(self):
        self._only_payment_days()
        other = self._customer(self._partner(name="Twin"))
        for amount, days in self.EXAMPLE[:2]:
            self._paid(amount, days)
        for amount, days in self.EXAMPLE[2:]:
            self._paid(amount, days, partner=other.partner_id)
        self._score()
        self.assertEqual((self.customer.risk_source, other.risk_source), ("no_history", "no_history"))
        with self._on():
            wizard = self.env["base.partner.merge.automatic.wizard"].create(
                {
                    "partner_ids": [(6, 0, (self.partner + other.partner_id).ids)],
                    "dst_partner_id": self.partner.id,
                    "state": "selection",
                }
            )
            wizard.action_merge()
            self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(self.customer.risk_score, 74.2)

    def test_salespeople_and_portal(self):
        self._score()
        for name in ("risk_score", "risk_reasons", "risk_override", "annual_turnover"):
            self.assertTrue(self.customer._fields[name].groups, name)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.customer.with_user(self.portal_user).read(["risk_class"])

    def _scoring(self):
        return self.env["ar.credit.scoring"].search([("company_id", "=", self.company.id)])

    # === SETTINGS === #

    def test_settings_that_make_no_score_are_refused(self):
        scoring = self._scoring().with_user(self.credit_manager)
        with self.assertRaisesRegex(ValidationError, "falling scores"):
            scoring.class_b_from = 90
        with self.assertRaisesRegex(ValidationError, "falling scores"):
            scoring.class_a_from = 101
        with self.assertRaisesRegex(ValidationError, "Not all weights"):
            scoring.feature_ids.weight = 0
        with self.assertRaises(ValidationError):
            scoring.feature_ids[0].weight = -1
        with self.assertRaises(AccessError):
            scoring.feature_ids[0].code = "trend"
        with self.assertRaises(AccessError):
            scoring.with_user(self.collector).class_a_from = 85

    def test_new_settings_are_in_force_with_the_next_turn(self):
        self._example()
        self._score()
        self.assertEqual(self.customer.risk_class, "B")
        self._scoring().class_a_from = 70
        self.assertFalse(self.company.ar_scores_on)
        self._score(again=False)
        self.assertEqual(self.customer.risk_class, "A")

    def test_new_companies_have_settings_and_branches_use_those_of_the_root(self):
        company = self.env["res.company"].sudo().create({"name": "New"})
        branch = company.create({"name": "New Branch", "parent_id": company.id})
        scorings = self.env["ar.credit.scoring"].sudo().search([("company_id", "in", (company + branch).ids)])
        features = self.env["ar.credit.feature"].sudo().search([("scoring_id", "=", scorings.id)])
        self.assertEqual((scorings.company_id, len(features)), (company, 11))
        self.assertEqual(sum(features.mapped("weight")), 100)

    def test_a_weight_is_shown_where_its_feature_is_read(self):
        self.env.invalidate_all()
        self.assertNotIn("short_payments", self._scoring().feature_ids.mapped("code"))
        with Form(self._scoring().with_user(self.credit_manager)) as form:
            self.assertEqual(len(form.feature_ids._records), 10)
        listed = self._scoring().feature_ids
        with self.assertRaisesRegex(ValidationError, "Not all weights"):
            listed.weight = 0
        # An add-on that reads it:
        behavior = type(self.env["ar.credit.behavior"])
        self.patch(behavior, "_read_short_payments", lambda _self, partners, *_args: dict.fromkeys(partners.ids, 3))
        self.env.invalidate_all()
        self.assertIn("short_payments", self._scoring().feature_ids.mapped("code"))
        self._example()
        self._score()
        self.assertIn("short_payments", [part[0] for part in self.customer._get_risk_parts()])

    # === OVERRIDE === #

    def _override(self, user=None, **values):
        with self._on():
            wizard = self.env["ar.class.override"].with_user(user or self.credit_manager)
            defaults = {"risk_class": "A", "until": self.TODAY + timedelta(days=30), "reason": "Guarantee"}
            wizard.create({"customer_id": self.customer.id, **defaults, **values}).action_set()
        self.env.invalidate_all()

    def test_a_class_that_a_person_set_holds_until_its_last_day(self):
        self._score()
        self._override()
        customer = self.customer
        self.assertEqual((customer.risk_class, customer.risk_scored_class), ("A", "C"))
        self.assertEqual((customer.risk_source, customer.risk_override_by_id), ("overridden", self.credit_manager))
        with self._on():
            self.assertIn("Guarantee", customer.risk_html)
        self._score(self.TODAY + timedelta(days=30))
        self.assertEqual(customer.risk_class, "A")
        self._score(self.TODAY + timedelta(days=31))
        self.assertEqual((customer.risk_class, customer.risk_override), ("C", False))
        self.assertIn("Its last day has passed", customer.message_ids[0].body)

    def test_a_class_without_reason_or_end_is_refused(self):
        for values, text in (
            ({"reason": " "}, "Enter a reason"),
            ({"until": False}, "Enter the last day"),
            ({"until": self.TODAY - timedelta(days=1)}, "has passed"),
            ({"risk_class": False}, "Choose a risk class"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                self._override(**values)
        self.assertFalse(self.customer.risk_override)

    def test_nobody_but_a_credit_manager_sets_a_class(self):
        manager = self._user("manager")
        for user in (self.collector, manager):
            with self.assertRaises(UserError):
                self._override(user)
            with self.assertRaises(UserError), self._on():
                self.customer.with_user(user).action_override_class()
            with self.assertRaises(UserError), self._on():
                self.customer.with_user(user).action_end_override()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.credit_manager).write({"risk_override": "A"})

    def test_a_class_is_ended_by_hand(self):
        self._score()
        self._override()
        with self._on():
            self.customer.with_user(self.credit_manager).action_end_override()
        self.env.invalidate_all()
        self.assertEqual((self.customer.risk_class, self.customer.risk_override), ("C", False))

    def test_of_merged_accounts_the_worst_class_is_kept(self):
        other = self._customer(self._partner(name="Twin"))
        until = self.TODAY + timedelta(days=9)
        self.customer.sudo().write({"risk_override": "B", "risk_override_until": until})
        other.sudo().write({"risk_override": "D", "risk_override_until": until, "risk_override_reason": "Late"})
        with self._on():
            self.customer.sudo()._absorb(other.sudo())
        self.assertEqual((self.customer.risk_override, self.customer.risk_override_reason), ("D", "Late"))

    # === REPORT === #

    def test_the_report_shows_who_got_worse(self):
        self._example()
        self._score()
        self._paid(50000, 90)
        self._score(self.TODAY + timedelta(days=95))
        with self._on(self.TODAY + timedelta(days=95)):
            row = self.env["ar.credit.migration"].search([("customer_id", "=", self.customer.id)])
            self.assertEqual((row.class_before, row.class_now, row.movement), ("B", self.customer.risk_class, "worse"))


class TestScoreBranches(ArBranchCommon, ArScoreCommon):
    """Scores are those of the root company with its branches."""

    def test_branches_count_and_read_the_class(self):
        for amount, days in self.EXAMPLE:
            self._pay(self._owed(self.branch, 10 + days, amount), day=self.TODAY - timedelta(days=10))
        self._score()
        self.assertEqual((self.head.risk_source, self.head.risk_class), ("scored", "B"))
        self.assertFalse(self.customer.risk_class)
        self.assertEqual(self.customer.shown_risk_class, "B")
        self.assertEqual(self.customer._get_risk_class(), "B")
        found = self.env["ar.customer"].search([("shown_risk_class", "=", "B"), ("partner_id", "=", self.partner.id)])
        self.assertEqual(found, self.head + self.customer)
