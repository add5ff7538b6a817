from datetime import timedelta

from odoo.exceptions import UserError

from .common_replies import ArRepliesCommon


class TestInquiries(ArRepliesCommon):
    def _inquiries(self):
        self.env.invalidate_all()
        return self.env["ar.inquiry"].search([("customer_id", "=", self.customer.id)], order="id")

    def test_mail_page_and_call_have_an_owner_and_a_deadline(self):
        self._set_hours(answer_hours=4)
        self._receive("Who is this?")
        self._receive("When do you deliver?", message_type="comment")
        self.customer.sudo()._handle_request(call="tomorrow, 0123")
        call = self._as_collector(self.env["ar.call.log"]).create(
            {
                "customer_id": self.customer.id,
                "partner_id": self.partner.id,
                "result": "reached",
                "question": "Why was freight charged twice?",
            }
        )
        self.assertEqual(self._inquiries().mapped("source"), ["email", "page", "page"])
        self.assertTrue(self._task())
        call.action_log()
        self.assertFalse(self._task())  # what was answered is no task; what was asked for on the page still is
        self.assertTrue(self._tasks(self.customer, "request"))
        inquiries = self._inquiries()
        self.assertEqual(inquiries.mapped("state"), ["answered"] * 3 + ["open"])  # the call answered the others
        self.assertEqual(set(inquiries.mapped("user_id.id")), {self.collector.id})
        self.assertEqual((inquiries[-1].source, inquiries[-1].name), ("call", "Why was freight charged twice?"))
        self.assertTrue(all(inquiry.deadline > inquiry.received_on for inquiry in inquiries))

    def test_a_call_that_reached_nobody_leaves_no_question(self):
        call = self._as_collector(self.env["ar.call.log"]).create(
            {"customer_id": self.customer.id, "partner_id": self.partner.id, "result": "wrong_number", "question": "?"}
        )
        with self.assertRaises(UserError):
            call.action_log()
        self._receive("Who is this?")
        call.question = False
        call.action_log()
        self.assertEqual(self._inquiries().state, "open")

    def test_answered_by_writing(self):
        self._receive("Who is this?")
        own = self._as_collector(self.customer)
        own.message_post(body="To do", subtype_xmlid="mail.mt_note")
        self.assertEqual(self._inquiries().state, "open")
        own.message_post(body="It is us.", subtype_xmlid="mail.mt_comment", message_type="comment")
        inquiry = self._inquiries()
        self.assertEqual((inquiry.state, inquiry.ended_by_id), ("answered", self.collector))
        self.assertFalse(self._task())
        self._receive("And when?")
        self.assertIn("And when?", self._task().summary)
        with self._on():
            own._write_message("message", "Then", "<p>Soon.</p>", self.partner, self._debt(self.invoice).browse())
        self.assertEqual(self._inquiries().mapped("state"), ["answered", "answered"])

    def test_a_reminder_is_no_answer(self):
        self._on_schedule({"days": 3})
        self._receive("Please send a copy of the invoice.")
        self._day()
        self.assertEqual(self._communications(self.customer).state, "sent")
        self.assertEqual(self._inquiries().state, "open")

    def test_closed_by_hand(self):
        self._receive("Who is this?")
        self._receive("Hello?")
        first, second = self._inquiries()
        self._as_collector(first).action_close()
        self.assertTrue(self._task())
        self._as_collector(second).action_close()
        self.assertFalse(self._task())
        self.assertIsNone(first.hours)  # nobody answered: it counts for no average
        with self.assertRaises(UserError):
            self._as_collector(first).action_close()
        self._receive("Still there?")
        self._task().with_user(self.collector).action_feedback()
        self.assertEqual(self._inquiries()[-1].state, "closed")

    def test_a_task_that_is_done_ends_its_own_inquiries(self):
        """A request is one inquiry with one task; neither task ends what it does not name, nor what came just now."""
        self.customer.sudo()._handle_request(address="new@customer.example.com", call="tomorrow, 0123")
        request = self._inquiries()
        self.assertIn("0123", request.name)
        self._receive("Who is this?")
        self._receive("Our bank details have changed.")
        self.assertEqual(self._task().note.count('data-oe-model="ar.reply"'), 2)  # the link and warnings of each
        self.env["ar.inquiry"]._open_for(self.customer, "call", "Why?")
        self._tasks(self.customer, "request").with_user(self.collector).action_feedback()
        self.assertEqual(self._inquiries().mapped("state"), ["closed", "open", "open", "open"])
        self.env.cr.execute("UPDATE ar_inquiry SET create_date = create_date - INTERVAL '1 hour'")
        given = self._inquiries()[2]
        given.sudo().user_id = self._user("collector", login="colleague")
        self._receive("And where?")
        self._task().with_user(self.collector).action_feedback()
        self.assertEqual(self._inquiries().mapped("state"), ["closed", "closed", "open", "open", "open"])
        task = self._task()
        self.assertEqual(task.user_id, given.user_id)
        self.assertIn("And where?", task.note)
        task.with_user(given.user_id).action_feedback()
        self.assertEqual(self._inquiries().mapped("state"), ["closed", "closed", "closed", "open", "open"])
        self._task().sudo().user_id = given.user_id  # whoever gets a task of the collector answers for it
        self._task().with_user(given.user_id).action_feedback()
        self.assertEqual(self._inquiries().mapped("state"), ["closed", "closed", "closed", "open", "closed"])

    def test_time_to_answer(self):
        self._set_hours(answer_hours=4)
        self._receive("Who is this?")
        inquiry = self._inquiries()
        now = self.env.cr.now()
        inquiry.sudo().write({"received_on": now - timedelta(days=7), "deadline": now - timedelta(days=6)})
        self.assertTrue(inquiry.is_overdue)
        self.assertEqual(self.env["ar.inquiry"].search([("is_overdue", "=", True), ("id", "=", inquiry.id)]), inquiry)
        self.assertFalse(self.env["ar.inquiry"].search([("is_overdue", "=", False), ("id", "=", inquiry.id)]))
        inquiry._end("answered")
        self.assertEqual((inquiry.hours, inquiry.is_late, inquiry.is_overdue), (40.0, True, False))

    def test_the_worklist_finds_overdue_ones(self):
        customers = self.env["ar.customer"]
        found = [("id", "=", self.customer.id), ("inquiry_overdue_count", ">", 0)]
        self._receive("Who is this?")
        self._inquiries().sudo().deadline = self.env.cr.now() + timedelta(hours=1)
        self.assertFalse(customers.search(found))
        self._inquiries().sudo().deadline = self.env.cr.now() - timedelta(hours=1)
        self.env.invalidate_all()
        self.assertEqual(customers.search(found), self.customer)
        self.assertEqual((self.customer.inquiry_count, self.customer.inquiry_overdue_count), (1, 1))
        self.assertIn("Answer: Who is this?", self.customer.open_reply_text)
        self.assertEqual(self.customer.action_open_reply()["res_id"], self.customer.open_reply_id.id)
        self.assertFalse(self.customer.has_suspicious_reply)
        self._receive("Our bank details have changed.")
        self.assertTrue(self.customer.has_suspicious_reply)
        self.assertEqual(self.customer.action_open_reply()["domain"][0][2], self.customer.reply_ids.ids)

    def test_whoever_takes_over_gets_them(self):
        self._receive("Who is this?")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as_collector(self._inquiries()).user_id = self.internal_user
        successor = self._user("collector", login="successor")
        self.customer.user_id = successor
        self.policy.user_id = successor
        self.collector.sudo().active = False
        self.assertEqual(self._inquiries().user_id, successor)
        self.customer.user_id = self.policy.user_id = self._user("collector", login="next")
        successor.sudo().unlink()
        self.assertEqual(self._inquiries().user_id, self.customer.user_id)
