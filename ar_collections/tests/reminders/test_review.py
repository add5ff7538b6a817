from datetime import date, timedelta

from odoo.exceptions import UserError

from ..common import ArCommon


class TestReview(ArCommon):
    """Large amounts wait for a review: prepared and readable, and not sent before somebody approves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.review_above = 1000
        cls.manager = cls._user("manager")
        cls.customer, cls.invoice = cls._late(amount=1500)

    def setUp(self):
        super().setUp()
        self.summary = self._run()
        self.communication = self._communications(self.customer)
        self.tomorrow = self.TODAY + timedelta(days=1)

    def _approve(self, day=None):
        with self._on(day):
            self.communication.with_user(self.manager).action_approve()

    def test_it_waits_can_be_read_and_the_collector_has_a_task(self):
        self.assertEqual((self.summary["review"], self.communication.state), (1, "review"))
        self.assertIn(self.invoice.name, self.communication.body)
        self.assertFalse(self.communication.address_ids.mail_mail_id)
        self.assertEqual(self._tasks(self.customer, "review").user_id, self.collector)
        self.assertEqual(len(self._deliver()), 0)

    def test_what_asks_for_less_does_not_wait(self):
        other, _invoice = self._late(amount=1000, name="Small", email="small@customer.example.com")
        self._run()
        self.assertEqual(self._states(other), [(3, "planned")])

    def test_approved_it_goes_out_and_the_log_shows_by_whom(self):
        self._approve()
        self.assertEqual(len(self._deliver()), 1)
        self.assertEqual((self.communication.state, self.communication.approved_by_id), ("sent", self.manager))
        self.assertFalse(self._tasks(self.customer, "review"))

    def test_approved_days_later_it_is_written_anew_and_goes_out_once(self):
        later = date(2026, 6, 12)
        self._approve(later)
        mails = self._deliver(later) + self._deliver(later)
        self.assertEqual(len(mails), 1)
        self.assertIn("6 days late", mails[0]["body"])
        last = self._communications(self.customer)[-1]
        self.assertEqual((last.state, last.is_manual, last.approved_by_id), ("sent", True, self.manager))
        self._run(later)
        self.assertEqual(len(self._deliver(later)), 0)

    def test_an_approval_covers_what_was_approved_and_no_more(self):
        """The mail server is down for days: another step and more money are looked at again."""
        self._approve()
        self._invoice(self.customer.partner_id, 4, 4000, today=self.tomorrow)
        for day in (self.tomorrow, date(2026, 6, 16)):
            with self.subTest(day=day), self.env.cr.savepoint() as savepoint:
                self.assertEqual(len(self._deliver(day)), 0)
                old, new = self._communications(self.customer)
                self.assertEqual((old.cancel_reason, new.state), ("outdated", "review"))
                self.assertFalse(new.approved_by_id or new.is_manual)
                self.assertEqual(new.amount_total, 5500)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_run_does_not_prepare_what_was_approved_once_more(self):
        self._approve()
        self._run()
        self.assertEqual(self._states(self.customer), [(3, "planned")])

    def test_approved_and_then_paid_is_not_sent(self):
        self._approve()
        self._pay(self.invoice)
        self.assertEqual(len(self._deliver()), 0)
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "nothing_due"))

    def test_waiting_over_days_it_is_not_duplicated(self):
        for days in range(1, 5):
            self._run(self.TODAY + timedelta(days=days))
        self.assertEqual(self._states(self.customer), [(3, "review")])
        self.assertEqual(len(self._tasks(self.customer, "review")), 1)

    def test_paid_while_it_waits_it_is_cancelled_and_so_is_its_task(self):
        self._pay(self.invoice)
        self._run(self.tomorrow)
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "nothing_due"))
        self.assertFalse(self._tasks(self.customer, "review"))

    def test_part_paid_while_it_waits_it_is_proposed_anew_with_what_is_left(self):
        self._pay(self.invoice, 300)
        self._run(self.tomorrow)
        old, new = self._communications(self.customer)
        self.assertEqual((old.cancel_reason, new.state, new.amount_total), ("outdated", "review", 1200))
        self.assertEqual(len(self._tasks(self.customer, "review")), 1)

    def test_below_the_threshold_after_a_payment_it_goes_out_by_itself(self):
        self._pay(self.invoice, 600)
        self.assertEqual(len(self._day(self.tomorrow)), 1)
        self.assertFalse(self._tasks(self.customer, "review"))

    def test_a_higher_step_replaces_what_nobody_looked_at(self):
        self._run(date(2026, 6, 16))  # ten days late: still the entry step, because nothing was sent
        self.assertEqual(self._states(self.customer), [(3, "review")])

    def test_rejected_it_is_proposed_again_by_the_next_run(self):
        self.communication.with_user(self.collector).action_reject()
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "rejected"))
        self.assertFalse(self._tasks(self.customer, "review"))
        self._run(self.tomorrow)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])

    def test_skipped_its_step_is_used_up_and_the_schedule_goes_on(self):
        with self._on():
            self.communication.with_user(self.collector).action_skip()
        self.assertEqual(self.communication.state, "skipped")
        self.assertFalse(self._tasks(self.customer, "review"))
        self._run(self.tomorrow)
        self.assertCode(self.customer, "already_sent")
        self._run(date(2026, 6, 16))
        self.assertEqual(self._states(self.customer), [(3, "skipped"), (10, "review")])

    def test_what_was_skipped_is_no_contact(self):
        with self._on():
            self.communication.with_user(self.collector).action_skip()
        self._invoice(self.customer.partner_id, 6, 2000)
        self._run()
        self.assertEqual(self._states(self.customer), [(3, "skipped"), (3, "review")])
        self.assertFalse(self.customer.last_contact_date)

    def test_a_collector_may_not_approve(self):
        with self.assertRaisesRegex(UserError, "Collections Manager"):
            self.communication.with_user(self.collector).action_approve()
        self.assertEqual(self.communication.state, "review")

    def test_what_is_gone_cannot_be_rejected(self):
        self._approve()
        self._deliver()
        with self.assertRaises(UserError):
            self.communication.with_user(self.collector).action_reject()

    def test_a_call_or_letter_of_a_large_amount_waits_too(self):
        self._on_schedule({"days": 3, "channel": "call"})
        customer, _invoice = self._late(amount=5000, name="Whale", email="whale@customer.example.com")
        self._run()
        self.communication = self._communications(customer)
        self.assertEqual((self.communication.channel, self.communication.state), ("call", "review"))
        self.assertFalse(self._tasks(customer, "call"))
        self._approve()
        self.assertEqual(len(self._tasks(customer, "call")), 1)
