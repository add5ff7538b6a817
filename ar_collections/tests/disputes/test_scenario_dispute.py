from datetime import date, timedelta

from .common_dispute import ArDisputeCommon

RECEIVED = "we have received your objection"

ANSWER = "our answer to your objection"


class TestDisputeScenario(ArDisputeCommon):
    """Disputes day by day; every day runs twice, and so does the escalation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice.button_draft()
        cls.invoice.button_cancel()
        cls.invoice = cls._invoice(cls.customer.partner_id, 0, 100, today=date(2026, 6, 15))

    def _run_days(self, last, events, first=date(2026, 6, 10)):
        """Run the days; return [(date, subject of the mail to the customer)].

        :param events: {date: what users do that morning, before the run}
        """
        contacts, day = [], first
        while day <= last:
            if day in events:
                events[day]()
            with self._on(day), self.mock_mail_gateway():
                for _round in range(2):
                    self.env["ar.customer"].sudo()._run_day(day, companies=self.company)
                    self.env["ar.dispute"].sudo()._escalate_overdue(self.company, self.company._ar_today())
                    self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
                contacts += [(day, mail["subject"].partition(": ")[2]) for mail in self._mails]
            day += timedelta(days=1)
        return contacts

    def _raise_on(self, day, amount=None):
        def work():
            self.dispute = self._dispute(amount=amount, day=day)

        return day, work

    def _answer_on(self, day, granted, **options):
        return day, lambda: self._resolve(self.dispute, granted, day=day, **options)

    def _post_note_on(self, day):
        def work():
            with self._on(day):
                self.dispute.credit_note_ids.action_post()

        return day, work

    def _left(self):
        """Return [(date, amount)] that each reminder asked for."""
        reminders = self._communications(self.customer).filtered("step_id")
        return [(c.date, c.line_ids.amount_left) for c in reminders]

    def test_partly_accepted_the_credit_note_takes_its_time(self):
        events = dict(
            [
                self._raise_on(date(2026, 6, 16), amount=40),
                self._answer_on(date(2026, 6, 22), 30, draft_credit=True),
                self._post_note_on(date(2026, 7, 3)),
            ]
        )
        contacts = self._run_days(date(2026, 7, 16), events)
        self.assertEqual(
            contacts,
            [
                (date(2026, 6, 10), "payment due on June 15, 2026"),
                (date(2026, 6, 16), RECEIVED),
                (date(2026, 6, 18), "a friendly reminder"),  # of the 60 that are not disputed
                (date(2026, 6, 22), ANSWER),
                (date(2026, 6, 25), "payment reminder, please pay by July 2, 2026"),
                (date(2026, 7, 15), "final notice, action needed by July 25, 2026"),
            ][: len(contacts)],
        )
        self.assertEqual(self._left()[:3], [(date(2026, 6, 10), 100), (date(2026, 6, 18), 60), (date(2026, 6, 25), 60)])
        self.assertEqual((self.invoice.amount_residual, self._left()[-1][1]), (70, 70))

    def test_rejected_the_schedule_resumes_at_a_mild_step_after_the_grace(self):
        events = dict([self._raise_on(date(2026, 6, 16)), self._answer_on(date(2026, 7, 20), 0)])
        contacts = self._run_days(date(2026, 8, 10), events)
        self.assertEqual(
            contacts,
            [
                (date(2026, 6, 10), "payment due on June 15, 2026"),
                (date(2026, 6, 16), RECEIVED),
                (date(2026, 7, 20), ANSWER),
                (date(2026, 7, 27), "a friendly reminder"),  # 42 days late, but never reminded
                (date(2026, 8, 3), "payment reminder, please pay by August 10, 2026"),
            ],
        )

    def test_rejected_after_a_reminder_the_very_next_step_follows(self):
        events = dict([self._raise_on(date(2026, 6, 19)), self._answer_on(date(2026, 7, 20), 0)])
        contacts = self._run_days(date(2026, 7, 31), events)
        self.assertEqual(
            contacts[-1], (date(2026, 7, 27), "payment reminder, please pay by August 3, 2026")  # not the final one
        )  # fmt: skip

    def test_withdrawn_the_schedule_goes_on_at_once(self):
        day = date(2026, 7, 1)

        def withdraw():
            with self._on(day):
                self.dispute.with_user(self.collector).action_withdraw()

        contacts = self._run_days(date(2026, 7, 3), dict([self._raise_on(date(2026, 6, 16)), (day, withdraw)]))
        self.assertEqual(
            contacts[-2:],
            [(day, ANSWER), (date(2026, 7, 2), "a friendly reminder")],
        )

    def test_overdue_it_goes_to_the_manager_once_and_the_customer_is_not_contacted(self):
        contacts = self._run_days(date(2026, 7, 10), dict([self._raise_on(date(2026, 6, 16))]))
        self.assertEqual([subject for _day, subject in contacts], ["payment due on June 15, 2026", RECEIVED])
        kind = self.env.ref("ar_collections.mail_activity_type_dispute_overdue")
        tasks = self.dispute.activity_ids.filtered(lambda task: task.activity_type_id == kind)
        self.assertEqual((len(tasks), tasks.user_id, self.dispute.escalated_on), (1, self.manager, date(2026, 6, 24)))
