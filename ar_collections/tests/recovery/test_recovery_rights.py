"""The buttons of recovery, called by RPC, by users who invoice without a role of ours, and by auditors."""

from odoo.exceptions import UserError  # access errors are of this class, too

from .common_placements import PlacementCommon

#: What opens lists, which auditors may read.
READ = (
    "action_open_placements", "action_open_settlements", "action_open_abilities", "action_open_insolvencies",
    "action_open_late_charges", "action_claim",
)  # fmt: skip

#: What begins something.
WRITE = (
    "action_place", "action_settle", "action_new_ability", "action_insolvency", "action_payment_order",
    "action_new_legal_cost", "action_invite_autopay", "action_exclude", "action_credit_release",
)  # fmt: skip


class TestRecoveryRights(PlacementCommon):
    def test_who_invoices_without_a_role_opens_nothing(self):
        values = {"name": "Invoices", "login": "only-invoices", "company_id": self.company.id}
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_invoice")
        user = self.env["res.users"].create(
            {**values, "company_ids": [(6, 0, self.company.ids)], "group_ids": [(6, 0, groups.ids)]}
        )
        for name in (*READ, *WRITE):
            with self.subTest(name), self._on(), self.assertRaises(UserError):
                getattr(self.customer.with_user(user), name)()

    def test_auditors_read_and_begin_nothing(self):
        auditor = self._user("auditor", login="recovery-auditor")
        for name in READ:
            with self.subTest(name), self._on():
                self.assertTrue(getattr(self.customer.with_user(auditor), name)()["res_model"])
        for name in WRITE:
            with self.subTest(name), self._on(), self.assertRaises(UserError):
                getattr(self.customer.with_user(auditor), name)()
