from datetime import date, timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ...common import TEMPLATE_LOGS, ArCommon

FRIDAY, SATURDAY, MONDAY = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 15)


class TestPresendCheck(ArCommon):
    """Law 7: what waited in the queue is checked again before it is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=500)

    def setUp(self):
        super().setUp()
        self._run()
        self.communication = self._communications(self.customer)

    def assertCancelled(self, reason, state="cancelled"):
        """Assert that nothing goes out, that the reason is logged, and that the step is free again."""
        self.assertEqual(len(self._deliver()), 0)
        self.env.invalidate_all()
        self.assertEqual((self.communication.state, self.communication.cancel_reason), (state, reason))
        self.assertFalse(any(self.communication.line_ids.mapped("uses_step")))
        self.assertEqual(self.communication.address_ids.mail_mail_id.state, "cancel")
        # The thread shows colleagues that it was never sent.
        self.assertEqual(self.communication.message_id.notification_ids.notification_status, "canceled")

    def test_paid_between_plan_and_send_is_not_mailed(self):
        self._pay(self.invoice)
        self.assertCancelled("nothing_due")
        self.assertEqual(self._run(date(2026, 6, 11))["contacted"], {})

    def test_payment_undone_is_reminded_again(self):
        payment = self._pay(self.invoice)
        self._deliver()
        self._debt(self.invoice).remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)

    def test_cancelled_or_reset_to_draft_is_not_mailed(self):
        self.invoice.button_draft()
        self.assertCancelled("nothing_due")
        self.invoice.button_cancel()
        self.assertEqual(len(self._day(date(2026, 6, 11))), 0)

    def test_covered_by_a_credit_note_is_not_mailed(self):
        self._invoice(self.customer.partner_id, 1, 500, move_type="out_refund")
        self.assertCancelled("covered_by_credit")

    def test_a_payment_not_applied_yet_counts_as_a_credit(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.partner_id.id, "amount": 500, "payment_type": "inbound", "date": self.TODAY}
        )
        payment.action_post()
        self.assertCancelled("covered_by_credit")

    def test_paused_excluded_or_not_to_be_chased_is_not_mailed(self):
        for values, reason in [
            ({"pause_until": FRIDAY, "pause_reason": "Talks"}, "paused"),
            ({"excluded": True, "exclusion_reason": "Insolvent"}, "excluded"),
        ]:
            with self.subTest(reason=reason), self.env.cr.savepoint() as savepoint:
                self.customer.write(values)
                self.assertCancelled(reason)
                savepoint.rollback()
            self.env.invalidate_all()
        self.invoice.no_followup = True
        self.assertCancelled("excluded")

    def test_an_address_that_was_removed_is_not_mailed(self):
        self.customer.partner_id.email = False
        self.assertCancelled("no_address")
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_part_paid_is_replaced_and_exactly_one_mail_with_what_is_left_goes_out(self):
        self._pay(self.invoice, 200)
        mails = self._deliver() + self._deliver()
        self.assertEqual(len(mails), 1)
        self.assertIn("300.00", mails[0]["body"])
        old, new = self._communications(self.customer)
        self.assertEqual((old.state, old.cancel_reason), ("cancelled", "outdated"))
        self.assertEqual((new.state, new.amount_total, new.line_ids.amount_left), ("sent", 300, 300))
        self.assertEqual(len(self._deliver()), 0)

    def test_a_new_item_joins_the_message(self):
        second = self._invoice(self.customer.partner_id, 3, 50)
        mails = self._deliver() + self._deliver()
        self.assertEqual(len(mails), 1)
        self.assertIn(second.name, mails[0]["body"])

    def test_on_another_day_the_mail_is_written_anew(self):
        mails = self._deliver(date(2026, 6, 11)) + self._deliver(date(2026, 6, 11))
        self.assertEqual(len(mails), 1)
        self.assertIn("5 days late", mails[0]["body"])
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])
        self.assertEqual(self._communications(self.customer)[-1].date_sent, date(2026, 6, 11))

    def test_an_order_left_overnight_and_what_the_night_prepared_become_one_mail(self):
        with self._on():
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview._show(self.customer)
            preview.line_ids.action_send_now()
        self._invoice(self.customer.partner_id, 4, 80)
        self._run(FRIDAY)
        waiting = self._communications(self.customer).filtered(lambda c: c.state == "planned")
        self.assertEqual(waiting.sorted("id").mapped("is_manual"), [True, False])
        (mail,) = self._deliver(FRIDAY) + self._deliver(FRIDAY)
        self.assertIn("580.00", mail["body"])
        self.assertFalse(self.customer.run_error)

    def test_deactivated_company_sends_nothing_even_from_the_queue(self):
        self.company.ar_active = False
        self.assertEqual(len(self._deliver()), 0)
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.company.ar_active = True
        self.assertEqual(len(self._deliver()), 1)

    def test_while_collections_are_stopped_the_run_sends_nothing_and_cancels_what_waits(self):
        self.company.ar_active = False
        self._run(date(2026, 6, 11))
        self.assertCode(self.customer, "not_active")
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "not_active"))

    def test_a_template_that_breaks_at_the_presend_check_stops_no_other_mail(self):
        other, _invoice = self._late(name="Other one", email="other@customer.example.com")
        self._run()
        template = self.friendly.mail_template_id
        template.body_html = "<p t-out='1 / len(object.partner_id.name[5:])'/>"
        self._pay(self.invoice, 200)  # so that the first must be replaced
        self.customer.partner_id.name = "Short"
        with mute_logger(*TEMPLATE_LOGS):
            mails = self._deliver()
        self.assertEqual([mail["email_to"] for mail in mails], [['"Other one" <other@customer.example.com>']])
        self.assertIn("division by zero", self.customer.run_error)
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.assertEqual(self._states(other), [(3, "sent")])


class TestDeferredInTheQueue(ArCommon):
    """Only the day does not allow it: the message stays in the queue, and the queue is not triggered over and over."""

    def setUp(self):
        super().setUp()
        self.customer, self.invoice = self._late()
        self._run(FRIDAY)

    def _triggers(self):
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.env.ref("mail.ir_cron_mail_scheduler_action").id)]
        )

    def test_over_the_weekend_it_waits_and_goes_out_on_monday(self):
        self.assertEqual(len(self._deliver(SATURDAY)), 0)
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.assertEqual(len(self._deliver(MONDAY) + self._deliver(MONDAY)), 1)

    def test_a_deferred_message_does_not_trigger_the_queue_again(self):
        before = self._triggers()
        self._deliver(SATURDAY)
        self.assertEqual(self._triggers(), before)
        self.company.ar_active = False
        self._deliver(MONDAY)
        self.assertEqual(self._triggers(), before)

    def test_a_message_written_anew_does(self):
        before = self._triggers()
        self._pay(self.invoice, 40)
        self._deliver(FRIDAY)
        self.assertGreater(self._triggers(), before)

    def test_a_second_message_of_the_day_is_deferred(self):
        # a user called the customer meanwhile: one contact a day
        call = self.env["ar.communication"].sudo().create(
            {
                "customer_id": self.customer.id, "state": "sent", "date": FRIDAY, "date_sent": FRIDAY,
                "channel": "call", "tone": "friendly", "is_manual": True,
            }
        )  # fmt: skip
        self.assertEqual(len(self._deliver(FRIDAY)), 0)
        self.assertEqual(self._states(self.customer), [(3, "planned"), (0, call.state)])
        self.assertEqual(len(self._deliver(MONDAY) + self._deliver(MONDAY)), 1)

    def test_the_queue_leaves_it_alone_until_the_hour_of_the_run_where_the_company_is(self):
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        mail = self._communications(self.customer).sudo().address_ids.mail_mail_id
        self._deliver(SATURDAY)
        self.assertEqual(str(mail.scheduled_date), "2026-06-14 21:00:00")  # six on Monday in Tokyo
        with patch.object(type(self.env["ar.communication"]), "_check_before_sending", side_effect=AssertionError):
            self._work_queue(SATURDAY)
        self.assertFalse(self.customer.run_error)

    def test_contact_limits_name_the_day(self):
        self.policy.minimum_gap_days = 5
        self.env["ar.communication"].sudo().create(
            {
                "customer_id": self.customer.id, "state": "sent", "date": FRIDAY, "date_sent": FRIDAY,
                "channel": "call", "tone": "friendly", "is_manual": True,
            }
        )  # fmt: skip
        mail = self._communications(self.customer)[0].sudo().address_ids.mail_mail_id
        self.assertEqual(len(self._deliver(FRIDAY)), 0)
        self.assertEqual(str(mail.scheduled_date), "2026-06-17 06:00:00")

    def test_deferred_messages_are_still_cancelled_when_paid(self):
        self._pay(self.invoice)
        self.assertEqual(len(self._deliver(SATURDAY + timedelta(days=1))), 0)
        self.assertEqual(self._states(self.customer), [(3, "cancelled")])
