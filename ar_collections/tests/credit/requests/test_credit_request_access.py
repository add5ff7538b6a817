from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_request import ArRequestCommon

RULE_LOGS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")


class TestCreditRequestAccess(ArRequestCommon):
    """Who may request, read and decide; and that nobody writes a limit through a request."""

    def test_salespeople_request_for_their_own_customers_alone(self):
        other = self._partner(name="Not Mine")
        with self.assertRaisesRegex(UserError, "salesperson of the customer"):
            self._request(partner=other)
        with self.assertRaisesRegex(UserError, "salesperson of the customer"):
            other.with_user(self.salesperson).action_ar_request_limit()
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self._customer(other).with_user(self.salesperson).action_request_limit()
        self.assertEqual(self._request(partner=other, user=self.collector).requested_by_id, self.collector)

    def test_auditors_and_other_employees_request_nothing(self):
        auditor = self._user("auditor", login="request-auditor")
        for user in (auditor, self.internal_user, self.portal_user):
            user.sudo().write({"company_id": self.company.id, "company_ids": [Command.link(self.company.id)]})
            with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                self._request(user=user)
            with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                self.payer.with_user(user).action_ar_request_limit()

    def test_salespeople_read_the_request_but_neither_facts_nor_recommendation(self):
        request = self._request().with_user(self.salesperson)
        self.assertEqual(request.read(["wanted_limit", "state"])[0]["wanted_limit"], 20000)
        for name in ("facts", "facts_html", "recommendation", "recommended_text", "message_ids"):
            with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                request.read([name])
        arch = request.get_view(view_type="form")["arch"]
        self.assertNotIn("facts_html", arch)
        self.assertNotIn("chatter", arch)
        other = self._user("salesperson", login="request-other")
        self.assertFalse(self.env["ar.credit.request"].with_user(other).search([]))

    def test_only_credit_managers_decide(self):
        request = self._request()
        manager = self._user("manager", login="request-manager")
        for user in (self.salesperson, self.collector, manager):
            for button in ("action_approve", "action_reject"):
                with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                    getattr(request.with_user(user), button)()
            with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                self.env["ar.credit.request.decide"].with_user(user).create(
                    {"request_id": request.id, "decision": "approve"}
                )
            with self.assertRaises(UserError):
                request.with_user(user)._approve(self._amount(1))
        self.assertEqual(request.state, "open")

    def test_nobody_writes_requests_or_approvals_by_rpc(self):
        request = self._request()
        self.policy.write({"uses_second_approval": True, "second_above": 1})
        self._approve(request)
        for user in (self.salesperson, self.collector, self.credit_manager):
            for values in (
                {"state": "approved"},
                {"wanted_limit": 9},
                {"decided_limit": 9},
                {"requested_by_id": False},
            ):
                with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                    request.with_user(user).write(values)
            with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                self.env["ar.credit.request"].with_user(user).create({"customer_id": self.customer.id})
            with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                self.env["ar.credit.request.approval"].with_user(user).create({"request_id": request.id})
            with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                request.approval_ids.with_user(user).write({"limit": 9})
            with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                request.with_user(user).unlink()
        with self.assertRaises(UserError):
            request.approval_ids.sudo().write({"limit": 9})
        with self.assertRaises(UserError):
            request.approval_ids.sudo().unlink()

    def test_nobody_raises_the_own_authority(self):
        self._authority(self.credit_manager, 10)
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.credit_manager.with_user(self.credit_manager).write({"ar_approves_up_to": 1000000})
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.credit_manager.with_user(self.second).write({"ar_limits_authority": False})

    def test_nobody_lends_the_authority_of_others_to_oneself(self):
        self._authority(self.credit_manager, 10)
        absences = self.env["ar.absence"].with_user(self.credit_manager)
        days = {"date_from": self.TODAY, "date_to": self.TODAY}
        absence = absences.create({"user_id": self.second.id, "cover_id": self.credit_manager.id, **days})
        request = self._request()
        with self.assertRaisesRegex(UserError, "higher than you may approve"):
            self._approve(request)
        absence.sudo().unlink()
        self._away(self.second, self.credit_manager)
        self._approve(request)
        self.assertEqual(request.approval_ids.for_user_id, self.second)

    def test_another_company_of_the_user_does_not_raise_the_authority(self):
        dollar = self.setup_other_currency("CHF", rates=[(self.TODAY, 0.01)])
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere", "currency_id": dollar.id})
        self._authority(self.credit_manager, 100)
        self.credit_manager.sudo().write({"company_ids": [Command.link(elsewhere.id)]})
        self.credit_manager.with_user(self.credit_manager).write({"company_id": elsewhere.id})
        self.assertEqual(self.credit_manager._ar_get_authority(self.company, self.TODAY).up_to, 100)

    def test_withdrawn_by_the_requester_or_a_collector(self):
        other = self._user("salesperson", login="request-other")
        self.payer.user_id = other
        request = self._request(user=other)
        self.payer.user_id = self.salesperson
        self.env.invalidate_all()
        with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
            request.with_user(self.salesperson).action_withdraw()
        request.with_user(other).action_withdraw()
        self.assertEqual(request.state, "withdrawn")

    def test_a_branch_requests_and_the_root_company_decides(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        local = {"company_id": branch.id, "company_ids": [Command.set(branch.ids)]}
        collector = self._user("collector", login="branch-collector", **local)
        manager = self._user("credit_manager", login="branch-manager", **local)
        with self._on():
            wizards = self.env["ar.credit.request.new"].with_user(collector).with_company(branch)
            action = wizards.create(
                {"partner_id": self.payer.id, "company_id": branch.id, "wanted_limit": 8000, "reason": "Branch"}
            ).action_confirm()
        request = self.env["ar.credit.request"].browse(action["res_id"])
        self.assertEqual(request.customer_id, self.customer)
        seen = request.with_user(collector).with_context(allowed_company_ids=branch.ids)
        self.assertEqual(seen.read(["state", "partner_id"])[0]["state"], "open")
        with self.assertRaisesRegex(UserError, "credit manager of that company"):
            request.with_user(manager)._approve(self._amount(8000))
        self._approve(request)
        self.assertEqual(self._limit_of(), ("amount", 8000))

    def test_documents_of_others_are_not_taken(self):
        secret = self.env["ir.attachment"].sudo().create({"name": "Secret", "raw": b"secret"})
        wizards = self.env["ar.credit.request.new"].with_user(self.salesperson)
        own = self.env["ir.attachment"].with_user(self.salesperson).create(
            {"name": "accounts.txt", "raw": b"profit", "res_model": wizards._name, "res_id": 0}
        )  # fmt: skip
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self._request(file_ids=[Command.link(secret.id)])
        request = self._request(file_ids=[Command.link(own.id)])
        self.assertEqual(request.sudo().file_ids.mapped("name"), ["accounts.txt"])
        self.assertEqual(request.sudo().file_ids.raw, b"profit")
