from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_replies import ArRepliesCommon


class TestProposals(ArRepliesCommon):
    """The button of a reply opens the dialog that fits it, filled in; nothing is recorded before."""

    def _propose(self, body, **values):
        reply = self._receive(body, **values)
        with self._on():
            return reply, self._as_collector(reply).action_propose()

    def _dialog(self, action):
        model = self._as_collector(self.env[action["res_model"]]).with_context(**action.get("context", {}))
        return model.browse(action["res_id"])

    def test_promise(self):
        other = self._invoice(self.partner, overdue_days=5, amount=50.0)
        reply, action = self._propose(f"We will pay {self.invoice.name} on Friday.")
        dialog = self._dialog(action)
        self.assertEqual(dialog.date, date(2026, 6, 12))
        self.assertEqual(dialog.line_ids.filtered("ticked").move_id, self.invoice)
        self.assertIn("We will pay", dialog.note)
        self.assertIn(other, dialog.line_ids.move_id)
        self.assertFalse(self.env["ar.promise"].search([("customer_id", "=", self.customer.id)]))
        with self._on():
            dialog.action_record()
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((promise.date, promise.amount_total), (date(2026, 6, 12), 100.0))
        self.assertEqual(reply.inquiry_ids.state, "answered")
        self.assertFalse(self._task())

    def test_a_payer_writes_about_an_invoice_that_it_pays_for(self):
        member, invoice = self._late(name="North", email="north@customer.example.com")
        member.payer_id = self.customer
        reply, action = self._propose(f"{invoice.name} was paid on 5 June.")
        dialog = self._dialog(action)
        self.assertEqual((reply.move_ids, reply.is_answer, dialog.customer_id), (invoice, True, member))
        self.assertEqual(dialog.line_ids.filtered("ticked").move_id, invoice)
        with self._on():
            dialog.action_record()
        self.assertEqual(reply.inquiry_ids.state, "answered")
        self.assertFalse(self._task())
        _reply, action = self._propose(f"Please send a copy of invoice {invoice.name}.")
        dialog = self._dialog(action)
        self.assertEqual((dialog.customer_id, dialog.line_ids.move_id), (self.customer, invoice))
        self._pay(self.invoice)  # who owes nothing itself writes about the only one that it pays for
        reply, action = self._propose("We dispute the invoice, the price is not what we agreed.")
        self.assertEqual(action["context"]["default_customer_id"], member.id)

    def test_where_several_owe_what_a_payer_writes_about_one_is_chosen(self):
        north, invoice = self._late(name="North", email="north@customer.example.com")
        south, _invoice = self._late(name="South", email="south@customer.example.com")
        (north | south).payer_id = self.customer
        _reply, action = self._propose(f"We will pay {invoice.name} and {self.invoice.name} on Friday.")
        choice = self._dialog(action)
        self.assertEqual((choice._name, choice.choice_ids), ("ar.reply.account", self.customer | north))
        self.assertIn("on Friday", choice.sentence)
        choice.customer_id = north
        self.assertEqual(self._dialog(choice.action_continue()).line_ids.filtered("ticked").move_id, invoice)
        self._pay(self.invoice)  # who owes nothing itself writes about those that it pays for, here without naming any
        reply, action = self._propose("We will pay on Friday.")
        choice = self._dialog(action)
        self.assertEqual(choice.choice_ids, north | south)
        for wrong in (self.env["ar.customer"], self.customer):
            choice.customer_id = wrong
            with self.assertRaisesRegex(UserError, "Choose one"):
                choice.action_continue()
        choice.customer_id = south
        with self._on():
            dialog = self._dialog(choice.action_continue())
            self.assertEqual((dialog.customer_id, dialog.date), (south, date(2026, 6, 12)))
            dialog.action_record()
        self.assertEqual(reply.inquiry_ids.state, "answered")

    def test_a_day_that_is_over_is_not_promised(self):
        reply = self._receive("We will pay on Friday.")
        with self._on(date(2026, 6, 20)):
            action = self._as_collector(reply).action_propose()
        self.assertEqual(self._dialog(action).date, date(2026, 6, 26))  # the last working day of the week that follows

    def test_reported_payment(self):
        _reply, action = self._propose("We paid on 5 June.")
        dialog = self._dialog(action)
        self.assertEqual((dialog._name, dialog.date), ("ar.reported.payment.new", date(2026, 6, 5)))
        self.assertFalse(self.env["ar.reported.payment"].search([("customer_id", "=", self.customer.id)]))

    def test_dispute(self):
        reply, action = self._propose(f"{self.invoice.name} is wrong, the price is not what we agreed.")
        self.assertEqual(reply.kind, "dispute")
        model = self._as_collector(self.env["ar.dispute.new"]).with_context(**action["context"])
        with Form(model) as form:
            form.reason_id = self.env["ar.dispute.reason"].search([], limit=1)
            dialog = form.save()
        self.assertIn("not what we agreed", dialog.note)
        self.assertEqual(dialog.line_ids.filtered("amount").move_id, self.invoice)
        with self._on():
            dialog.action_confirm()
        self.assertEqual(reply.inquiry_ids.state, "answered")

    def test_contact_copies_link_and_answer(self):
        _reply, action = self._propose("Wrong person, please write to new@meadow-mills.example.com.")
        context = action["context"]
        self.assertEqual(context["default_email"], "new@meadow-mills.example.com")
        self.assertEqual(context["default_parent_id"], self.partner.id)
        reply, action = self._propose("Please send a copy of the invoice.")
        self.assertEqual(self._dialog(action).line_ids.move_id, self.invoice)
        self.assertEqual(self._as_collector(reply).action_answer()["res_model"], "ar.message.new")
        _reply, action = self._propose("Can you send me the payment link again?")
        self.assertEqual(action["res_model"], "ar.pay.link")

    def test_nothing_to_record(self):
        reply = self._receive("Who is this?")
        with self.assertRaises(UserError):
            self._as_collector(reply).action_propose()

    def test_the_context_of_a_dialog_answers_only_its_own_customer(self):
        reply = self._receive("We will pay on Friday.")
        other, _invoice = self._late(name="Other")
        model = self._as_collector(self.env["ar.promise.new"]).with_context(ar_reply_id=reply.id)
        with self._on():
            model.browse(model._open_for(self._as_collector(other))["res_id"]).action_record()
        for value in (-1, "x", [reply.id], None):
            self._as_collector(reply).with_context(ar_reply_id=value)._answer_opened(self.customer)
        self.assertEqual(reply.inquiry_ids.state, "open")

    # === NO MORE EMAILS === #

    def _stop(self, reply, *addresses):
        """Confirm the request of a reply, for the addresses only where some are given."""
        own = self._as_collector(reply)
        dialog = self._as_collector(self.env["ar.email.stop.new"]).browse(own.action_stop_emails()["res_id"])
        for line in dialog.line_ids if addresses else ():
            line.ticked = line.address in addresses
        dialog.action_confirm()
        return dialog

    def _is_reached(self):
        self.env.flush_all()
        return self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id][0]["usable"]

    def test_stop_is_confirmed_by_a_person_and_ends_reminders_only(self):
        self.partner.write(self.ADDRESS)
        reply = self._receive("Please unsubscribe me from these emails.")
        listed = self.env["mail.blacklist"].sudo().search([("email", "=", self.SENDER)])
        self.assertFalse(listed)
        self.assertTrue(self.customer.pause_until)  # until a person has confirmed it
        self._stop(reply)
        self.assertTrue(self.env["mail.blacklist"].sudo().search([("email", "=", self.SENDER)]))
        self.assertEqual(reply.inquiry_ids.state, "closed")
        facts = self.env["ar.facts"]
        self.assertFalse(self._is_reached())
        self.assertIn("letter", facts._read_channels(self.customer)[self.customer.id])
        self.assertNotIn("email", facts._read_channels(self.customer)[self.customer.id])
        self.env["ar.outreach"]._add_address_task(self.customer)
        self.assertIn("asked for no more emails", self._tasks(self.customer, "address").summary)

    def test_a_person_may_answer_all_the_same(self):
        self._stop(self._receive("Please unsubscribe me from these emails."))
        with self._on():
            lines = self._debt(self.invoice).browse()
            action = self.env["ar.message.new"]._open_for(self._as_collector(self.customer), "message", lines)
            dialog = self._as_collector(self.env["ar.message.new"]).browse(action["res_id"])
            self.assertFalse(dialog.unwanted_text)
            dialog.write({"recipient_ids": self.partner.ids, "subject": "Hello", "text": "<p>Hello</p>"})
            self.assertIn(self.SENDER, dialog.unwanted_text)
            dialog.action_send()
        sent = [address for mail in self._deliver() for address in mail["email_to"]]
        self.assertTrue(any(self.SENDER in address for address in sent), sent)

    def test_a_stop_counts_for_its_company_until_it_is_lifted(self):
        blacklist = self.env["mail.blacklist"].sudo()
        blacklist._add(self.SENDER)  # as after a newsletter, or a request to another company
        self.assertTrue(self._is_reached())
        self.policy.respects_blacklist = True
        self.assertFalse(self._is_reached())
        self.policy.respects_blacklist = False
        self._stop(self._receive("Please unsubscribe me from these emails."))
        stop = self.env["ar.email.stop"].search([("address", "=", self.SENDER)])
        self.assertEqual((stop.company_id, bool(stop.ended_on)), (self.company, False))
        self.assertFalse(self._is_reached())
        blacklist._remove(self.SENDER)
        self.assertTrue(stop.ended_on and self._is_reached())
        blacklist._add(self.SENDER)  # a newsletter later does not bring the request back
        self.assertTrue(self._is_reached())

    def test_addresses_that_the_answered_message_went_to(self):
        """The sender may be another address than the one that gets the reminders."""
        self._on_schedule({"days": 3})
        self._day()
        reply = self._receive("Please unsubscribe me from these emails.", sender="me@meadow-mills.example.com")
        self.assertEqual(reply._get_stop_addresses(), ["me@meadow-mills.example.com", self.SENDER])
        own = self._as_collector(reply)
        dialog = self._as_collector(self.env["ar.email.stop.new"]).browse(own.action_stop_emails()["res_id"])
        self.assertEqual(dialog.line_ids.filtered("ticked").mapped("address"), ["me@meadow-mills.example.com"])
        dialog.line_ids.write({"ticked": False})
        dialog.line_ids[0].write({"address": "boss@elsewhere.test", "ticked": True})
        with self.assertRaises(UserError):
            dialog.action_confirm()
        self._stop(reply, self.SENDER)
        self.assertEqual(self.env["ar.email.stop"].search([]).mapped("address"), [self.SENDER])

    def test_stop_is_for_who_asked_for_it(self):
        for body, values in [("We paid.", {}), ("STOP", {"message_type": "comment"})]:
            reply = self._receive(body, **values)
            with self.subTest(body=body), self.assertRaises(UserError):
                self._as_collector(reply).action_stop_emails()

    # === RIGHTS === #

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sees_and_does_what(self):
        reply = self._receive("We will pay on Friday.")
        auditor = self._user("auditor", login="reply-auditor")
        self.assertEqual(reply.with_user(auditor).kind, "promise")
        for button in ("action_propose", "action_answer", "action_close", "action_stop_emails", "action_check"):
            with self.subTest(button=button), self.assertRaises(UserError):
                getattr(reply.with_user(auditor), button)()
        for user in (self.internal_user, self.portal_user, self._user("salesperson", login="reply-salesperson")):
            for record in (reply, reply.inquiry_ids, self.env.ref("ar_collections.reply_rule_en_paid")):
                with self.subTest(user=user.name, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["id"])
        elsewhere = self._create_company(name="Elsewhere")
        stranger = self._user(
            "collector", login="reply-elsewhere", company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)]
        )
        with self.assertRaises(AccessError):
            reply.with_user(stranger).read(["kind"])
