from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.ar_collections import const
from odoo.addons.ar_collections.models.communications.ar_customer import NEXT_BUTTONS

from ..common import ArCommon


class CallLogCase(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=250, phone="+1 555 0100")
        cls.bookkeeper = cls.env["res.partner"].create(
            {"name": "Bookkeeping", "parent_id": cls.customer.partner_id.id, "phone": "+1 555 0199"}
        )

    def _open(self, user=None):
        """Press the button of the form; return the dialog's model with what it fills in."""
        user = user or self.collector
        action = self.customer.with_user(user).action_log_call()
        return self.env["ar.call.log"].with_user(user).with_context(**action["context"])

    def _log_call(self, result="reached", user=None, contact=None, day=None, **values):
        """Fill the dialog and press its button; return the next action."""
        with self._on(day):
            contact = contact or self.bookkeeper
            action = self._open(user).create({"result": result, "partner_id": contact.id, **values}).action_log()
            self.env.flush_all()
        self.env.invalidate_all()
        return action

    def _call_tasks(self):
        return self._tasks(self.customer, "call")


class TestCallLog(CallLogCase):
    """A call that no schedule asked for."""

    def test_it_is_logged_as_a_contact_without_a_step(self):
        self._log_call("will_pay", note="On Friday")
        (call,) = self._communications(self.customer)
        self.assertEqual(
            (call.channel, call.state, call.is_manual, call.call_result, call.note, call.date_sent),
            ("call", "sent", True, "will_pay", "On Friday", self.TODAY),
        )
        self.assertEqual((call.recipient_ids, call.user_id), (self.bookkeeper, self.collector))
        self.assertFalse(call.step_id | call.line_ids.step_id)
        self.assertEqual(self.customer.last_contact_date, self.TODAY)

    def test_it_stands_on_the_customers_thread_once(self):
        before = self.customer.message_ids
        self._log_call("will_pay", note="On <Friday>")
        (message,) = self.customer.message_ids - before
        self.assertIn("<br", message.body)
        for text in ("Bookkeeping", "Will pay", "On &lt;Friday&gt;"):
            self.assertIn(text, message.body)
        self.assertEqual(message.author_id, self.collector.partner_id)
        self.assertTrue(message.subtype_id.internal)

    def test_it_counts_for_the_contact_limits(self):
        self.policy.minimum_gap_days = 3
        self._log_call()
        self._run(self.TODAY + timedelta(days=1))
        self.assertCode(self.customer, "too_soon")

    def test_the_log_keeps_it_as_it_was(self):
        self._log_call(note="Once")
        with self.assertRaises(UserError):
            self._communications(self.customer).note = "Twice"

    def test_the_contact_with_a_telephone_is_suggested(self):
        with self._on():
            wizard = self._open().create({"result": "reached"})
        self.assertEqual((wizard.partner_id, wizard.phone), (self.customer.partner_id, "+1 555 0100"))
        receivables = self.env["res.partner"].create(
            {"name": "Ledger", "type": "collections", "parent_id": self.customer.partner_id.id, "phone": "1"}
        )
        with self._on():
            wizard = self._open().create({"result": "reached"})
        self.assertEqual(wizard.partner_id, receivables)

    def test_nobody_reached_suggests_a_working_day_to_try_again(self):
        friday = date(2026, 6, 12)
        self._log_call("not_reached", day=friday)
        task = self._call_tasks()
        self.assertEqual((task.date_deadline, task.user_id), (date(2026, 6, 15), self.collector))
        self.assertIn("Bookkeeping", task.summary)

    def test_nobody_reached_needs_a_day(self):
        for result in ("not_reached", "left_message"):
            with self.subTest(result=result), self.assertRaises(UserError):
                self._log_call(result, next_date=False)

    def test_the_next_call_lies_ahead(self):
        with self.assertRaises(UserError):
            self._log_call(next_date=self.TODAY - timedelta(days=1))

    def test_the_next_call_closes_the_task_of_the_last(self):
        self._log_call("not_reached")
        first = self._call_tasks()
        self._log_call("left_message", day=first.date_deadline)
        self.assertNotEqual(self._call_tasks(), first)
        self.assertEqual(len(self._call_tasks()), 1)
        self._log_call("will_pay", day=first.date_deadline + timedelta(days=2))
        self.assertFalse(self._call_tasks())
        self.assertEqual(len(self._communications(self.customer)), 3)

    def test_a_wrong_number_is_a_task(self):
        self._log_call("wrong_number")
        self.assertIn("Bookkeeping", self._tasks(self.customer, "address").summary)

    def test_nothing_is_sent_about_the_result_before_a_person_does(self):
        with self._on():
            self.assertNotIn("result", self._open().default_get(["result", "customer_id", "partner_id"]))

    def test_only_contacts_of_the_customer(self):
        with self.assertRaises(UserError):
            self._log_call(contact=self._partner(name="Stranger"))

    def test_calls_that_reach_nobody_raise_the_priority(self):
        self._log_call("not_reached", day=self.TODAY - timedelta(days=2))
        self._log_call("left_message", day=self.TODAY - timedelta(days=1))
        self._run()
        self.assertIn({"code": "not_reached", "points": 10, "number": 2}, self.customer.priority_parts)
        self._log_call("reached")
        self._run()
        self.assertNotIn("not_reached", [part["code"] for part in self.customer.priority_parts or ()])

    def test_every_result_either_reached_somebody_or_not(self):
        results = [result for result, _label in const.CALL_RESULTS]
        self.assertEqual(sorted(results), sorted(const.CALLS_REACHED + const.CALLS_UNREACHED))

    def test_every_result_is_taken(self):
        for number, (result, label) in enumerate(const.CALL_RESULTS, 1):
            with self.subTest(result=result), patch.dict(NEXT_BUTTONS, clear=True):
                action = self._log_call(result)
                self.assertEqual(action["type"], "ir.actions.act_window_close")
                calls = self._communications(self.customer)
                self.assertEqual((len(calls), calls[-1].call_result), (number, result))
                self.assertIn(label, self.customer.message_ids[0].body or self.customer.message_ids[1].body)


