from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from ....core.credit.effect import INFORM, WARN
from .common_documents import ArDocumentsCommon


class TestHoldScreen(ArDocumentsCommon):
    """A draft invoice says in one line what posting it would lead to, and whom to ask."""

    def _read(self, draft, user=None):
        draft.invalidate_recordset()
        with self._on():
            draft = draft.with_user(user or self.biller)
            return draft.ar_credit_text, draft.ar_is_blocked

    def test_the_user_who_invoices_reads_why_and_whom_to_ask(self):
        self.credit_manager.name = "Carla Credit"
        text, is_blocked = self._read(self._draft(1200))
        self.assertRegex(text, "^On hold: .*exceeded by .*200.00.*Ask .*Carla Credit.* to release it")
        self.assertTrue(is_blocked)

    def test_a_credit_manager_reads_that_it_can_be_released(self):
        self.assertIn("You may release it", self._read(self._draft(1200), self.credit_manager)[0])

    def test_within_the_limit_released_warned_and_informed(self):
        self.assertRegex(self._read(self._draft(100))[0], "^Within the credit limit")
        draft = self._draft(1200)
        self._release(draft)
        self.assertEqual(self._read(draft)[0][:29], "Released by a credit manager.")
        self.policy.effect_invoice = WARN
        self.assertRegex(self._read(self._draft(1300))[0], "^Credit warning: With this invoice")
        self.policy.effect_invoice = INFORM
        self.assertEqual(self._read(self._draft(1300))[1], False)

    def test_it_says_the_same_as_posting_while_another_draft_waits(self):
        first, second = self._draft(600), self._draft(600)
        self.assertEqual([self._read(draft)[1] for draft in (first, second)], [False, True])

    def test_while_the_invoice_is_written(self):
        moves = self.env["account.move"].with_user(self.biller).with_context(default_move_type="out_invoice")
        with self._on(), Form(moves) as form:
            form.partner_id = self.partner
            with form.invoice_line_ids.new() as line:
                line.name, line.price_unit = "Work", 1200
                line.tax_ids.clear()
            self.assertTrue(form.ar_is_blocked)
            self.assertIn("On hold", form.ar_credit_text)

    def test_the_filter_finds_held_invoices(self):
        held, other = self._draft(1200), self._draft(5, partner=self._partner(name="Other"))
        self._post(held | other)
        found = self.env["account.move"].with_user(self.biller).search([("ar_held_on", "!=", False)])
        self.assertIn(held, found)
        self.assertNotIn(other, found)

    def test_the_night_clears_the_marks_of_what_is_free_again(self):
        held, still = self._draft(1200), self._draft(5000)
        self._post(held | still | self._draft(5, partner=self._partner(name="Other")))
        self.assertTrue(held.ar_held_on and still.ar_held_on)
        self._limit(self.customer, 1200)
        self._night()
        self.assertEqual((bool(held.ar_held_on), bool(still.ar_held_on)), (False, True))
        self.assertEqual(held.state, "draft")

    def _hold_by_class(self):
        """Let the class of the customer alone hold it; return a draft that is marked."""
        rule = {"code": "risk_class", "status": "hold", "classes": "D, E"}
        self.policy.write({"rule_ids": [Command.clear(), Command.create(rule)]})
        self.customer.sudo().write({"risk_class": "D"})
        draft = self._draft(100)
        self._post(draft | self._draft(5, partner=self._partner(name="Other")))
        return draft

    def test_the_class_is_named_to_those_alone_who_may_read_scores(self):
        draft = self._hold_by_class()
        self.assertTrue(draft.ar_held_on)
        error = self._assert_held(draft)
        for text in (error, draft.with_user(self.biller).ar_hold_text, self._read(draft)[0]):
            self.assertIn("credit assessment", text)
            self.assertNotIn("class", text)
        self.assertNotIn("class", " ".join(draft.message_ids.mapped("body")))
        self.assertIn("risk class is D", draft.with_user(self.credit_manager).ar_hold_text)
        self.assertIn("risk class is D", self._read(draft, self.credit_manager)[0])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            draft.with_user(self.biller).read(["ar_hold_reasons"])

    def test_nobody_writes_the_marks(self):
        draft = self._draft(1200)
        moves = self.env["account.move"]
        for user in (self.biller, self.credit_manager):
            user.group_ids = [Command.link(self.env.ref("account.group_account_invoice").id)]
            for values in ({"ar_held_on": "2026-06-09 12:00:00"}, {"ar_hold_reasons": [{"code": 7}]}):
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    draft.with_user(user).write(values)
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    moves.with_user(user).create({"move_type": "out_invoice", **values})
        default = moves.with_user(self.biller).with_context(default_ar_held_on="2026-06-09 12:00:00")
        self.assertFalse(default.create({"move_type": "out_invoice", "partner_id": self.partner.id}).ar_held_on)

    def test_stored_reasons_that_cannot_be_read_are_left_out(self):
        draft = self._draft(1200)
        known = {"code": "overdue", "status": "hold", "days": 3}
        junk = [7, {"code": "overdue"}, {"code": []}, {**known, "amount": "much"}]
        draft.sudo().ar_hold_reasons = [*junk, known]
        self.assertEqual(draft.with_user(self.biller).ar_hold_text.count("the oldest item for 3 days."), 1)
        draft.sudo().ar_hold_reasons = {"code": "overdue"}
        self.assertFalse(draft.with_user(self.biller).ar_hold_text)
