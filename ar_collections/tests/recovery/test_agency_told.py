"""Agencies: merged contacts, what the hand-over holds, authority, the reason, and what the customer is told."""

import io
import zipfile
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError, ValidationError

from .common_placements import PlacementCommon


class TestAgencies(PlacementCommon):
    def test_two_contacts_that_are_both_agencies_are_merged(self):
        placement = self._place(self.old)
        other = self._agency()
        second = self._place(self.new, agency=other)
        target = other.partner_id
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.agency.partner_id.id, target.id], target
        )
        self.env.invalidate_all()
        self.assertFalse(self.agency.exists())
        self.assertEqual((placement | second).agency_id, other)
        self.assertEqual(self.policy.placement_agency_id, other)
        self.assertEqual(other.rate_ids.percent, 20)

    def test_the_agency_follows_its_contact(self):
        target = self._partner(name="Fair Collect Ltd", is_company=True)
        self._place(self.old)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.agency.partner_id.id, target.id], target
        )
        self.env.invalidate_all()
        self.assertEqual(self.agency.partner_id, target)

    def test_a_handover_is_within_the_authority(self):
        placement = self._propose()
        self.credit_manager.sudo().write({"ar_limits_write_off": True, "ar_writes_off_up_to": 399})
        with self._on(), self.assertRaisesRegex(UserError, "higher than you may write off"):
            placement.with_user(self.credit_manager).action_approve()
        self.assertEqual(placement.state, "ready")
        self.credit_manager.sudo().ar_writes_off_up_to = 400
        with self._on():
            placement.with_user(self.credit_manager).action_approve()
        self.assertEqual(placement.state, "placed")

    def test_the_reason_is_that_of_the_policy_whatever_the_client_says(self):
        with self._on():
            wizard = self.env["ar.placement.new"].with_user(self.collector)
            items = (self._debt(self.old) | self._debt(self.new)).ids
            values = {"customer_id": self.customer.id, "agency_id": self.agency.id, "code": "limitation_near"}
            values |= {"currency_id": self.company.currency_id.id, "move_line_ids": [Command.set(items)]}
            dialog = wizard.create({"company_id": self.company.id, "line_ids": [Command.create(values)]})
            action = dialog.action_propose()
        placement = self.env["ar.placement"].search(action["domain"])
        self.assertEqual(placement.code, "all_steps_sent")

    def _read_pack(self, placement):
        with zipfile.ZipFile(io.BytesIO(placement.pack_id.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_internal_notes_and_the_statement_are_a_choice(self):
        log = self.env["ar.communication"].sudo()
        log.create(
            {
                "customer_id": self.customer.id, "channel": "call", "state": "sent", "date": self.TODAY, "tone": "firm",
                "date_sent": self.TODAY, "note": "He drinks", "body": "<p>She was rude</p>", "subject": "Call",
            }
        )  # fmt: skip
        self.agency.write({"with_statement": False})
        placement = self._place(self.old)
        files = self._read_pack(placement)
        self.assertNotIn("statement.pdf", files)
        text = b"".join(files.values())
        self.assertIn(b"call", files["communications.csv"])
        for hidden in (b"He drinks", b"She was rude"):
            self.assertNotIn(hidden, text)
        self.agency.write({"with_notes": True, "with_statement": True})
        with self._on():
            placement.sudo()._make_pack()
        files = self._read_pack(placement)
        self.assertIn("statement.pdf", files)
        self.assertIn(b"He drinks", files["communications.csv"])

    def test_no_loss_on_accounts_of_open_items(self):
        receivable = self.company_data["default_account_receivable"]
        for name in ("ar_bad_debt_account_id", "ar_small_difference_account_id", "ar_allowance_expense_account_id"):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "choose an expense account"):
                self.company.sudo()[name] = receivable


class TestCustomerTold(PlacementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = True
        cls.policy.placement_notice = True

    def _notices(self):
        return self._communications(self.customer).filtered(lambda c: c.notice == "placement_made")

    def test_the_customer_is_told_once_in_its_language(self):
        placement = self._place(self.old)
        (mail,) = self._deliver()
        self.assertIn("your invoices were handed to Fair Collect", mail["subject"])
        for text in (self.old.name, "300.00", "cases@agency.example.com", placement.name):
            self.assertIn(text, mail["body"])
        self.assertNotIn(self.new.name, mail["body"])
        with self._on():
            placement.with_user(self.collector).action_accepted()
        self.assertEqual(len(self._notices()), 1)

    def test_nobody_is_told_without_the_policy(self):
        self.policy.placement_notice = False
        self._place(self.old)
        self.assertFalse(self._notices())

    def test_a_recalled_case_is_not_told(self):
        placement = self._place(self.old)
        self._end(placement, "recalled")
        self.assertFalse(self._deliver())
        self.assertEqual(self._notices().state, "cancelled")

    def test_not_about_what_is_disputed(self):
        reason = self.env["ar.dispute.reason"].search([("company_id", "in", (False, self.company.id))], limit=1)
        with self._on():
            disputes = self.env["ar.dispute"].with_user(self.collector)
            requested = {self._debt(self.old).id: Decimal(50)}
            disputes._raise_dispute(self.customer, requested=requested, reason=reason, note="Wrong price")
        self._place(self.old)
        self.assertFalse(self._notices())
