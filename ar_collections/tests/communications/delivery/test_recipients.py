from datetime import timedelta

from odoo.exceptions import UserError

from .common_recipients import RecipientsCommon


class TestRecipients(RecipientsCommon):
    """Each address of a message has an outcome of its own; that of the message follows from them."""

    def test_one_mail_for_each_recipient_and_one_message_for_all(self):
        mails = self.communication.sudo().address_ids.mail_mail_id
        self.assertEqual((len(mails), mails.mail_message_id), (2, self.communication.message_id))
        self.assertEqual(self._work(), ["first", "second"])
        message_id = self.communication.message_id.message_id
        self.assertEqual([message["Message-Id"] for message in self.messages], [message_id, message_id])
        self.assertEqual((self._outcomes(), self.communication.state), ({"first": "sent", "second": "sent"}, "sent"))
        statuses = self.communication.message_id.notification_ids.mapped("notification_status")
        self.assertEqual(statuses, ["sent", "sent"])
        self.assertFalse(self.communication.address_ids.mail_mail_id)

    def test_one_refused_address_marks_that_address_alone(self):
        for refused, reached in [("first", "second"), ("second", "first")]:
            with self.subTest(refused=refused), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._work(turns=3, refused=[refused]), [reached])
                self.assertEqual(self._outcomes(), {refused: "failed", reached: "sent"})
                self.assertEqual((self.communication.state, self.communication.failure), ("sent", False))
                failed = self.communication.address_ids.filtered(lambda recipient: recipient.state == "failed")
                self.assertEqual(failed.failure, "address")
                self.assertIn("nobody", failed.failure_reason)
                self.assertIn(refused, self._tasks(self.customer, "address").summary)
                self.assertTrue(all(self.communication.line_ids.mapped("uses_step")))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_other_keeps_getting_reminders_and_nobody_gets_a_step_twice(self):
        self._work(refused=["first"])
        days = [self.TODAY + timedelta(days=number) for number in range(1, 8)]
        reached = []
        for day in days:
            self._run(day)
            reached += self._work(day)
        self.assertEqual(reached, ["second"])  # the step of the tenth day
        self.assertEqual(self._states(self.customer), [(3, "sent"), (10, "sent")])

    def test_only_where_all_failed_the_step_is_free(self):
        self.assertEqual(self._work(refused=["first", "second"]), [])
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "address"))
        self.assertFalse(any(self.communication.line_ids.mapped("uses_step")))
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), ["payer"])

    def test_a_lost_answer_of_one_is_unknown_for_it_alone(self):
        self.assertEqual(self._work(behave="drop"), ["first"])
        self.assertEqual(self._outcomes(), {"first": "unknown", "second": "planned"})
        self.assertEqual(self.communication.state, "sending")
        self.assertEqual(self._work(turns=2), ["second"])
        self.assertEqual(self._outcomes(), {"first": "unknown", "second": "sent"})
        self.assertEqual(self.communication.state, "sent")

    def test_a_crash_during_one_delivery_is_unknown_for_it_alone(self):
        self.communication.sudo().address_ids[0]._set_state("sending")
        self.communication.sudo()._set_state("sending", date_sent=self.TODAY)
        self.assertEqual(self._work(turns=2), ["second"])
        self.assertEqual((self._outcomes(), self.communication.state), ({"first": "unknown", "second": "sent"}, "sent"))

    def test_unknown_where_nobody_got_it_for_certain(self):
        self._work(behave="drop")
        self._work(refused=["second"])
        self.assertEqual(self._outcomes(), {"first": "unknown", "second": "failed"})
        self.assertEqual(self.communication.state, "unknown")
        self.assertEqual(len(self._tasks(self.customer, "unknown")), 1)
        self.communication.with_user(self.collector).action_mark_not_delivered()
        self.assertEqual((self.communication.state, self._outcomes()["first"]), ("failed", "failed"))

    def test_who_paid_between_two_deliveries_gets_no_second_message(self):
        self._work(replies={"second": "451 try again later"})
        self._pay(self.invoice)
        self.communication.sudo().address_ids.mail_mail_id.scheduled_date = False
        self.assertEqual(self._work(), [])
        self.assertEqual((self._outcomes(), self.communication.state), ({"first": "sent"}, "sent"))

    def test_the_rest_is_not_sent_on_another_day(self):
        self._work(replies={"second": "451 try again later"})
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), [])
        self.assertEqual(self._states(self.customer), [(3, "sent")])

    def test_the_log_of_a_delivery_is_kept(self):
        recipient = self.communication.sudo().address_ids[0]
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            recipient.address = "other@example.com"
        with self.assertRaisesRegex(UserError, "audit trail"):
            recipient.unlink()


class TestSeveralAddresses(RecipientsCommon):
    """Several addresses in one field, one address on several contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second.unlink()
        cls.first.email = "ap@customer.example.com; boss@customer.example.com"

    def test_each_address_of_a_field_has_its_own_outcome(self):
        self.assertEqual(self._work(refused=["boss"]), ["ap"])
        self.assertEqual(self._outcomes(), {"ap": "sent", "boss": "failed"})
        self.assertEqual(self.communication.recipient_ids, self.first)
        self.assertEqual(self.communication.state, "sent")

    def test_the_one_that_failed_is_left_out_from_then_on(self):
        self._work(refused=["boss"])
        later = self.TODAY + timedelta(days=7)
        self._run(later)
        self.assertEqual(self._work(later), ["ap"])

    def test_one_address_of_two_contacts_gets_one_mail(self):
        self.first.email = "same@customer.example.com"
        self._contact("Third", email="SAME@customer.example.com")
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), ["same"])

    def test_a_name_with_umlauts_is_written_correctly(self):
        self.first.name = "Jörg Müller"
        self._work()
        self.assertEqual({message["To"].addresses[0].display_name for message in self.messages}, {"Jörg Müller"})