class TestWhatFollows(CallLogCase):
    """The result of a call opens the right next dialog."""

    def test_the_customers_own_button_is_pressed(self):
        for result, button in NEXT_BUTTONS.items():
            opened = {"type": "ir.actions.act_window", "name": button}
            with (
                self.subTest(result=result),
                patch.object(type(self.customer), button, lambda customer, own=opened: own, create=True),
            ):
                self.assertEqual(self._log_call(result), opened)

    def test_the_other_results_close_the_dialog(self):
        self.assertEqual(self._log_call("will_pay"), {"type": "ir.actions.act_window_close"})


class TestScheduledCall(CallLogCase):
    """The schedule has a call step: logging the call completes that step, and creates no second one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step, cls.next_step = cls._on_schedule({"days": 3, "channel": "call"}, {"days": 10})

    def setUp(self):
        super().setUp()
        self._run()

    def test_the_planned_call_is_the_one_that_was_made(self):
        self._log_call("promised", note="On Friday")
        (call,) = self._communications(self.customer)
        self.assertEqual((call.state, call.step_id, call.call_result), ("sent", self.step, "promised"))
        self.assertEqual((call.note, call.recipient_ids), ("On Friday", self.bookkeeper))
        self.assertFalse(self._call_tasks())

    def test_the_thread_shows_it_once(self):
        before = self.customer.message_ids
        self._log_call("will_pay", note="On Friday")
        (message,) = self.customer.message_ids - before
        self.assertIn("On Friday", message.body)

    def test_who_was_to_call_does_not_matter(self):
        self._call_tasks().user_id = self.internal_user
        self._log_call()
        self.assertFalse(self._call_tasks())

    def test_the_schedule_goes_on_with_the_next_step(self):
        self._log_call()
        self._run(self.TODAY + timedelta(days=7))
        self.assertEqual(self._states(self.customer), [(3, "sent"), (10, "planned")])

    def test_other_tasks_stay(self):
        other = self.customer.activity_schedule("mail.mail_activity_data_todo", user_id=self.collector.id)
        self._log_call()
        self.assertTrue(other.exists().active)


class TestWhoLogsCalls(CallLogCase):
    def test_collectors_and_above(self):
        for role in ("collector", "manager", "credit_manager"):
            with self.subTest(role=role):
                self._log_call(user=self._user(role, login=f"call-{role}"))
        self.assertEqual(len(self._communications(self.customer)), 3)

    def test_nobody_else(self):
        for user in (self._user("auditor", login="call-auditor"), self.internal_user, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self._log_call(user=user)

    def test_not_for_customers_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("manager", login="call-far", company_id=other.id, company_ids=[Command.set(other.ids)])
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._log_call(user=stranger)
