from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import ArCommon
from ...portal.common_portal import ArPortalCommon


class TestCustomerItems(ArCommon):
    """What a collector can do with selected open items, and what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.old = cls._late(40, 500)
        cls.young = cls._invoice(cls.customer.partner_id, 5, 300)
        cls.items = cls._debt(cls.old) | cls._debt(cls.young)

    def _as(self, user=None, *invoices):
        """Return the open items of the invoices, all by default, as selected by the user."""
        lines = self.env["account.move.line"].union(*map(self._debt, invoices)) if invoices else self.items
        return lines.with_user(user or self.collector)

    def _dialog(self, action):
        return self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])

    def _remind(self, *invoices):
        """Open the dialog about the invoices; return it."""
        with self._on():
            return self._dialog(self._as(None, *invoices).action_ar_remind())

    def _send(self, dialog, day=None):
        with self._on(day):
            dialog.action_send()
        return self._communications(self.customer)

    # === REMIND NOW === #

    def test_a_reminder_lists_the_ticked_items_only(self):
        dialog = self._remind(self.young)
        self.assertEqual((dialog.can_send, dialog.step_id, dialog.amount), (True, self.friendly, 300))
        self.assertIn("payer@customer.example.com", dialog.recipients)
        sent = self._send(dialog)
        self.assertEqual((sent.state, sent.is_manual, sent.has_selected_items), ("planned", True, True))
        self.assertEqual(sent.line_ids.move_id, self.young)
        (mail,) = self._deliver()
        self.assertIn(self.young.name, mail["body"])
        self.assertNotIn(self.old.name, mail["body"])
        self.assertEqual(self._communications(self.customer).state, "sent")

    def test_a_step_is_sent_once_and_the_dialog_states_what_comes_next(self):
        self._send(self._remind(self.young))
        self._deliver()
        dialog = self._remind(self.young)
        self.assertEqual(dialog.line_ids.verdict, dialog.step_id.name)
        self.assertRegex(dialog.reason, "Waiting for next step: .+ on Jun 15, 2026")
        self.assertEqual((dialog.day, dialog.step_id == self.friendly), (date(2026, 6, 15), False))
        with self._on(), self.assertRaisesRegex(UserError, "No reminder can be sent now"):
            self.customer.with_user(self.collector)._remind_items(self._debt(self.young))
        self.assertEqual(len(self._communications(self.customer)), 1)

    def test_a_double_click_sends_once(self):
        dialog = self._remind(self.young)
        self._send(dialog)
        with self.assertRaisesRegex(UserError, "No reminder can be sent now"):
            self._send(dialog)
        self.assertEqual(len(self._communications(self.customer)), 1)

    def test_an_excluded_item_is_refused_with_its_reason_and_the_other_is_sent(self):
        with self._on():
            self.customer._promise(self.TODAY + timedelta(days=3), {self._debt(self.old).id: None})
        dialog = self._remind(self.old, self.young)
        self.assertEqual(
            [(line.move_line_id.move_id, line.listed, line.verdict) for line in dialog.line_ids],
            [(self.old, False, "Payment is promised"), (self.young, True, self.friendly.name)],
        )
        reminders = self._send(dialog).filtered("step_id")
        self.assertEqual(reminders.line_ids.move_id, self.young)
        alone = self._remind(self.old)
        self.assertFalse(alone.can_send)
        self.assertTrue(alone.reason.startswith("Payment is promised"), alone.reason)

    def test_a_manual_order_goes_over_the_contact_limits_but_not_over_a_pause(self):
        self._run()
        self._deliver()  # today's automatic message, about both
        newer = self._invoice(self.customer.partner_id, 6, 50)
        self.assertTrue(self._remind(newer).can_send)
        self.customer.write({"pause_until": self.TODAY + timedelta(days=9), "pause_reason": "Talks"})
        self.assertTrue(self._remind(newer).reason.startswith("Paused"))
        self.customer.write({"pause_until": False, "excluded": True, "exclusion_reason": "Lawyer"})
        self.assertEqual(self._remind(newer).reason, "Excluded from reminders")
        self.assertFalse(self._remind(newer).can_send)

    def test_what_the_night_prepared_gives_way_and_comes_back_for_the_rest(self):
        self._run()
        prepared = self._communications(self.customer)
        self.assertEqual(prepared.line_ids.move_id, self.old | self.young)
        self._send(self._remind(self.young))
        self.assertEqual((prepared.state, prepared.cancel_reason), ("cancelled", "outdated"))
        self._deliver()
        later = self.TODAY + timedelta(days=1)
        self._run(later)
        rest = self._communications(self.customer)[-1]
        self.assertEqual((rest.date, rest.has_selected_items), (later, False))
        self.assertEqual(rest.line_ids.filtered("step_id").move_id, self.old)

    def test_the_presend_check_keeps_to_the_selected_items(self):
        self._send(self._remind(self.young))
        self._pay(self.young)
        self.assertFalse(self._deliver())
        sent = self._communications(self.customer)
        self.assertEqual((sent.state, sent.cancel_reason), ("cancelled", "nothing_due"))

    def test_a_part_payment_before_the_mail_goes_is_shown_in_it(self):
        self._send(self._remind(self.old, self.young))
        self._pay(self.young, 100)
        self._deliver()  # replaced
        self._deliver()
        sent = self._communications(self.customer)
        self.assertEqual(sent.mapped("state"), ["cancelled", "sent"])
        self.assertTrue(sent[-1].has_selected_items)
        self.assertEqual(sorted(sent[-1].line_ids.mapped("amount_left")), [200, 500])

    def test_credits_and_inactive_collections_state_why(self):
        credit = self._invoice(self.customer.partner_id, 0, 1000, move_type="out_refund")
        dialog = self._remind(self.young)
        self.assertEqual((dialog.can_send, dialog.reason), (False, "Covered by open credits"))
        note = credit.line_ids.filtered(lambda line: line.display_type == "payment_term")
        with self._on():
            dialog = self._dialog((note.with_user(self.collector) | self._as(None, self.young)).action_ar_remind())
        self.assertIn("the item is a credit", dialog.line_ids.filtered(lambda line: line.move_line_id == note).verdict)
        credit.button_draft()
        self.company.ar_active = False
        dialog = self._remind(self.young)
        self.assertEqual((dialog.can_send, dialog.reason), (False, "Collections are not activated"))

    # === THE OTHER BUTTONS === #

    def test_promise_and_plan_tick_the_same_items(self):
        with self._on():
            for button in ("action_ar_promise", "action_ar_plan"):
                dialog = self._dialog(getattr(self._as(None, self.young), button)())
                with self.subTest(button=button):
                    self.assertEqual(dialog.line_ids.filtered("ticked").move_line_id, self._debt(self.young))

    def test_a_dispute_starts_with_the_ticked_items(self):
        with self._on():
            action = self._as(None, self.young).action_ar_dispute()
            dialog = self.env["ar.dispute.new"].with_user(self.collector).with_context(**action["context"])
            values = dialog.default_get(["customer_id", "line_ids"])
        amounts = {command[2]["move_line_id"]: command[2]["amount"] for command in values["line_ids"]}
        self.assertEqual(amounts, {self._debt(self.old).id: 0, self._debt(self.young).id: 300})

    def test_do_not_chase_and_back_with_the_reason_on_the_thread(self):
        with self._on():
            action = self._as(None, self.young).action_ar_no_chase()
            wizard = self.env["ar.no.chase"].with_user(self.collector).with_context(**action["context"])
            until = self.TODAY + timedelta(days=20)
            wizard.create({"reason": "The insurance pays", "until": until}).action_apply()
        self.assertEqual((self.young.no_followup, self.old.no_followup), (True, False))
        self.assertEqual((self.young.ar_no_chase_reason, self.young.ar_no_chase_until), ("The insurance pays", until))
        self.assertRegex(self.customer.message_ids[0].body, f"{self.young.name}.*The insurance pays")
        self.assertTrue(self._remind(self.young).reason.startswith("Excluded from reminders"))
        with self._on():
            self._as(None, self.old, self.young).action_ar_resume_reminders()
        self.assertFalse(self.young.no_followup or self.young.ar_no_chase_until or self.young.ar_no_chase_reason)
        self.assertNotIn(self.old.name, self.customer.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already active"):
            self._as(None, self.young).action_ar_resume_reminders()

    def test_do_not_chase_that_ends_in_the_past_is_refused(self):
        with self._on():
            action = self._as(None, self.young).action_ar_no_chase()
            wizard = self.env["ar.no.chase"].with_user(self.collector).with_context(**action["context"])
            with self.assertRaisesRegex(UserError, "after today"):
                wizard.create({"reason": "Reason", "until": self.TODAY}).action_apply()

    def test_the_status_of_items_states_why_and_what_was_sent_last(self):
        self._send(self._remind(self.young))
        self._deliver()
        with self._on():
            self.customer._promise(self.TODAY + timedelta(days=3), {self._debt(self.young).id: None})
            self.env.invalidate_all()
            status = self._as(None, self.young).ar_status
            self.assertEqual(status, f"Payment is promised · {self.friendly.name}, Jun 10, 2026")
            self.assertEqual(self._as(None, self.old).ar_status, "")

    # === WHO MAY === #

    def test_who_may_press_the_buttons(self):
        buttons = ("remind", "pay_link", "promise", "dispute", "plan", "no_chase", "resume_reminders")
        self.items.move_id.no_followup = True
        for role in ("auditor", "collector", "manager"):
            user = self.collector if role == "collector" else self._user(role, login=f"items-{role}")
            for button in buttons:
                lines, name = self._as(user, self.young), f"action_ar_{button}"
                self.young.no_followup = button == "resume_reminders"
                with self.subTest(role=role, button=button), self._on():
                    if role == "auditor":
                        with self.assertRaises(UserError):
                            getattr(lines, name)()
                    else:
                        self.assertTrue(getattr(lines, name)())

    def test_dialogs_are_checked_again_when_they_are_confirmed(self):
        dialog = self._remind(self.young)
        auditor = self._user("auditor", login="items-auditor-2")
        with self.assertRaises(AccessError):
            dialog.with_user(auditor).action_send()
        self._pay(self.young)
        with self.assertRaisesRegex(UserError, "no longer open"):
            self._send(dialog)

    def test_items_of_two_customers_or_of_another_company_are_refused(self):
        _other, invoice = self._late(name="Other Payer")
        with self.assertRaisesRegex(UserError, "one customer"):
            self._as(None, self.young, invoice).action_ar_promise()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "collector", login="items-stranger", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)]
        )
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._as(stranger, self.young).action_ar_remind()


class TestOtherItems(ArCommon):
    """Items without an invoice are excluded from reminders and resumed one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, _invoice = cls._late(40, 500)
        cls.neighbor = cls._customer(cls._partner(name="Neighbor"))

    def _book(self, journal, *partners):
        """Post a debt of each partner in the journal; return the items, as selected by a collector."""
        journal = self.company_data[f"default_journal_{journal}"]
        receivable, other = (
            self.company_data["default_account_receivable"],
            self.company_data["default_account_expense"],
        )
        due = self.TODAY - timedelta(days=9)
        rows = [
            {"account_id": receivable.id, "partner_id": partner.id, "debit": 70, "date_maturity": due}
            for partner in partners
        ]
        rows.append({"account_id": other.id, "credit": 70 * len(partners)})
        move = self.env["account.move"].create(
            {"journal_id": journal.id, "date": due, "line_ids": [Command.create(row) for row in rows]}
        )
        move.action_post()
        items = move.line_ids.filtered(lambda line: line.account_id == receivable)
        return items.with_user(self.collector)

    def _leave(self, items, until=False):
        with self._on():
            context = items.action_ar_no_chase()["context"]
            wizard = self.env["ar.no.chase"].with_user(self.collector).with_context(**context)
            wizard.create({"reason": "The bank looks into it", "until": until}).action_apply()

    def _is_chased(self, item):
        """Refresh what the reminder schedule reads."""
        self.env.flush_all()
        facts = self.env["ar.facts"]._gather(self.customer | self.neighbor, self.TODAY)
        (found,) = (i for known in facts.values() for i in known.items if i.item_id == item.id)
        return found.chaseable_currency == 70

    def test_a_returned_payment_is_excluded_and_resumed(self):
        """A debit of the bank may be a refund as well: a person decides, and may exclude and resume it again."""
        item = self._book("bank", self.customer.partner_id)
        self.assertFalse(self._is_chased(item))
        with self._on():
            item.action_ar_resume_reminders()
        self.assertTrue(self._is_chased(item))
        with self._on(), self.assertRaisesRegex(UserError, "already active"):
            item.action_ar_resume_reminders()
        self._leave(item)
        self.assertFalse(self._is_chased(item))
        with self._on():
            item.action_ar_resume_reminders()
        self.assertTrue(self._is_chased(item))
        self.assertRegex(self.customer.message_ids[0].body, f"Follow-up resumed: {item.move_id.name}")

    def test_an_opening_balance_is_excluded_and_resumed_without_its_neighbors(self):
        mine, theirs = self._book("misc", self.customer.partner_id, self.neighbor.partner_id)
        self.assertTrue(self._is_chased(mine))
        self._leave(mine)
        self.assertEqual((self._is_chased(mine), self._is_chased(theirs)), (False, True))
        with self._on():
            mine.action_ar_resume_reminders()
        self.assertEqual((self._is_chased(mine), self._is_chased(theirs)), (True, True))

    def test_do_not_chase_ends_on_its_day_for_the_item_alone(self):
        mine, theirs = self._book("misc", self.customer.partner_id, self.neighbor.partner_id)
        until = self.TODAY + timedelta(days=3)
        self._leave(mine, until)
        self._run(until - timedelta(days=1))
        self.assertFalse(self._is_chased(mine))
        self._run(until)
        self.assertEqual((self._is_chased(mine), self._is_chased(theirs)), (True, True))
        self.assertFalse(mine.ar_no_chase_until)

    def test_the_forecast_knows_when_do_not_chase_ends_for_an_item(self):
        mine = self._book("misc", self.neighbor.partner_id)
        until = self.TODAY + timedelta(days=2)
        self._leave(mine, until)
        self._run()
        self.assertEqual(self.neighbor.next_date, until)

    def test_a_receipt_shows_its_next_reminder_until_it_is_not_chased(self):
        receipt = self._invoice(self.neighbor.partner_id, 5, 70, move_type="out_receipt")
        with self._on():
            self.assertEqual(receipt.ar_next_step_id, self.friendly)
        self._leave(self._debt(receipt).with_user(self.collector))
        self.env.flush_all()
        self.env.invalidate_all()
        with self._on():
            self.assertFalse(receipt.ar_next_step_id)


