from datetime import date, timedelta

from odoo.addons.ar_collections.models.communications.ar_customer import REPLY_TYPE

from ..common import ArCommon
from ..portal.common_portal import ArPortalCommon

MAIL = """\
Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: {subject}
Message-Id: {message_id}
In-Reply-To: {in_reply_to}
References: {in_reply_to}
Date: Wed, 10 Jun 2026 14:16:26 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
{headers}
{body}
"""


class TestReplies(ArCommon):
    """A customer answers a reminder: a person takes over, reminders pause."""

    #: Wednesday the 10th; five working days lie between: Thursday to Wednesday.
    UNTIL = date(2026, 6, 18)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._on_schedule({"days": 3}, {"days": 5})
        cls.customer, cls.invoice = cls._late()

    def setUp(self):
        super().setUp()
        self._day()
        self.reminder = self._communications(self.customer)
        self.assertEqual(self.reminder.state, "sent")

    def _reply(
        self, sender="Payer <payer@customer.example.com>", day=None, headers="", subject="Re: reminder", number=1
    ):
        """Receive a mail that answers the reminder; return what it left on the customer's thread."""
        before = self.customer.message_ids
        mail = MAIL.format(
            sender=sender,
            to=self.reminder.message_id.reply_to,
            subject=subject,
            message_id=f"<reply-{number}-{day or self.TODAY}@customer.example.com>",
            in_reply_to=self.reminder.message_id.message_id,
            headers=f"{headers}\n" if headers else "",
            body="We pay on Friday.\nPlease call us.",
        )
        with self._on(day), self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(None, mail)
        self.env.invalidate_all()
        return (self.customer.message_ids - before).filtered(lambda message: message.message_type == "email")

    def _reply_tasks(self):
        return self._tasks(self.customer, "reply")

    # === A REPLY === #

    def test_it_lands_on_the_customers_thread(self):
        (message,) = self._reply()
        self.assertIn("We pay on Friday.", message.body)
        self.assertEqual(message.author_id, self.customer.partner_id)

    def test_automatic_contact_pauses_for_five_working_days(self):
        self._reply()
        self.assertEqual(
            (self.customer.pause_until, self.customer.pause_reason), (self.UNTIL, "Reply from the customer")
        )
        for day in (date(2026, 6, 11), date(2026, 6, 17)):
            self.assertFalse(self._day(day))
            self.assertCode(self.customer, "paused")
        self.assertEqual(len(self._day(self.UNTIL)), 1)

    def test_the_days_are_the_policys(self):
        for days, until in [(1, date(2026, 6, 12)), (2, date(2026, 6, 15)), (0, False)]:
            with self.subTest(days=days):
                self.policy.reply_pause_days = days
                self.customer.write({"pause_until": False, "pause_reason": False})
                self._reply(number=days)
                self.assertEqual(self.customer.pause_until, until)

    def test_holidays_are_no_working_days(self):
        calendar = self.policy.calendar_id
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Company holiday",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-06-12 00:00:00",
                "date_to": "2026-06-12 22:00:00",
            }
        )
        self._reply()
        self.assertEqual(self.customer.pause_until, date(2026, 6, 19))

    def test_the_collector_gets_one_task(self):
        self._reply(subject="We pay on Friday")
        self._reply(subject="Really", number=2)
        task = self._reply_tasks()
        self.assertEqual((task.user_id, task.summary), (self.collector, "Will pay: We pay on Friday. (Jun 12, 2026)"))
        self.assertEqual(task.activity_type_id, self.env.ref(REPLY_TYPE))

    def test_a_longer_pause_stays(self):
        longer = self.UNTIL + timedelta(days=10)
        self.customer.write({"pause_until": longer, "pause_reason": "Flooded"})
        self._reply()
        self.assertEqual((self.customer.pause_until, self.customer.pause_reason), (longer, "Flooded"))
        self.assertTrue(self._reply_tasks())

    def test_a_shorter_pause_is_extended(self):
        self.customer.write({"pause_until": self.TODAY + timedelta(days=1), "pause_reason": "Talks"})
        self._reply()
        self.assertEqual(self.customer.pause_until, self.UNTIL)

    def test_a_later_reply_extends_it_again(self):
        self._reply()
        self._reply(day=date(2026, 6, 15), number=2)
        self.assertEqual(self.customer.pause_until, date(2026, 6, 23))

    def test_a_reminder_in_the_queue_is_not_sent_any_more(self):
        self._run(date(2026, 6, 12))
        self._reply(day=date(2026, 6, 12))
        self.assertFalse(self._deliver(date(2026, 6, 12)))
        last = self._communications(self.customer)[-1]
        self.assertEqual((last.state, last.cancel_reason), ("cancelled", "paused"))

    def test_a_snoozed_customer_is_back_in_the_worklist(self):
        self.customer.snooze_until = self.TODAY + timedelta(days=30)
        self._reply()
        self.assertFalse(self.customer.snooze_until)

    def test_somebody_elses_address_on_the_customers_side_is_a_reply_too(self):
        self._reply(sender="Bookkeeping <bookkeeping@elsewhere.example.com>")
        self.assertEqual(self.customer.pause_until, self.UNTIL)
        self.assertTrue(self._reply_tasks())

    # === NO REPLY === #

    def assertNoReply(self):
        self.assertFalse(self.customer.pause_until)
        self.assertFalse(self._reply_tasks())

    def test_out_of_office_is_no_reply(self):
        headers = ["Auto-Submitted: auto-replied (zimbra; vacation)", "X-Autoreply: yes"]  # others: core
        for number, header in enumerate(headers):
            with self.subTest(header=header):
                self.assertTrue(self._reply(headers=header, subject="Out of office", number=number))
                self.assertNoReply()

    def test_a_person_whose_mail_states_that_it_is_not_automatic(self):
        self._reply(headers="Auto-Submitted: no")
        self.assertEqual(self.customer.pause_until, self.UNTIL)

    def test_a_colleague_is_not_the_customer(self):
        self.assertTrue(self._reply(sender=f"Colleague <{self.collector.email}>"))
        self.assertNoReply()

    def test_a_bounce_is_no_reply(self):
        self._reply(sender="mailer-daemon@customer.example.com")
        self.assertNoReply()

    def test_our_own_notes_and_messages_are_no_reply(self):
        own = self.customer.with_user(self.collector)
        own.message_post(body="A note", subtype_xmlid="mail.mt_note")
        own.message_post(body="To the customer", subtype_xmlid="mail.mt_comment", message_type="comment")
        own.message_notify(body="Look", partner_ids=self.internal_user.partner_id.ids)
        self.assertNoReply()

    def test_what_is_noted_about_the_customer_is_no_reply(self):
        partner = self.customer.partner_id
        self.customer.sudo().message_post(body="Promised", author_id=partner.id, subtype_xmlid="mail.mt_note")
        self.assertNoReply()


