from datetime import timedelta

from odoo.addons.ar_collections.core.facts import Scope

from ...reminders.groups.common_group import GroupCommon


class TestLastContact(GroupCommon):
    """The day of the last contact is that of the last message that counts as one, whatever is sent or fails besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(cls.north.partner_id, 4, 100)
        cls.later = cls.TODAY + timedelta(days=5)

    def _send(self, customer, day, **values):
        """Send another message to a customer on that day."""
        message = self.env["ar.communication"].sudo().create(
            {"customer_id": customer.id, "channel": "email", "tone": "friendly", "state": "sent", "date": day,
             "date_sent": day, **values}
        )  # fmt: skip
        with self._on(day):
            message._update_last_contact()
        return message

    def _fail(self, message):
        """Let a message come back."""
        with self._on(self.later):
            self.assertTrue(message.sudo()._set_state("failed", failure="address"))
            self.env.cr.precommit.run()
        self.env.invalidate_all()

    def test_what_counts_for_no_limit_is_none(self):
        self._send(self.north, self.TODAY, notice="payment_receipt")
        self._send(self.north, self.TODAY, notice="account_statement", is_uncounted=True)
        self.assertFalse(self.north.last_contact_date)
        self._day()
        self._send(self.north, self.later, notice="payment_receipt")
        self.assertEqual(self.north.last_contact_date, self.TODAY)
        self._send(self.north, self.later, notice="account_statement")
        self.assertEqual(self.north.last_contact_date, self.later)
        self._run(self.later + timedelta(days=1))
        self.assertEqual(self.north.last_contact_date, self.later)

    def test_what_is_settled_late_does_not_bring_it_back(self):
        self._send(self.north, self.later)
        self._send(self.north, self.TODAY)
        self.assertEqual(self.north.last_contact_date, self.later)

    def test_a_message_that_came_back_was_none(self):
        self._day()
        self.assertEqual(self.north.last_contact_date, self.TODAY)
        self._fail(self._communications(self.north))
        self.assertFalse(self.north.last_contact_date)
        self.assertIn("not_contacted", [part["code"] for part in self.north.priority_parts])
        self.assertNotEqual(self.north.with_user(self.collector).list_status, "Reminder sent")

    def test_the_one_before_counts_again_however_old_it_is(self):
        old = self.TODAY - timedelta(days=200)
        self._send(self.north, old)
        self._run()
        self.assertEqual(self.north.last_contact_date, old)
        self._fail(self._send(self.north, self.TODAY))
        self.assertEqual(self.north.last_contact_date, old)

    def test_a_message_to_the_payer_is_one_until_it_comes_back(self):
        self._join(self.north, self.south)
        self._day()
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual([each.last_contact_date for each in (self.payer, self.north, self.south)],
                         [self.TODAY, self.TODAY, False])  # fmt: skip
        self._fail(self._communications(self.payer))
        self.assertFalse((self.payer | self.north).filtered("last_contact_date"))

    def test_what_waits_is_none(self):
        """The mail server is down for days: the notice is today's message on each of them, and reaches nobody."""
        self._day()
        self._send(self.north, self.TODAY + timedelta(days=1), state="planned", notice="promise_broken")
        self._run(self.later)
        self.assertEqual(self._communications(self.north)[-1:].state, "planned")
        self.assertEqual(self.north.last_contact_date, self.TODAY)

    def test_a_notice_that_may_follow_is_none(self):
        """A promise whose deadline has passed is not judged while payments are not on the bank or an invoice is open
        for changes.
        """
        self._day()
        with self._on():
            promise = self.north._promise(self.later, {self._debt(self.invoice).id: None})
        day = promise.date_deadline + timedelta(days=5)
        with self._on(day):
            contacts, _automatic = self.env["ar.facts"]._read_contacts(self.north, day, Scope(is_judged=True))
            pause = {"pause_until": day + timedelta(days=7), "pause_reason": "Is paying"}
            self.north.with_user(self.collector).write(pause)
        self.assertGreater(max(contacts[self.north.id]), promise.date_deadline)
        self.assertEqual(self.north.last_contact_date, self.TODAY)

    def test_the_log_is_looked_up_only_where_it_may_say_something_else(self):
        looked_up = []
        read = type(self.env["ar.facts"])._read_last_contacts
        self.patch(type(self.env["ar.facts"]), "_read_last_contacts",
                   lambda facts, customers: looked_up.append(customers) or read(facts, customers))  # fmt: skip
        self._day()
        self._run(self.TODAY + timedelta(days=1))
        self._run(self.TODAY + timedelta(days=90))
        self.assertFalse(self.env["ar.customer"].union(*looked_up))
