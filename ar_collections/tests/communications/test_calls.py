from datetime import date, timedelta

from ..common import ArCommon


class TestCalls(ArCommon):
    """A call step is a task; it counts as a contact when the task is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step, cls.next_step = cls._on_schedule({"days": 3, "channel": "call"}, {"days": 10})
        cls.customer, cls.invoice = cls._late(amount=250, phone="+1 555 0100")

    def setUp(self):
        super().setUp()
        self._run()
        self.communication = self._communications(self.customer)
        self.task = self._tasks(self.customer, "call")

    def test_the_collector_gets_a_task_with_a_brief(self):
        self.assertEqual((self.task.user_id, self.task.date_deadline), (self.collector, self.TODAY))
        for text in (self.invoice.name, "250.00", "+1 555 0100", "4 days late"):
            self.assertIn(text, self.task.note)
        self.assertEqual(self.communication.state, "planned")
        self.assertEqual(len(self._deliver()), 0)

    def test_waiting_over_days_it_is_not_duplicated(self):
        for days in range(1, 6):
            self._run(self.TODAY + timedelta(days=days))
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.assertEqual(self._tasks(self.customer, "call"), self.task)

    def test_a_call_that_waits_is_no_contact_yet(self):
        self.assertFalse(self.customer.last_contact_date)

    def test_done_is_sent(self):
        tomorrow = date(2026, 6, 11)
        with self._on(tomorrow):
            self.task.with_user(self.collector).action_feedback("Pays on Friday")
        self.assertEqual((self.communication.state, self.communication.date_sent), ("sent", tomorrow))
        self.assertEqual(self.customer.last_contact_date, tomorrow)
        self._invoice(self.customer.partner_id, 6)
        self._run(tomorrow)
        self.assertCode(self.customer, "too_soon")

    def test_deleted_is_skipped_and_the_schedule_goes_on(self):
        with self._on():
            self.task.with_user(self.collector).unlink()
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("skipped", "skipped"))
        self._run()
        self.assertCode(self.customer, "already_sent")
        self.assertEqual(len(self._day(date(2026, 6, 16))), 1)

    def test_skipped_by_button_takes_the_task_along(self):
        with self._on():
            self.communication.with_user(self.collector).action_skip()
        self.assertFalse(self._tasks(self.customer, "call"))
        self.assertEqual(self.communication.state, "skipped")

    def test_paid_takes_the_task_away(self):
        self._pay(self.invoice)
        self._run(date(2026, 6, 11))
        self.assertFalse(self._tasks(self.customer, "call"))
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "nothing_due"))

    def test_part_paid_renews_the_brief(self):
        self._pay(self.invoice, 50)
        self._run(date(2026, 6, 11))
        task = self._tasks(self.customer, "call")
        self.assertNotEqual(task, self.task)
        self.assertIn("200.00", task.note)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "planned")])

    def test_other_tasks_are_left_alone(self):
        other = self.customer.activity_schedule("mail.mail_activity_data_todo", user_id=self.collector.id)
        other.action_feedback("Done")
        self.assertEqual(self.communication.state, "planned")

    def test_a_call_is_made_by_whom_the_step_names(self):
        salesperson = self.internal_user
        self.admin_user.company_ids += self.company
        for responsible, user in [("salesperson", salesperson), ("user", self.admin_user)]:
            with self.subTest(responsible=responsible):
                self.step.write({"responsible": responsible, "user_id": self.admin_user.id})
                customer, _invoice = self._late(name=responsible, user_id=salesperson.id)
                self._run()
                self.assertEqual(self._tasks(customer, "call").user_id, user)

    def test_who_left_is_not_asked_to_call(self):
        self.admin_user.company_ids -= self.company
        for responsible in ("salesperson", "user"):
            with self.subTest(responsible=responsible):
                self.step.write({"responsible": responsible, "user_id": self.admin_user.id})
                customer, _invoice = self._late(name=responsible, user_id=self.admin_user.id)
                self._run()
                self.assertEqual(self._tasks(customer, "call").user_id, self.collector)

    def test_without_a_salesperson_the_collector_calls(self):
        self.step.responsible = "salesperson"
        customer, _invoice = self._late(name="Nobody's")
        self._run()
        self.assertEqual(self._tasks(customer, "call").user_id, self.collector)

    def test_no_address_is_needed(self):
        customer, _invoice = self._late(name="No Mail", email=False, street=False)
        self._run()
        self.assertEqual(len(self._tasks(customer, "call")), 1)