class TestPortalReplies(ArPortalCommon):
    """What the customer writes on the page counts as a reply."""

    def _write(self, body, **data):
        """Post a message in the page's thread, as whoever holds the link."""
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "ar.customer",
                "thread_id": self.customer.id,
                "token": self._key(self.customer),
                "post_data": {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_comment", **data},
            },
        )

    def test_a_message_by_link_pauses_and_makes_a_task(self):
        self._write("We pay on Friday.")
        self.env.invalidate_all()
        self.assertGreater(self.customer.pause_until, self.TODAY)
        (task,) = self._tasks(self.customer, "reply")
        self.assertEqual(task.user_id, self.collector)
        self.assertTrue(task.summary.startswith("Will pay: We pay on Friday."))

    def test_a_message_of_a_contact_who_is_signed_in(self):
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": self.payer.id})
        self._portal_user(contact, "contact")
        self.authenticate("contact", "contact")
        self._write("Please wait a week.")
        self.env.invalidate_all()
        self.assertGreater(self.customer.pause_until, self.TODAY)
        self.assertEqual(len(self._tasks(self.customer, "reply")), 1)

    def test_a_request_on_the_page_has_a_task_of_its_own_and_pauses_nothing(self):
        self.customer._handle_request(address="new@customer.example.com")
        self.assertFalse(self.customer.pause_until)
        self.assertFalse(self._tasks(self.customer, "reply"))
        self.assertTrue(self._tasks(self.customer, "request"))
