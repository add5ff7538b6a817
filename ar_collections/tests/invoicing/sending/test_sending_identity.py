from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestSendingIdentity(SendingCommon):
    """Invoices are reset, changed and posted again; people send them, too."""

    def _sent(self, **values):
        invoice = self._bill(**values)
        self._turn()
        self.assertEqual(len(self._mails_of(invoice)), 1)
        self.assertState(invoice, "sent")
        return invoice

    def _let_odoo_send(self):
        """Run Odoo's own scheduled action, which commits its progress."""
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60)
        with self.mock_mail_gateway(), progress:
            self.env["account.move"]._cron_account_move_send()

    def test_posted_again_unchanged(self):
        invoice = self._sent()
        self._reset(invoice)
        self._turn()
        self.assertState(invoice, "sent")
        self.assertFalse(self._mails_of(invoice))

    def test_posted_again_with_changes_a_person_decides(self):
        invoice = self._sent()
        self._reset(invoice, **self._line(invoice, 150))
        self._turn()
        row = self.assertState(invoice, "held", "changed")
        row.action_send()
        self._turn()
        self.assertEqual(len(self._mails_of(invoice)), 1)
        self.assertState(invoice, "sent")
        self._reset(invoice)
        self.assertState(invoice, "sent")
        self._reset(invoice, partner_id=self._partner(name="Another").id)
        self.assertState(invoice, "held", "changed")
        row.action_not_to_send()
        self._reset(invoice, **self._line(invoice, 160))
        self._turn()
        self.assertState(invoice, "not_to_send")

    def test_the_debtor_was_merged_and_the_invoice_is_the_same(self):
        invoice = self._sent()
        target = self._partner(name="Target")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | target).ids, target)
        self.env.invalidate_all()
        self._reset(invoice)
        self.assertState(invoice, "sent")

    def test_draft_when_it_is_due(self):
        invoice = self._bill()
        invoice.button_draft()
        self._turn()
        self.assertState(invoice, "held", "draft")
        with self.assertRaises(UserError):
            self._row(invoice).action_mark_sent()
        with self.assertRaises(UserError):
            self._row(invoice).action_print()
        invoice.action_post()
        self._turn()
        self.assertState(invoice, "queued")
        canceled = self._bill()
        canceled.button_draft()
        canceled.button_cancel()
        self._turn()
        self._night(days=9)
        self.assertFalse(self._problems(self.assertState(canceled, "not_to_send", "canceled")))
        canceled.button_draft()
        canceled.action_post()  # nobody has decided against it
        self._turn()
        self.assertState(canceled, "queued")
        other = self._bill()
        other.button_draft()
        row = self._row(other)
        other.name = "/"
        other.with_context(force_delete=True).unlink()
        self.assertFalse(row.exists())

    def test_a_person_presses_send(self):
        invoice, printed = self._bill(), self._bill()
        send = self.env["account.move.send"]
        with self.mock_mail_gateway():
            send._generate_and_send_invoices(invoice, sending_methods=["email"])
            send._generate_and_send_invoices(printed, sending_methods=["manual"])
        self.assertEqual(self.assertState(invoice, "sent").user_done_id, self.env.user)
        self.assertState(printed, "waiting")
        self.assertTrue(printed.is_move_sent)  # by a download: no proof
        self._turn()
        self.assertState(printed, "queued")
        self.assertFalse(self._mails_of(invoice))

    def test_a_person_asked_odoo_to_send_in_the_background(self):
        invoice, other = self._bill(), self._bill()
        moves = [Command.set((invoice | other).ids)]
        wizard = self.env["account.move.send.batch.wizard"].create({"move_ids": moves})
        wizard.action_send_and_print()
        self._turn()
        self.assertState(invoice, "waiting", "with_odoo")
        self._let_odoo_send()
        self.assertState(invoice, "sent")
        self._turn()
        self.assertFalse(self._mails_of(invoice))

    def test_a_person_presses_send_while_it_is_being_sent(self):
        invoice, other = self._bill(), self._bill()
        self._row(invoice).sudo().state = "sending"
        send = self.env["account.move.send"]
        with self.assertRaises(UserError):
            send._generate_and_send_invoices(invoice | other, sending_methods=["email"])
        invoice.sending_data = {"author_user_id": self.env.uid, "author_partner_id": self.env.user.partner_id.id}
        self._let_odoo_send()
        self.assertState(invoice, "sending")
        self.assertFalse([mail for mail in self._mails if invoice.name in mail["subject"]])
        self.assertFalse(invoice.sending_data)  # else Odoo sends a second copy once ours has left
        wizard = self.env["account.move.send.batch.wizard"]
        with self.assertRaises(UserError):
            wizard.create({"move_ids": [Command.set((invoice | other).ids)]}).action_send_and_print()
        self.assertFalse(other.sending_data)
        with self.assertRaises(UserError):
            self._row(invoice).action_send()
        with self.assertRaises(UserError):  # no remote caller passes for our own call
            send.with_context(ar_claim=self._row(invoice).id)._generate_and_send_invoices(invoice)

    def test_a_decision_holds_for_what_was_looked_at(self):
        self.policy.invoice_review_above = 5000
        self._require("reference")
        invoice = self._bill(amount=6000)
        self._row(invoice).action_send()
        self.assertState(invoice, "held", "reference")
        invoice.ref = "PO 7"  # what was decided about is the same
        self._turn()
        self.assertState(invoice, "queued")
        other, third = self._bill(amount=6000, ref="PO 8"), self._bill(amount=6000, ref="PO 9")
        (self._row(other) | self._row(third)).action_send()
        self._reset(other, **self._line(other, 90000))
        self._reset(third, partner_id=self._partner(name="Another").id)
        self._turn()
        self.assertState(other, "held", "review")
        self.assertState(third, "held", "review")
        self._row(other).action_send()
        self._turn()
        self.assertState(other, "queued")

    def test_a_batch_is_noted_together(self):
        few, many = self._count_notes(2), self._count_notes(12)
        self.assertLess(many - few, 10)  # not one for each of ten more

    def _count_notes(self, number):
        """Return the number of queries that it takes to note that a person sent so many invoices."""
        moves = self._invoices([self.partner] * number, -30)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        data = {move: {"sending_methods": {"email"}, "mail_partner_ids": self.partner.ids} for move in moves}
        self.env["account.move.send"]._note_sent_by_person(data)
        self.env.flush_all()
        self.assertEqual(set(moves.ar_sending_ids.mapped("state")), {"sent"})
        return self.cr.sql_log_count - before
