from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ...models.communications.mail.origin import Origin
from ..common import ArCommon
from .common_replies import ArRepliesCommon

READING = "odoo.addons.ar_collections.models.replies.ar_reply"


class TestReading(ArRepliesCommon):
    def test_what_is_stored(self):
        reply = self._receive(f"Hello,\n\nwe will pay {self.invoice.name} on Friday.\n\nKind regards\nAnn")
        self.assertEqual((reply.kind, reply.day, reply.language), ("promise", date(2026, 6, 12), "en"))
        self.assertEqual((reply.words, reply.email_from, reply.source), ("will pay", self.SENDER, "email"))
        self.assertEqual((reply.reading, reply.is_answer, reply.is_flagged), ("read", True, False))
        self.assertEqual((reply.move_ids, reply.company_id), (self.invoice, self.company))
        task = self._task()
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("Will pay: we will pay", task.summary)
        self.assertIn(f'data-oe-id="{reply.id}"', task.note)

    def test_the_text_of_html_mails_is_what_was_written_now(self):
        quote = f"<blockquote>It is not paid. {self.invoice.name}: please stop by.</blockquote>"
        reply = self._receive(
            "", html=f"<div><p>Paid on 5 June.</p></div><div class='gmail_quote'>On 8 June wrote:{quote}</div>"
        )
        self.assertEqual((reply.kind, reply.day, reply.move_ids.ids), ("paid", date(2026, 6, 5), []))

    def test_pauses_only_after_these(self):
        self.policy.reply_pause_days = 3
        for body, pauses in [
            ("We paid on 5 June.", True),
            ("We will pay on Friday.", True),
            ("The invoice is wrong.", True),
            ("Who is this?", True),
            ("Please send a copy of the invoice.", False),
            ("Nina has left the company.", False),
            ("Nina has retired.", True),  # not understood: a person reads it
            ("Please unsubscribe me from these emails.", True),
            ("Our bank details have changed.", False),
        ]:
            with self.subTest(body=body):
                self.customer.write({"pause_until": False, "pause_reason": False})
                self._receive(body)
                self.assertEqual(bool(self.customer.pause_until), pauses)
        self.policy.reply_pauses = "all"
        self._receive("Please send a copy of the invoice.")
        self.assertTrue(self.customer.pause_until)

    def test_out_of_office_is_noted_and_is_no_answer(self):
        by_words = self._receive("I am out of the office until 22 June.", subject="Automatic reply: Your invoice")
        by_header = self._receive("Ticket 4711", context={"ar_origin": Origin.AUTOMATIC})
        self.assertEqual((by_words.kind, by_words.day), ("out_of_office", date(2026, 6, 22)))
        self.assertEqual((by_header.kind, by_header.is_answer), ("out_of_office", False))
        self.assertFalse(self.customer.pause_until)
        self.assertFalse(self._task())
        self.assertFalse(self.env["ar.inquiry"].search([("customer_id", "=", self.customer.id)]))
        by_caller = self._receive("Ticket 4711", context={"ar_origin": "automatic"})  # as far as one over RPC comes
        self.assertTrue(by_caller.is_answer)

    def test_who_mentions_a_holiday_is_answered(self):
        """In doubt a person wrote it: a task, and for nothing but the holiday no pause."""
        named = self._receive(f"I am on vacation until 22 June. It is about {self.invoice.name}.")
        self.assertEqual((named.kind, named.is_answer), ("out_of_office", True))
        self.assertTrue(self._task() and named.inquiry_ids)
        self.assertFalse(self.customer.pause_until)
        self._receive("Your driver came while we were on holiday, so nobody could accept the goods.")
        self.assertTrue(self.customer.pause_until)

    def test_the_notice_of_a_colleague_is_no_reply(self):
        self._receive("Who is this?")
        self._receive(
            "I am out of the office.", author_id=self.collector.partner_id.id, context={"ar_origin": Origin.AUTOMATIC}
        )
        replies = self.env["ar.reply"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((replies.kind, replies.inquiry_ids.state), ("unclear", "open"))

    def test_the_senders_clock(self):
        """Deadlines start when a mail arrives; days are told from when it was written, where that may be."""
        to_datetime = fields.Datetime.to_datetime
        noon = to_datetime("2026-06-10 12:00:00")
        for written, day in [
            ("2026-06-04 09:00:00", date(2026, 6, 5)),
            ("2019-01-01 00:00:00", date(2026, 6, 12)),
            ("2031-01-01 00:00:00", date(2026, 6, 12)),
        ]:
            with self.subTest(written=written):
                reply = self._receive("We will pay on Friday.", date=to_datetime(written))
                self.assertEqual((reply.day, reply.received_on), (day, noon))
                self.assertEqual(reply.inquiry_ids.received_on, noon)

    def test_unknown_language_and_very_long_mails_are_read_by_a_person(self):
        dutch = "Wij hebben deze factuur vorige week al voldaan, kunt u dat nakijken alstublieft?"
        self.assertEqual((self._receive(dutch).kind, self._receive(dutch).reading), ("unclear", "unknown_language"))
        reply = self._receive("", html=f"<p>We paid on 5 June.</p><p>{'word ' * 100_000}</p>")
        self.assertEqual((reply.kind, reply.reading), ("paid", "shortened"))
        self.assertGreater(len(reply.message_id.body), 500_000)

    def test_a_mail_that_cannot_be_read_is_not_lost(self):
        with patch(f"{READING}.read", side_effect=RecursionError), mute_logger(READING):
            reply = self._receive("We paid.")
        self.assertEqual((reply.kind, reply.reading), ("unclear", "failed"))
        self.assertTrue(self._task() and self.customer.pause_until)

    def test_the_customers_date_format_decides_and_the_other_day_is_shown(self):
        self.partner.lang = "en_US"
        reply = self._receive("We will pay on 07/06/2026.")
        self.assertEqual((reply.day, reply.other_day), (date(2026, 7, 6), date(2026, 6, 7)))
        reply = self._receive("We will pay on 07/08/2026.")
        self.assertEqual((reply.day, reply.other_day), (date(2026, 7, 8), date(2026, 8, 7)))

    def test_what_is_noted_by_us_is_not_read(self):
        own = self._as_collector(self.customer)
        own.message_post(body="We paid", subtype_xmlid="mail.mt_comment", message_type="comment")
        self.assertFalse(self.env["ar.reply"].search([("customer_id", "=", self.customer.id)]))

    def test_identity(self):
        """Replies follow merged accounts, and outlive their message and the invoice they name."""
        reply = self._receive(f"We paid {self.invoice.name}.")
        other = self._customer(self._partner(name="Other"))
        other.sudo()._absorb(self.customer.sudo())
        self.env.invalidate_all()
        self.assertEqual((reply.customer_id, reply.inquiry_ids.customer_id), (other, other))
        reply.message_id.sudo().unlink()
        self.assertTrue(reply.exists() and reply.inquiry_ids and not reply.message_id)


class TestReplyRules(ArCommon):
    def test_rules_are_data_that_can_be_added_to(self):
        manager = self._user("manager", login="rules-manager")
        rules = self.env["ar.reply.rule"].with_user(manager)
        added = rules.create(
            [
                {"use": "language", "language": "nl", "words": "wij\nhebben\ndeze\nal\nkunt"},
                {"use": "means", "kind": "paid", "language": "nl", "words": "hebben ... voldaan"},
            ]
        )
        customer, _invoice = self._late()
        text = "Wij hebben deze factuur al voldaan."
        reply = self.env["ar.reply"].sudo()
        self.assertEqual(reply._read_text(customer, self._message(text), "", self.TODAY, False).kind, "paid")
        added.active = False
        self.assertEqual(reply._read_text(customer, self._message(text), "", self.TODAY, False).kind, "unclear")
        with self.assertRaises(ValidationError):
            rules.create({"use": "means", "kind": "paid", "words": "... paid"})
        for wrong in ({"kind": False}, {"language": "english"}, {"words": " "}, {"use": "language", "language": False}):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError), self.env.cr.savepoint():
                rules.create({"use": "means", "kind": "paid", "words": "paid", **wrong})

    def _message(self, text):
        return self.env["mail.message"].new({"body": text, "message_type": "email"})

    def test_those_of_the_add_on_can_be_archived_only(self):
        manager = self._user("manager", login="rules-manager")
        rule = self.env.ref("ar_collections.reply_rule_en_paid").with_user(manager)
        rule.copy().words = "handed over"
        with self.assertRaises(UserError):
            rule.words = "nothing"
        with self.assertRaises(UserError):
            rule.unlink()
        rule.active = False
        self.assertFalse(self.env["ar.reply.rule"].search([("id", "=", rule.id)]))


