"""People change what was drafted: deleted lines and other amounts count as they are posted."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesChanged(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"
        cls.source = cls._invoice(cls._partner(), 0, 5000.0, today=date(2025, 5, 15))
        cls.partner = cls.source.partner_id
        cls._pay(cls.source, day=date(2025, 8, 13))
        cls.biller = cls._biller()

    @classmethod
    def _biller(cls):
        """Return a user who invoices, without any role of collections."""
        group = cls.env.ref("account.group_account_invoice")
        return cls._user("auditor", login="late-biller", group_ids=[Command.set(group.ids)])

    def _night(self, day=None):
        """Compute and draft as the night of that day does; return the drafts."""
        self._charge_night(day)
        return self._charges(self.partner).billing_ids.move_id

    def setUp(self):
        super().setUp()
        self.move = self._night()
        self.charge = self._charges(self.partner)
        self.interest, self.lump_sum = self.move.invoice_line_ids

    def _change(self, *commands):
        self.move.with_user(self.biller).write({"invoice_line_ids": list(commands)})
        self.env.invalidate_all()

    def _post(self):
        self.move.with_user(self.biller).action_post()
        self.env.invalidate_all()

    def test_a_deleted_line_is_not_charged(self):
        self._change(Command.delete(self.lump_sum.id))
        self.assertEqual((self.charge.charged, self.charge.left, self.charge.state), (131.44, 40.0, "due"))
        self.assertIn("waive it", "".join(self._customer(self.partner).message_ids.mapped("body")))
        self._post()
        self.assertEqual((self.charge.charged, self.charge.left), (131.44, 40.0))

    def test_what_is_open_again_is_charged_as_what_it_is(self):
        self._change(Command.delete(self.lump_sum.id))
        action = self.charge.with_user(self._user("manager", login="late-again")).action_invoice()
        again = self.env["account.move"].browse(action["res_id"]).invoice_line_ids
        self.assertEqual(again.mapped("price_unit"), [40.0])
        self.assertEqual(again.product_id, self.company._ar_get_lump_sum_product())

    def test_all_lines_deleted_leave_nothing_charged(self):
        self._change(Command.delete(self.interest.id), Command.delete(self.lump_sum.id))
        self.assertEqual((self.charge.charged, self.charge.left, self.charge.state), (0.0, 171.44, "due"))
        self.assertFalse(self.charge.billing_ids)
        self.assertNotIn(self.source.name, self.move.narration or "")
        self.assertFalse(self.move.ar_late_charge_annex_id)

    def test_what_is_posted_is_what_was_charged(self):
        self._change(Command.update(self.interest.id, {"price_unit": 100.0}))
        self._post()
        self.assertEqual((self.charge.charged, self.charge.left, self.charge.state), (140.0, 31.44, "due"))
        self.assertEqual((self.charge.billing_ids.interest, self.charge.billing_ids.lump_sum), (100.0, 40.0))
        self.assertTrue(self.move.ar_late_charge_annex_id)
        self.assertEqual(self.move.narration.count(self.source.name), 1)

    def test_no_other_file_is_deleted_with_the_computation(self):
        other = self.env["ir.attachment"].create({"name": "Contract", "raw": b"kept"})
        self.move.with_user(self.biller).ar_late_charge_annex_id = other.id  # as by RPC
        self._change(Command.delete(self.lump_sum.id))
        self.assertTrue(other.exists())
        self.assertFalse(self.move.ar_late_charge_annex_id)

    def test_discounts_and_quantities_count(self):
        self._change(
            Command.update(self.interest.id, {"discount": 50.0}), Command.update(self.lump_sum.id, {"quantity": 0.5})
        )
        self._post()
        self.assertEqual((self.charge.billing_ids.interest, self.charge.billing_ids.lump_sum), (65.72, 20.0))

    def test_a_higher_amount_leaves_nothing_to_charge(self):
        self._change(Command.update(self.interest.id, {"price_unit": 200.0}))
        self._post()
        self.assertEqual((self.charge.charged, self.charge.left, self.charge.state), (240.0, 0.0, "charged"))
        self._night()
        self.assertEqual(len(self.charge.billing_ids), 1)

    def test_an_invoice_that_is_reset_and_changed_is_compared_again(self):
        self._post()
        self.move.button_draft()
        self._change(Command.delete(self.interest.id))
        self._post()
        self.assertEqual((self.charge.charged, self.charge.left), (40.0, 131.44))

    def test_the_text_of_people_stays(self):
        self.move.narration = f"<p>Thank you</p>{self.move.narration}"
        self._change(Command.update(self.interest.id, {"price_unit": 100.0}))
        self._post()
        self.assertEqual((self.move.narration.count("Thank you"), self.move.narration.count(self.source.name)), (1, 1))

    def test_the_night_leaves_time_to_waive_what_people_deleted(self):
        with self._on():
            self.move.with_user(self.biller).unlink()
        self.env.invalidate_all()
        self.assertEqual((self.charge.charged, self.charge.left), (0.0, 171.44))
        self.assertFalse(self._night(self.TODAY + timedelta(days=1)))
        self.assertTrue(self._night(self.TODAY + timedelta(days=30)))

    def test_a_credit_note_that_people_lower_takes_back_less(self):
        self._post()
        self.source.line_ids.remove_move_reconcile()
        self._note(self.source, 5000.0, date(2026, 6, 9))
        self._night()
        note = self.charge.billing_ids.move_id - self.move
        note.write({"invoice_line_ids": [Command.update(note.invoice_line_ids.id, {"price_unit": 71.44})]})
        note.action_post()
        self.assertEqual(self.charge.charged, 100.0)