@tagged("post_install", "-at_install")
class TestTickedItems(ArPortalCommon):
    """Selecting in a real browser, and the link that opens the selected items."""

    @tagged("post_install", "ar_tour")
    def test_tick_one_and_promise_it(self):
        user = self._user("collector", login="desk-items", password="desk-collector")
        path = f"/odoo/ar.customer/{self.customer.id}"
        self.start_tour(path, "ar_collections_tick_and_promise", login=user.login)
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        first = self.customer.open_line_ids.sorted("date_maturity")[:1]
        self.assertEqual(promise.line_ids.move_line_id, first)

    def test_the_pay_link_opens_the_page_with_the_items_ticked(self):
        user = self._user("collector", login="desk-link")
        first, second = self.customer.open_line_ids.sorted("date_maturity")[:2]
        action = second.with_user(user).action_ar_pay_link()
        link = action["context"]["default_link"]
        page = self.url_open(link.removeprefix(self.customer.company_id.get_base_url())).text
        self.assertRegex(page, rf'value="{second.id}"[^>]*checked')
        self.assertNotRegex(page, rf'value="{first.id}"[^>]*checked')
        for nonsense in ("abc", "9" * 5000, "-", "1-x-²"):
            self.assertEqual(self.url_open(self._link(items=nonsense)).status_code, 200)
