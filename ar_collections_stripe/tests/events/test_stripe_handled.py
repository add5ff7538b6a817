from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ..reconcile.common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeHandled(ArStripeListsCommon):
    """What the comparison cannot see the end of, a person marks as handled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="manager-handled")

    def setUp(self):
        super().setUp()
        self.shop = self.stripe.charge_elsewhere("Order", 900)
        with mute_logger(PROBLEM_LOG):
            self._compare()
        self.difference = self.differences.search([("provider_id", "=", self.provider.id)])
        self.assertEqual(self._found(), [("charge_missing", 9.0, 0.0)])

    def _open(self, user, differences=None):
        """Return the dialog as the button opens it."""
        action = (differences or self.difference).with_user(user).action_mark_handled()
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def _mark(self, user, note="Registered by hand."):
        with self._open(user) as dialog:
            dialog.note = note
        dialog.record.action_done()
        self.env.invalidate_all()

    def test_it_is_gone_with_who_and_what_and_does_not_come_back(self):
        self._mark(self.manager)
        self.assertEqual((self._found(), self._problem().ids), ([], []))
        for _time in range(2):
            self._compare()
            self.assertEqual((self._found(), self._problem().ids), ([], []))
        row = self.difference
        self.assertTrue(row.solved_on)
        self.assertEqual((row.handled_by_id, row.note), (self.manager, "Registered by hand."))

    @mute_logger(PROBLEM_LOG)
    def test_it_comes_back_with_other_numbers(self):
        self._mark(self.manager)
        (charge,) = self.stripe.charges.values()
        charge["amount_captured"] = 800
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 8.0, 0.0)])
        self.assertEqual((self.difference.handled_by_id.ids, self.difference.note), ([], False))
        self._mark(self.manager)
        charge["currency"] = "eur"
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 8.0, 0.0)])

    @mute_logger(PROBLEM_LOG)
    def test_the_others_stay_on_the_list_of_problems(self):
        self.stripe.charge_elsewhere("Sale", 500)
        self._compare()
        self.assertIn("2", self._problem().message)
        self._mark(self.manager)
        self.assertEqual(self._found(), [("charge_missing", 5.0, 0.0)])
        self.assertIn("Charge without Payment: 1", self._problem().message)

    def test_accountants_who_may_read_the_list_may_too(self):
        accountant = self._user("auditor", login="accountant-handled")
        accountant.group_ids |= self.env.ref("account.group_account_user")
        self._mark(accountant)
        self.assertEqual(self.difference.handled_by_id, accountant)

    def test_others_may_not(self):
        for role in ("auditor", "collector"):
            user = self._user(role, login=f"{role}-handled")
            with self.subTest(role=role):
                with self.assertRaisesRegex(UserError, "Collections Manager"):
                    self.difference.with_user(user).action_mark_handled()
                with self.assertRaises(AccessError):
                    self.env["ar.stripe.difference.handle"].with_user(user).create(
                        {"difference_ids": self.difference.ids, "note": "No"}
                    )
        company = self._create_company(name="Elsewhere")
        values = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        stranger = self._user("credit_manager", login="stranger-handled", **values)
        with self.assertRaises(AccessError):
            self.difference.with_user(stranger).action_mark_handled()
        with self.assertRaises(AccessError):
            self.env["ar.stripe.difference.handle"].with_user(stranger).create(
                {"difference_ids": self.difference.ids, "note": "No"}
            )
        self.assertFalse(self.difference.solved_on)

    def test_a_note_is_needed_and_what_is_gone_stays_as_it_is(self):
        dialog = self.env["ar.stripe.difference.handle"].with_user(self.manager)
        dialog = dialog.create({"difference_ids": self.difference.ids, "note": "  "})
        with self.assertRaisesRegex(UserError, "what was done"):
            dialog.action_done()
        self._mark(self.manager)
        dialog.note = "Another"
        dialog.action_done()
        self.assertEqual(self.difference.note, "Registered by hand.")
        with self.assertRaisesRegex(UserError, "gone already"):
            self.difference.with_user(self.manager).action_mark_handled()

    def test_one_dialog_is_not_for_another_user(self):
        dialog = self.env["ar.stripe.difference.handle"].with_user(self.manager)
        dialog = dialog.create({"difference_ids": self.difference.ids, "note": "Mine"})
        other = self._user("credit_manager", login="other-handled")
        with self.assertRaises(AccessError):
            dialog.with_user(other).action_done()
