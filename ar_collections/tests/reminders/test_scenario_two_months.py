from datetime import date, timedelta

from ..common import ArCommon


class TestTwoMonths(ArCommon):
    """One customer from the notice before the due date to the end, day by day; every day runs twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(phone="+1 555 0100")
        cls.customer = cls._customer(cls.partner)

    # === EVENTS === #

    def _run_days(self, first, last, events):
        """Run the days; return the contacts.

        :param events: {date: what users do that morning, before the run}
        :return: [(date, subject of the mail to the customer, or "call" for the collector's task)]
        """
        contacts, day = [], first
        while day <= last:
            if day in events:
                with self._on(day):
                    events[day]()
            contacts += [(day, entry) for entry in self._run_day_twice(day)]
            day += timedelta(days=1)
        return contacts

    def _run_day_twice(self, day):
        """Run the day, work the queue, run it again; return the contacts of the day."""
        with self._on(day), self.mock_mail_gateway():
            before = self._tasks(self.customer, "call")
            customers = self.env["ar.customer"].sudo()
            for _round in range(2):
                customers._run_day(day, companies=self.company)
                self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
            entries = [mail["subject"].partition(": ")[2] for mail in self._mails]
            return entries + ["call"] * len(self._tasks(self.customer, "call") - before)

    def _bill(self, name, due, amount):
        """Return a function that bills the customer."""

        def bill():
            invoice = self._invoice(self.partner, 0, amount, today=due)
            setattr(self, name, invoice)

        return bill

    def _pay_part(self, name, amount):
        return lambda: self._pay(getattr(self, name), amount, day=date(2026, 6, 22))

    def _finish_call(self):
        self._tasks(self.customer, "call").with_user(self.collector).action_feedback("Pays in July")
        self.customer.with_user(self.collector).write({"pause_until": date(2026, 7, 27), "pause_reason": "Promised"})

    def _close_on(self, day):
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 23:59:59",
            }
        )

    # === CONTACTS DAY BY DAY === #

    def test_from_notice_to_credit_note(self):
        self._close_on(date(2026, 6, 18))
        self._bill("a", date(2026, 6, 15), 1000)()
        events = {
            date(2026, 6, 20): self._bill("b", date(2026, 6, 26), 300),
            date(2026, 6, 22): self._pay_part("a", 400),
            date(2026, 7, 7): self._finish_call,
            date(2026, 7, 20): self._pay_part("a", 600),
            date(2026, 7, 28): lambda: self._tasks(self.customer, "call").with_user(self.collector).unlink(),
            date(2026, 8, 10): lambda: self._invoice(self.partner, 0, 300, date(2026, 8, 10), "out_refund"),
        }
        contacts = self._run_days(date(2026, 6, 8), date(2026, 8, 14), events)
        self.assertEqual(
            contacts,
            [
                (date(2026, 6, 10), "payment due on June 15, 2026"),
                (date(2026, 6, 19), "a friendly reminder"),  # +3 is a holiday
                (date(2026, 6, 25), "payment reminder, please pay by July 2, 2026"),
                (date(2026, 6, 29), "a friendly reminder"),  # B at +3; its notice was left out, A being late
                (date(2026, 7, 6), "call"),  # A at +20 on a Sunday, B at +10: one contact
                (date(2026, 7, 27), "call"),  # back from the pause: the very next step of B, not the final one
                (
                    date(2026, 8, 7),
                    "final notice, action needed by August 17, 2026",
                ),  # ten days after the skipped call
            ],
        )
        self.assertEqual(
            self._states(self.customer),
            [(-5, "sent"), (3, "sent"), (10, "sent"), (3, "sent"), (20, "sent"), (20, "skipped"), (30, "sent")],
        )
        self.assertCode(self.customer, "covered_by_credit")
        self._assert_log_lines()

    def _assert_log_lines(self):
        """Assert which items each message listed, and their open amount on that day."""
        listed = [
            {
                ("A" if line.move_id == self.a else "B"): (line.step_id.days or None, line.amount_left)
                for line in communication.line_ids
            }
            for communication in self._communications(self.customer)
        ]
        self.assertEqual(
            listed,
            [
                {"A": (-5, 1000)},
                {"A": (3, 1000)},
                {"A": (10, 600)},
                {"A": (None, 600), "B": (3, 300)},
                {"A": (20, 600), "B": (10, 300)},
                {"B": (20, 300)},
                {"B": (30, 300)},
            ],
        )

    def test_a_debt_of_sixty_days_on_the_first_day_of_collections(self):
        self._bill("a", date(2026, 4, 11), 500)()

        def call():
            self._tasks(self.customer, "call").with_user(self.collector).action_feedback("Nobody there")

        contacts = self._run_days(date(2026, 6, 10), date(2026, 7, 20), {date(2026, 6, 30): call})
        self.assertEqual(
            contacts,
            [
                (date(2026, 6, 10), "a friendly reminder"),
                (date(2026, 6, 17), "payment reminder, please pay by June 24, 2026"),
                (date(2026, 6, 29), "call"),
                (date(2026, 7, 10), "final notice, action needed by July 20, 2026"),
            ],
        )

    def test_paid_in_time_nothing_but_the_notice_is_sent(self):
        self._bill("a", date(2026, 6, 15), 1000)()
        contacts = self._run_days(date(2026, 6, 8), date(2026, 6, 30), {date(2026, 6, 15): self._pay_part("a", 1000)})
        self.assertEqual(contacts, [(date(2026, 6, 10), "payment due on June 15, 2026")])