class TestHours(ArRepliesCommon):
    def test_deadlines_are_in_working_hours(self):
        self._set_hours(answer_hours=8)
        plan = self.policy._plan_answer
        for received, expected in [
            ("2026-06-10 09:00:00", "2026-06-11 09:00:00"),
            ("2026-06-12 16:00:00", "2026-06-15 16:00:00"),  # a Friday
            ("2026-06-13 10:00:00", "2026-06-15 17:00:00"),  # a Saturday: counted from Monday morning
        ]:
            received, expected = (
                self.env["ar.inquiry"]._fields["deadline"].to_datetime(d) for d in (received, expected)
            )
            with self.subTest(received=received):
                self.assertEqual(plan(received), expected)
                self.assertEqual(self.policy._count_hours(received, expected), 8)
        self.assertEqual(self.policy._count_hours(expected, received), 0)

    def test_holidays_are_those_of_the_company(self):
        self._set_hours(answer_hours=8)
        received, expected = map(fields.Datetime.to_datetime, ("2026-06-10 09:00:00", "2026-06-11 09:00:00"))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        day = {"date_from": "2026-06-10 00:00:00", "date_to": "2026-06-10 23:59:59", "calendar_id": False}
        holiday = self.env["resource.calendar.leaves"].sudo().create(day)
        holiday.company_id = other  # Odoo enters the one at work
        self.assertEqual(self.policy._plan_answer(received), expected)
        self.assertEqual(self.policy._count_hours(received, expected), 8)
        holiday.company_id = self.company
        self.assertGreater(self.policy._plan_answer(received), expected)
        self.assertEqual(self.policy._count_hours(received, expected), 1)

    def test_without_hours_it_is_working_days(self):
        calendar = self._set_hours(answer_hours=9)
        calendar.attendance_ids.unlink()
        received = self.env["ar.inquiry"]._fields["deadline"].to_datetime("2026-06-12 16:00:00")
        self.assertEqual(self.policy._plan_answer(received), received + timedelta(days=2))  # any day is one
        self.assertEqual(self.policy._count_hours(received, received + timedelta(hours=3)), 3)
        self.assertEqual(self.env["ar.credit.policy"]._plan_answer(received), received + timedelta(days=3))
