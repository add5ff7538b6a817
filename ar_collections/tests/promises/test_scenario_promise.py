from datetime import date, timedelta

from .common_promise import PromiseCommon


class TestPromiseScenario(PromiseCommon):
    """Promises and the reminder schedule, day by day; every nightly run is repeated."""

    def setUp(self):
        super().setUp()
        # One invoice is enough: 300, due on Friday 29 May, twelve days late on the 10th.
        self._pay(self.new)

    def _run_days(self, first, last, events):
        """Run the days; return [(day of the month, subject of the mail to the customer)].

        :param events: {date: what users do that morning}
        """
        contacts, day = [], first
        while day <= last:
            if day in events:
                with self._on(day):
                    events[day]()
            contacts += [(f"{day:%b %d}", entry) for entry in self._run_day_twice(day)]
            day += timedelta(days=1)
        return contacts

    def _run_day_twice(self, day):
        with self._on(day), self.mock_mail_gateway():
            for _round in range(2):
                self.env["ar.promise"].sudo()._judge_company(self.company, day)
                self.env["ar.customer"].sudo()._run_day(day, companies=self.company)
                self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
            self.env.invalidate_all()
            return [mail["subject"].partition(": ")[2] for mail in self._mails]

    def _make_promise(self, amounts=None, promised=date(2026, 6, 24)):
        """Return a function that records a promise."""
        return lambda: setattr(self, "promise", self._promise(amounts, promised, on=date(2026, 6, 15)))

    def _pays(self, amount, day):
        return lambda: setattr(self, "payment", self._pay(self.old, amount, day=day))

    FRIENDLY = ("Jun 10", "a friendly reminder")
    THANKS = ("Jun 15", "thank you, we expect your payment by June 24, 2026")
    NOTE = ("Jun 23", "your payment promised for June 24, 2026")
    NOT_KEPT = ("Jun 29", "the payment you promised has not arrived in full")

    def _run_promise(self, until=date(2026, 7, 20), **events):
        """Promise on 15 June what is due, and run the days; events are named after their days, as in ``june_22``."""
        days = {date(2026, {"june": 6, "july": 7}[k.split("_")[0]], int(k.split("_")[1])): v for k, v in events.items()}
        return self._run_days(self.TODAY, until, {date(2026, 6, 15): self._make_promise(), **days})

    def test_kept(self):
        contacts = self._run_promise(june_26=self._pays(None, date(2026, 6, 25)))
        self.assertEqual(contacts, [self.FRIENDLY, self.THANKS, self.NOTE])
        self.assertEqual(self.promise.state, "kept")
        self.assertFalse(self._tasks(self.customer, "promise"))

    def test_kept_early_no_note(self):
        contacts = self._run_promise(june_19=self._pays(None, date(2026, 6, 19)))
        self.assertEqual(contacts, [self.FRIENDLY, self.THANKS])
        self.assertEqual((self.promise.state, self.promise.ended_on), ("kept", date(2026, 6, 19)))

    def test_broken_then_the_schedule_resumes_at_a_mild_step(self):
        """On 29 June the invoice is 31 days late; the very next step follows, not the final one."""
        contacts = self._run_promise()
        self.assertEqual(
            contacts,
            [
                self.FRIENDLY,
                self.THANKS,
                self.NOTE,
                self.NOT_KEPT,
                ("Jun 30", "payment reminder, please pay by July 7, 2026"),
                ("Jul 20", "final notice, action needed by July 30, 2026"),
            ],
        )
        self.assertEqual(self.promise.state, "broken")
        self.assertEqual(len(self._tasks(self.customer, "promise")), 1)

    def test_partly_kept_only_the_rest_is_asked_for(self):
        contacts = self._run_promise(date(2026, 7, 6), june_22=self._pays(200, date(2026, 6, 22)))
        self.assertEqual(
            contacts,
            [
                self.FRIENDLY,
                self.THANKS,
                self.NOTE,
                self.NOT_KEPT,
                ("Jun 30", "payment reminder, please pay by July 7, 2026"),
            ],
        )
        self.assertEqual(self.promise.state, "partly")
        reminder = self._communications(self.customer)[-1]
        self.assertEqual(reminder.line_ids.amount_left, 100.0)

    def test_a_payment_taken_back_opens_the_promise_again(self):
        contacts = self._run_promise(
            date(2026, 6, 29),
            june_17=self._pays(None, date(2026, 6, 17)),
            june_19=lambda: self._take_back(self.payment),
        )
        self.assertEqual(contacts, [self.FRIENDLY, self.THANKS, self.NOTE, self.NOT_KEPT])
        self.assertEqual(self.promise.state, "broken")

    def test_a_payment_taken_back_long_after_breaks_the_promise(self):
        contacts = self._run_promise(
            date(2026, 7, 14),
            june_22=self._pays(None, date(2026, 6, 22)),
            july_13=lambda: self._take_back(self.payment),
        )
        self.assertEqual(contacts[2], ("Jul 13", "the payment you promised has not arrived in full"))
        self.assertEqual((self.promise.state, self.promise.ended_on), ("broken", date(2026, 7, 13)))

    def test_what_is_not_promised_goes_on(self):
        other = self._invoice(self.partner, overdue_days=5, amount=50.0, today=date(2026, 6, 20))
        contacts = self._run_promise(date(2026, 6, 22))
        self.assertEqual(contacts, [self.FRIENDLY, self.THANKS, ("Jun 18", "a friendly reminder")])
        self.assertEqual(self._communications(self.customer)[-1].line_ids.move_id, other)

    def test_withdrawn_the_schedule_goes_on(self):
        contacts = self._run_promise(date(2026, 6, 26), june_18=lambda: self.promise._withdraw("Cannot pay then"))
        self.assertEqual(
            contacts, [self.FRIENDLY, self.THANKS, ("Jun 18", "payment reminder, please pay by June 25, 2026")]
        )
