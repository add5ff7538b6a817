from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..evidence.common_stripe_evidence import ArStripeEvidenceCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}

#: What auditor, collector, collections manager and credit manager may do.
RIGHTS = {
    "ar.stripe.booking": ("r", "r", "r", "r"),
    "ar.stripe.booking.line": ("r", "r", "r", "r"),
    "ar.stripe.evidence": ("r", "rw", "rw", "rw"),
    "ar.stripe.evidence.line": ("r", "rwcd", "rwcd", "rwcd"),
}


@tagged("post_install", "-at_install")
class TestStripeChargebackAccess(ArStripeEvidenceCommon):
    """Who may see and change the money and the evidence of chargebacks."""

    def setUp(self):
        super().setUp()
        self._automatic()
        data, self.evidence = self._gathered()
        self.booking = self._move(data, -15000)
        self.records = (self.booking, self.booking.line_ids, self.evidence, self.evidence.line_ids)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_every_role_on_every_model(self):
        roles = ("auditor", "collector", "manager", "credit_manager")
        users = [self._user(role, login=f"{role}-chargeback-rights") for role in roles]
        for records in self.records:
            self.assertTrue(records)
            for user, allowed in zip(users, RIGHTS[records._name], strict=True):
                may = "".join(letter for letter, name in OPERATIONS.items() if records.with_user(user).has_access(name))
                self.assertEqual(may, allowed, (user.login, records._name))
            for stranger in (self.internal_user, self.env.ref("base.public_user").sudo()):
                self.assertFalse(records.with_user(stranger).has_access("read"), records._name)

    def test_other_companies_see_nothing(self):
        company = self._create_company(name="Elsewhere")
        values = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        stranger = self._user("credit_manager", login="elsewhere-chargebacks", **values)
        for records in self.records:
            self.assertFalse(records.with_user(stranger).has_access("read"), records._name)
        for call in (self.booking.with_user(stranger).action_book, self.evidence.with_user(stranger).action_submit,
                     self.evidence.stripe_dispute_id.with_user(stranger).action_open_evidence):  # fmt: skip
            with self.assertRaises(AccessError):
                call()

    def test_settings_are_for_administrators(self):
        for name in ("ar_stripe_booking", "ar_stripe_fee_account_id", "ar_stripe_refund_policy"):
            with self.assertRaises(AccessError):
                self.provider.with_user(self.manager).read([name])

    def test_views_open_for_who_may_use_them(self):
        auditor = self._user("auditor", login="auditor-chargeback-views")
        for records in (self.booking, self.evidence, self.evidence.stripe_dispute_id):
            self.assertTrue(records.with_user(auditor).get_view(view_type="form")["arch"])
        self.assertIn("action_book", self.evidence.stripe_dispute_id.with_user(self.manager).get_view()["arch"])
