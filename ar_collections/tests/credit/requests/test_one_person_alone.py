from datetime import timedelta
from types import SimpleNamespace

from odoo import Command
from odoo.exceptions import UserError

from ....core.credit.effect import BLOCK, INFORM
from ..documents.common_documents import ArDocumentsCommon
from ..status.common_status import ArStatusCommon
from .common_request import ArRequestCommon


class TestOnePersonAlone(ArRequestCommon, ArStatusCommon, ArDocumentsCommon):
    """Where two persons approve high limits, one credit manager alone gets past them in no other way, either."""

    def setUp(self):
        super().setUp()
        self.customer = self._customer(self.payer)
        self.partner = self.payer
        self._limit(self.customer, 5000)
        self.policy.write({"uses_second_approval": True, "second_above": 10000, "effect_invoice": BLOCK})
        self.own = self.customer.with_user(self.credit_manager)

    def _refused(self, text="which you may not allow alone"):
        return self.assertRaisesRegex(UserError, text)

    # === SETTINGS === #

    def test_the_policy_is_not_made_milder(self):
        policy = self.policy.with_user(self.credit_manager)
        over = policy.rule_ids.filtered(lambda rule: rule.code == "over_limit")
        for change in (
            lambda: policy.write({"uses_second_approval": False}),
            lambda: policy.write({"second_above": 10000.01}),
            lambda: policy.write({"effect_invoice": INFORM}),
            lambda: policy.write({"active": False}),
            lambda: policy.write({"rule_ids": [Command.delete(over.id)]}),
            lambda: over.write({"status": "warning"}),
            lambda: over.write({"use_amount": True, "amount": 99999}),
            lambda: policy.unlink(),
        ):
            with self._refused("ask an administrator"), self.env.cr.savepoint():
                change()
        policy.write({"second_above": 9000, "effect_order": BLOCK, "credit_review_months": 3})
        self.credit_manager.sudo().group_ids = [Command.link(self.env.ref("base.group_erp_manager").id)]
        policy.write({"uses_second_approval": False})
        self.assertFalse(policy.uses_second_approval)

    def test_a_policy_without_a_second_person_is_changed_by_one(self):
        self.policy.uses_second_approval = False
        policy = self.policy.with_user(self.credit_manager)
        policy.write({"effect_invoice": INFORM})
        policy.write({"uses_second_approval": True, "second_above": 5})
        self.assertTrue(policy.uses_second_approval)

    def test_a_customer_is_not_moved_to_a_milder_policy(self):
        milder = self._policy(name="Milder", user_id=False, sequence=99)
        manager = self._user("manager", login="moving-manager")
        for user in (self.credit_manager, manager):
            with self._refused("ask an administrator"), self.env.cr.savepoint():
                self.customer.with_user(user).policy_override_id = milder
        stricter = self._policy(name="Stricter", user_id=False, sequence=99, effect_invoice=BLOCK)
        stricter.write({"uses_second_approval": True, "second_above": 9000})
        self.own.policy_override_id = stricter
        self.assertEqual(self.customer.policy_id, stricter)

    def test_the_limit_of_a_group_is_not_lifted(self):
        self.own.is_group_limit = True
        with self._refused("any amount"), self.env.cr.savepoint():
            self.own.is_group_limit = False
        self.policy.uses_second_approval = False
        self.own.is_group_limit = False
        self.assertFalse(self.customer.is_group_limit)

    # === EXCEPTIONS === #

    def test_an_exclusion_lifts_the_limit_up_to_what_one_person_may_approve(self):
        for values in ({}, {"use_amount": True, "amount": 5001}, {"use_percent": True, "percent": 101}):
            with self._refused("request a temporary limit"), self.env.cr.savepoint():
                self._exclude(self.customer, code="over_limit", **values)
        exclusion = self._exclude(self.customer, code="over_limit", use_amount=True, amount=5000)
        with self._refused(), self._on(), self.env.cr.savepoint():
            exclusion.use_amount = False
        exclusion.reason = "Another one"
        self._exclude(self.customer)  # what is overdue does not bound what the customer may owe
        for values in ({"scope": "all"}, {"scope": "segment", "policy_id": self.policy.id}):
            with self._refused("each customer"), self.env.cr.savepoint():
                self._exclude(code="over_limit", **values)

    def test_a_release_of_the_customer(self):
        self.policy.effect_invoice = INFORM
        self._invoice(self.payer, 5, 10001)
        self._refresh(self.customer)
        with self._refused("request a temporary limit"):
            self._decide(self.customer, "release", until=self.until)
        self.policy.second_above = 10001
        self._decide(self.customer, "release", until=self.until)
        self.assertEqual(self._status(self.customer)[0], "good")

    def test_a_release_of_a_document(self):
        small, large = self._draft(6000), self._draft(4001)
        self._release(small)
        self.assertEqual(self._post(small), ["posted"])
        with self._refused("request a temporary limit"):
            self._release(large)
        self.assertFalse(self.env["ar.credit.release"].search([("res_id", "=", large.id)]))

    def test_the_own_authority_counts_likewise(self):
        self.policy.uses_second_approval = False
        self._authority(self.credit_manager, 8000)
        self._release(self._draft(8000))
        with self._refused():
            self._release(self._draft(8001))
        self._release(self._draft(90000), user=self.second)

    # === SECURITY === #

    def test_what_secures_more_is_confirmed_by_another_person(self):
        self._invoice(self.payer, 5, 5000)
        with self._on():
            self.own.write({"guarantee_amount": 5001})
            self.assertTrue(self.customer.is_security_waiting)
            self._book()
            self.assertEqual(self._lines(self.customer)["receivables"], 5000)
            self.assertEqual(self.customer.exposure, 5000)
            with self._refused("yourself"):
                self.own.action_confirm_security()
            self._authority(self.second, 9000)
            with self._refused("may approve as much"):
                self.customer.with_user(self.second).action_confirm_security()
            self._authority(self.second, 99000)
            self.customer.with_user(self.second).action_confirm_security()
            self.env.invalidate_all()
            self.assertEqual((self.customer.exposure, self.customer.is_security_waiting), (-1, False))
            with self._refused("confirmed already"):
                self.customer.with_user(self.second).action_confirm_security()

    def test_up_to_what_one_person_may_approve_it_counts_at_once(self):
        far = self.TODAY + timedelta(days=90)
        with self._on():
            self.own.write({"insured_amount": 5000, "insured_percent": 90, "insured_until": far})
            self.assertFalse(self.customer.is_security_waiting)
            with self._refused("two persons"), self.env.cr.savepoint():
                self.own.credit_limit = 9000  # together with what the same person entered
            self.own.write({"insured_amount": 4000})  # less is always possible
            self.own.write({"guarantee_amount": 1000, "guarantee_until": far})
            self.assertFalse(self.customer.is_security_waiting)
            self.own.write({"guarantee_amount": 3000})
            self.assertTrue(self.customer.is_security_waiting)
            self.own.write({"insured_amount": 0, "guarantee_amount": 0})
            self.assertFalse(self.customer.is_security_waiting or self.customer.secured_by_id)

    def test_what_waits_counts_in_no_report(self):
        far = self.TODAY + timedelta(days=90)
        with self._on():
            self.own.write({"insured_amount": 9000, "insured_percent": 90, "insured_until": far})
            self.assertEqual(self._read_reports(), (0, 0, None, {}))
            self.own.sudo().is_security_waiting = False
            self.assertEqual(self._read_reports(), (9000, 1, 9000, {self.payer.id: (9000, 90)}))

    def _read_reports(self):
        """Return what reports take for secured: (usage, number of covers, history, insurance of the allowance)."""
        self.env.flush_all()
        self.env.invalidate_all()
        account, root = self.customer.sudo(), SimpleNamespace(root=self.company)
        return (
            sum(self.env["ar.credit.usage"].search([("customer_id", "=", account.id)]).mapped("secured")),
            len(self.env["ar.risk.reader"]._read_covers(root)),
            self.env["ar.credit.history"]._read(account, self.TODAY)["insured"],
            self.env["ar.allowance.reader"]._read_insurance(self.company, [self.payer.id], self.TODAY),
        )

    def test_one_credit_manager_works_alone_where_no_second_person_is_asked_for(self):
        self.policy.uses_second_approval = False
        with self._on():
            self.own.write({"guarantee_amount": 900000, "is_group_limit": True})
            self.own.write({"is_group_limit": False, "credit_limit": 800000})
        self.assertFalse(self.customer.is_security_waiting)
        self._exclude(self.customer, code="over_limit")
        self._exclude(code="over_limit")
        milder = self._policy(name="Milder", user_id=False, sequence=99)
        self.own.policy_override_id = milder

    def test_security_that_waits_follows_into_a_merge(self):
        other = self._customer(self._partner(name="Other"))
        with self._on():
            self.own.write({"guarantee_amount": 9000})
            other.sudo()._absorb(self.customer.sudo())
        self.assertEqual((other.guarantee_amount, other.is_security_waiting), (9000, True))
