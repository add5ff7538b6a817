from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_status import ArStatusCommon


class TestCreditHolds(ArStatusCommon):
    """What a credit manager decides about holds, and their history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(90, 500)

    def test_a_hold_by_a_person_lasts_until_its_last_day_whatever_is_paid(self):
        self._rules({"use_days": True, "days": 61})
        self._decide(self.customer, "hold", until=self.until)
        self.assertEqual(self._status(self.customer), ("hold", ["overdue", "forced"]))
        self.assertIn("Agreed by phone", self.customer.message_ids[1:2].body)
        with self._on():
            self._pay(self.invoice)
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer), ("hold", ["forced"]))
        self._night(self.until)
        self.assertEqual(self._status(self.customer)[0], "hold")
        self._night(self.until + timedelta(days=1))
        self.assertEqual(self._status(self.customer), ("good", []))
        hold = self._holds(self.customer)
        self.assertEqual((len(hold), hold.since, hold.forced), (1, self.TODAY, True))
        self.assertEqual((self.customer.forced_until, self.customer.credit_status), (False, "good"))
        self.assertTrue(self.customer.message_ids.filtered(lambda message: "has ended" in message.body))

    def test_a_hold_by_a_person_is_ended_by_a_person(self):
        self._rules({"use_days": True, "days": 900})
        self._decide(self.customer, "hold", until=self.until)
        self.assertEqual(self._holds(self.customer).cause, "forced")
        self._decide(self.customer, "end", reason="Has paid in cash")
        self.assertEqual(self._status(self.customer), ("good", []))
        hold = self._holds(self.customer)
        self.assertEqual((hold.released_by_id, hold.release_reason), (self.credit_manager, "Has paid in cash"))

    def test_no_exclusion_and_no_release_lifts_a_hold_by_a_person(self):
        self._rules({"use_days": True, "days": 61})
        self._decide(self.customer, "hold", until=self.until)
        self._exclude(self.customer)
        self.assertEqual(self._refresh(self.customer), ("hold", ["forced"]))
        with self.assertRaisesRegex(UserError, "end that hold"):
            self._decide(self.customer, "release", until=self.until)

    def test_a_release_excludes_each_cause_until_a_day(self):
        self._rules({"use_days": True, "days": 61}, {"code": "over_limit"}, {"code": "broken_promise"})
        self._limit(self.customer, 400)
        self._refresh(self.customer)
        self._decide(self.customer, "release", until=self.until)
        self.assertEqual(self._status(self.customer), ("good", []))
        hold = self._holds(self.customer)
        self.assertEqual((hold.until, hold.cause, hold.released_by_id), (self.TODAY, "several", self.credit_manager))
        exclusions = self.env["ar.credit.exclusion"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(set(exclusions.mapped("code")), {"overdue", "over_limit"})
        self.assertEqual(exclusions.user_id, self.credit_manager)
        self._invoice(self.customer.partner_id, 0, 0.01)  # the limit is exceeded further: that holds again
        self.assertEqual(self._refresh(self.customer), ("hold", ["over_limit"]))
        self.assertEqual(len(self._holds(self.customer)), 2)

    def test_a_release_counts_where_the_policy_wants_a_person_to_release(self):
        self._rules({"use_days": True, "days": 61}, releases_itself=False)
        self._refresh(self.customer)
        self._decide(self.customer, "release", until=self.until)
        self.assertEqual(self._status(self.customer), ("good", []))

    def test_what_cannot_be_meant_is_refused_and_nothing_is_half_saved(self):
        self._rules({"use_days": True, "days": 900})
        yesterday = self.TODAY - timedelta(days=1)
        for kind, values, text in (
            ("hold", {"until": yesterday}, "passed"),
            ("hold", {"until": False}, "last day"),
            ("hold", {"until": self.until, "reason": "  "}, "reason"),
            ("release", {"until": self.until}, "no hold to release"),
            ("end", {}, "not held by a person"),
        ):
            with (
                self.subTest(kind=kind, values=values),
                self.assertRaisesRegex(UserError, text),
                self.env.cr.savepoint(),
            ):
                self._decide(self.customer, kind, **values)
        self.assertEqual((self.customer.credit_status, self.customer.forced_until), ("good", False))

    def test_a_release_that_is_confirmed_too_late_is_refused(self):
        self._rules({"use_days": True, "days": 61}, releases_itself=False)
        self._refresh(self.customer)
        with self._on():
            self._pay(self.invoice)
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer)[0], "ready")
        self._invoice(self.customer.partner_id, 90, 300)
        with self.assertRaisesRegex(UserError, "not ready to release"):
            self._decide(self.customer, "confirm")

    def test_an_account_that_was_merged_while_it_waited_is_used_again(self):
        self._rules({"use_days": True, "days": 61}, releases_itself=False)
        person, invoice = self._late(90, 100, name="Person", is_company=False)
        self._refresh(person)
        with self._on():
            self._pay(invoice)
        self.assertEqual(self._refresh(person)[0], "ready")
        with self._on():
            invoice.partner_id.parent_id = self.customer.partner_id
            self.assertEqual(person.merged_into_id, self.customer)
            invoice.partner_id.parent_id = False
            self.env["ar.customer"].sudo()._ensure_for_partners(invoice.partner_id, self.company)
        self.assertEqual(self._refresh(person)[0], "good")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_the_credit_manager_decides_whatever_the_way(self):
        """By buttons, by the dialog itself, by writing, with context keys."""
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        values = {"customer_id": self.customer.id, "kind": "hold", "until": self.until, "reason": "Me"}
        for role in ("auditor", "collector", "manager", "salesperson"):
            user = self._user(role, login=f"hold-{role}")
            customer = self.customer.with_user(user).with_context(bypass_risk=True)
            for button in ("action_credit_hold", "action_credit_release", "action_credit_end_hold"):
                with self.assertRaises(UserError):
                    getattr(customer, button)()
            with self.assertRaises(AccessError):
                self.env["ar.credit.decide"].with_user(user).create(values)
            for name, value in (("credit_status", "good"), ("forced_until", False), ("credit_reasons", [])):
                with self.assertRaises(AccessError):
                    customer.write({name: value})
            with self.assertRaises(UserError):
                customer._force_hold(self.until, "Me")
            with self.assertRaises(AccessError):
                self._holds(self.customer).with_user(user).write({"until": self.TODAY})
        with self.assertRaises(AccessError):
            self.customer.with_user(self.credit_manager).write({"credit_status": "good"})
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer)[0], "hold")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_credit_manager_of_another_company_decides_nothing(self):
        elsewhere = self._create_company(name="Elsewhere")
        stranger = self._user("credit_manager", company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        with self.assertRaises(AccessError):
            self._decide(self.customer, "hold", user=stranger, until=self.until)
        dialog = self.env["ar.credit.decide"].with_user(stranger)
        with self.assertRaises(AccessError):
            dialog.create({"customer_id": self.customer.id, "until": self.until, "reason": "Me"})

    @mute_logger("odoo.sql_db")
    def test_an_account_has_one_open_hold(self):
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["ar.credit.hold"].sudo().create(
                {"customer_id": self.customer.id, "since": self.TODAY, "cause": "overdue"}
            )

    def test_holds_are_grouped_by_age_and_cause(self):
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        self._night(self.TODAY + timedelta(days=8))
        groups = self.env["ar.credit.hold"]._read_group(
            [("company_id", "=", self.company.id)], ["age", "cause"], ["__count"]
        )
        self.assertEqual(groups, [("30", "overdue", 1)])

    def test_an_invoice_that_is_reset_ends_the_hold_and_posted_again_begins_another(self):
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        self.invoice.button_draft()
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self.invoice.action_post()
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        self.assertEqual(len(self._holds(self.customer)), 2)

    def test_merged_customers_share_holds_exclusions_and_the_hold_by_a_person(self):
        self._rules({"use_days": True, "days": 61})
        kept, _invoice = self._late(90, 100, name="Kept")
        self._refresh(kept)
        self._refresh(self.customer)
        exclusion = self._exclude(self.customer, code="over_limit")
        self._decide(self.customer, "hold", until=self.until)
        with self._on():
            self.env["base.partner.merge.automatic.wizard"].create({})._merge(
                (self.customer.partner_id | kept.partner_id).ids, kept.partner_id
            )
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(kept), ("hold", ["overdue", "forced"]))
        self.assertEqual((kept.forced_until, exclusion.customer_id), (self.until, kept))
        self.assertEqual(len(self._holds(kept)), 2)
        self.assertEqual(len(self._holds(kept).filtered(lambda hold: not hold.until)), 1)
        self.assertEqual((self.customer.forced_until, self.customer.credit_status), (False, "good"))

    def test_a_hold_ends_with_the_contact(self):
        self._rules({"use_days": True, "days": 900})
        self._decide(self.customer, "hold", until=self.until)
        self.assertFalse(self._holds(self.customer).until)
        self.customer.sudo()._detach(self.customer.partner_id)
        self.env.invalidate_all()
        self.assertEqual(self._holds(self.customer).until, self.company._ar_today())
        self.assertEqual((self.customer.credit_status, self.customer.forced_until), ("good", False))
