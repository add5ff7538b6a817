"""What late charges and recovery wait for, in the list of approvals."""

from odoo import Command
from odoo.exceptions import UserError

from ..late_charges.common_late_charges import ArLateChargeCommon
from ..recovery.common_placements import PlacementCommon
from ..recovery.common_recovery import ArRecoveryCommon
from ..recovery.settlements.test_settlement import SettlementCommon
from .test_approvals import ArApprovalCommon


class TestWaiverApprovals(ArLateChargeCommon, ArApprovalCommon):
    """Waivers above the policy's amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"uses_late_charge_second": True, "late_charge_second_above": 10.0})
        cls.manager = cls._user("manager", login="approval-waives")
        cls.second = cls._user("manager", login="approval-waives-second")
        partner = cls._partner(name="Late Payer")
        cls.invoice = cls._invoice(partner, 60, 5000.0)
        cls.partner = partner

    def _waive(self):
        charge = self._accrue(self.partner)
        with self._on():
            action = charge.with_user(self.manager).action_waive()
            wizard = self.env["ar.late.charge.waive"].with_user(self.manager).with_context(**action["context"])
            wizard.create({"reason": "Our mistake"}).action_confirm()
        return charge

    def test_another_manager_approves(self):
        charge = self._waive()
        for user, may in ((self.collector, False), (self.manager, False), (self.second, True)):
            row = self._list(user)["waiver"]
            with self.subTest(user=user.login):
                self.assertEqual((row.may_decide, row.can_approve, row.can_refuse), (may, may, may))
        self.assertEqual((row.amount, row.requested_by_id, row.since), (charge.left, self.manager, self.TODAY))
        self.assertEqual(row.partner_id, self.partner)
        self.assertEqual(row.question, f"Waive the late charge of {self.invoice.name}? Our mistake")
        self.assertEqual((row.action_open()["res_model"], row.action_open()["res_id"]), (charge._name, charge.id))
        with self._on():
            row.action_approve()
        self.assertEqual(charge.waiver_ids.state, "applied")
        self.assertFalse(self._list(self.second))

    def test_it_is_refused_in_the_row(self):
        charge = self._waive()
        with self._on():
            self._list(self.second)["waiver"].action_refuse()
        self.assertEqual(charge.waiver_ids.state, "rejected")
        self.assertFalse(self._list(self.second))


class TestWriteOffApprovals(ArRecoveryCommon, ArApprovalCommon):
    """Write-offs that another credit manager decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_write_off_alone = 0

    def test_another_credit_manager_approves(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice)
        for user, may in ((self.manager, False), (self.credit_manager, False), (self.second, True)):
            row = self._list(user)["write_off"]
            with self.subTest(user=user.login):
                self.assertEqual((row.may_decide, row.can_approve, row.can_refuse), (may, may, False))
        self.assertEqual((row.amount, row.number, row.since), (250, write_off.name, self.TODAY))
        self.assertEqual((row.partner_id, row.requested_by_id), (self.payer, self.credit_manager))
        self.assertEqual(row.question, "Write off? No means to pay. Insolvent")
        with self.assertRaisesRegex(UserError, "one by one"):
            row.action_refuse()
        with self._on():
            row.action_approve()
        self.assertEqual((write_off.state, invoice.amount_residual), ("posted", 0))
        self.assertFalse(self._list(self.second))

    def test_one_of_several_customers_is_listed_once(self):
        self._write_off(self._invoice(self.payer, 90, 250.0), self._invoice(self._partner(), 90, 50.0))
        self.env.flush_all()
        rows = self.env["ar.approval"].with_user(self.second).search([("kind", "=", "write_off")])
        self.assertEqual(rows.mapped("amount"), [300])
        self.assertIn("(2 customers)", rows.question)

    def test_the_company_switcher_is_obeyed(self):
        self._write_off(self._invoice(self.payer, 90, 250.0))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        companies = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        self.assertFalse(self._list(self._user("credit_manager", login="approval-elsewhere", **companies)))


class TestPlacementApprovals(PlacementCommon, ArApprovalCommon):
    """Placements that are proposed."""

    def test_another_credit_manager_approves(self):
        second = self._user("credit_manager", login="approval-places")
        placement = self._propose(user=self.credit_manager)
        for user, may in ((self.manager, False), (self.credit_manager, False), (second, True)):
            row = self._list(user)["placement"]
            with self.subTest(user=user.login):
                self.assertEqual((row.may_decide, row.can_approve, row.can_refuse), (may, may, False))
        self.assertEqual((row.amount, row.number, row.since), (400, placement.name, self.TODAY))
        self.assertEqual((row.partner_id, row.requested_by_id), (self.partner, self.credit_manager))
        self.assertIn("Hand over to Fair Collect?", row.question)
        self.assertEqual(row.action_open()["res_id"], placement.id)
        with self._on():
            row.action_approve()
        self.assertEqual((placement.state, placement.approved_by_id), ("placed", second))
        self.assertFalse(self._list(second))


class TestSettlementApprovals(SettlementCommon, ArApprovalCommon):
    """Settlements that are requested."""

    def test_another_credit_manager_approves(self):
        settlement = self._request(user=self.credit_manager)
        for user, may in ((self.manager, False), (self.credit_manager, False), (self.second, True)):
            row = self._list(user)["settlement"]
            with self.subTest(user=user.login):
                self.assertEqual((row.may_decide, row.can_approve, row.can_refuse), (may, may, False))
        self.assertEqual((row.amount, row.number, row.since), (400, settlement.name, self.TODAY))
        self.assertEqual((row.partner_id, row.requested_by_id), (self.customer.partner_id, self.credit_manager))
        self.assertRegex(row.question, "Accept .*600.00 of .*1,000.00 by .* No assets")
        self.assertEqual(row.action_open()["res_id"], settlement.id)
        with self.assertRaisesRegex(UserError, "one by one"):
            row.action_refuse()
        with self._on():
            row.action_approve()
        self.assertEqual((settlement.state, settlement.decided_by_id), ("open", self.second))
        self.assertFalse(self._list(self.second))

    def test_rows_of_all_kinds_have_ids_of_their_own(self):
        self.company.ar_write_off_alone = 0
        self._request()
        self._write_off(self._invoice(self.payer, 90, 250.0))
        self.env.flush_all()
        rows = self.env["ar.approval"].with_user(self.second).search([])
        self.assertEqual(set(rows.mapped("kind")), {"settlement", "write_off"})
        for row in rows:
            self.assertEqual(self.env["ar.approval"].with_user(self.second).search([("id", "=", row.id)]), row)
        self.assertEqual(len({row.id for row in rows}), len(rows))
