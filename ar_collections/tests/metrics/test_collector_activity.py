"""Collector activity: whose work, on which day, and with which outcome."""

from datetime import date, timedelta

from odoo.exceptions import AccessError

from ..disputes.common_dispute import ArDisputeCommon


class TestCollectorActivity(ArDisputeCommon):
    LATER = date(2026, 8, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._user("collector", login="other", name="The other")

    def _after(self, days):
        return self.TODAY + timedelta(days=days)

    def _rows(self, kind=None, user=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["ar.collector.activity"].with_user(user or self.env.user).with_context(**context)
        return report.search([("kind", "=", kind)] if kind else [])

    def _sums(self, *measures, groupby="user_id"):
        self.env.flush_all()
        rows = self.env["ar.collector.activity"]._read_group([], [groupby], [f"{name}:sum" for name in measures])
        return {group: tuple(values) for group, *values in rows}

    def _call(self, result, user=None, day=None, **values):
        with self._on(day):
            customer = self.customer.with_user(user or self.collector)
            return customer._log_call(result, self.customer.partner_id, **values)

    def test_the_nights_reminders_are_automatic_and_calls_are_not(self):
        self._day()
        row = self._rows("contact")
        self.assertRecordValues(
            row,
            [
                {
                    "user_id": self.collector.id, "date": self.TODAY, "channel": "email", "contacts_automatic": 1,
                    "contacts_personal": 0, "calls": 0, "partner_id": self.customer.partner_id.id,
                }
            ],
        )  # fmt: skip
        self._call("reached", day=self._after(1))
        self.assertEqual(self._sums("contacts_automatic", "contacts_personal"), {self.collector: (1, 1)})

    def test_what_a_person_sends_is_personal_and_a_notice_is_not(self):
        previews = self.env["ar.preview"].with_user(self.collector)
        with self._on():
            preview = previews.create({"company_id": self.company.id, "date": self.TODAY})
            preview.action_preview()
            preview.line_ids.action_send_now()
        self._deliver()
        self.assertEqual(self._sums("contacts_automatic", "contacts_personal"), {self.collector: (False, 1)})
        self._dispute()
        self._deliver()
        self.assertEqual(self._sums("contacts_automatic", "contacts_personal")[self.collector], (1, 1))

    def test_calls_belong_to_who_made_them(self):
        self._call("reached")
        self._call("not_reached", self.other)
        self._call("promised", self.other, day=self._after(1))
        sums = self._sums("calls", "calls_reached", "contacts_personal")
        self.assertEqual(sums, {self.collector: (1, 1, 1), self.other: (2, 1, 2)})
        by_result = self._sums("calls", groupby="call_result")
        self.assertEqual(by_result, {"reached": (1,), "not_reached": (1,), "promised": (1,)})

    def test_promises_belong_to_who_took_them(self):
        with self._on():
            request = {self._debt(self.invoice).id: None}
            promise = self.customer.with_user(self.other).sudo()._promise(self._after(5), request)
        self._pay(self.invoice, day=self._after(4))
        with self._on(self._after(5)):
            self.env["ar.promise"].sudo()._judge_company(self.company, self._after(5))
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self._sums("promises", "promises_kept"), {self.other: (1, 1)})
        self.assertEqual(self._rows("promise").date, self.TODAY)
        self.assertEqual(self._rows("promise_kept").date, self._after(5))

    def test_disputes_belong_to_their_owner(self):
        dispute = self._dispute()
        self.assertEqual(self._rows("dispute").user_id, self.owner)
        self.assertFalse(self._rows("dispute_resolved"))
        self._resolve(dispute, 0, day=self._after(3))
        row = self._rows("dispute_resolved")
        self.assertEqual((row.user_id, row.date, row.disputes_resolved), (self.owner, self._after(3), 1))

    def test_tasks_that_are_done_and_not_those_that_are_cancelled(self):
        done, cancelled = (
            self.customer.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=self.other.id, date_deadline=self.TODAY
            )
            for summary in ("Do it", "Do not")
        )
        self.assertFalse(self._rows("task"))
        done.action_done()
        cancelled.unlink()
        row = self._rows("task")
        self.assertEqual((row.user_id, row.tasks, row.partner_id), (self.other, 1, self.customer.partner_id))

    def test_tasks_with_columns_of_other_modules(self):
        """Another module may add the company or the customer to activities."""
        self.env.cr.execute("ALTER TABLE mail_activity ADD COLUMN partner_id int, ADD COLUMN company_id int")
        task = self.customer.activity_schedule("mail.mail_activity_data_todo", user_id=self.other.id)
        task.action_done()
        self.assertEqual(self._rows("task").partner_id, self.customer.partner_id)

    def test_money_belongs_to_the_last_contact_before_it(self):
        self._day()
        self._pay(self.invoice, 10, day=self.TODAY)
        self._call("will_pay", self.other, day=self._after(2))
        self._pay(self.invoice, 30, day=self._after(3))
        self._pay(self.invoice, 60, day=self._after(10))
        self.assertEqual(self._sums("collected"), {self.collector: (10,), self.other: (30,)})
        self.assertEqual(self._rows("payment").mapped("date"), [self._after(3), self.TODAY])

    def test_by_month_and_week(self):
        for day in (date(2026, 5, 29), date(2026, 6, 1), date(2026, 6, 2)):
            self._call("reached", day=day)
        months = self._sums("calls", groupby="date:month")
        self.assertEqual(months, {date(2026, 5, 1): (1,), date(2026, 6, 1): (2,)})

    def test_numbers_of_rows_differ_and_lead_to_what_they_are_about(self):
        self._day()
        self._dispute(amount=10)
        self._pay(self.invoice, 10, day=self._after(1))
        rows = self._rows()
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual({row.kind for row in rows}, {"contact", "dispute", "payment"})
        for row in rows:
            action = row.action_open()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(record.partner_id, self.customer.partner_id)

    def test_the_company_switcher_is_obeyed(self):
        self._call("reached")
        second = self.setup_other_company(name="Second Company")["company"]
        policy = self._policy(company_id=second.id)
        theirs = self._customer(self._partner(name="Theirs"), second, policy_id=policy.id)
        with self._on():
            theirs._log_call("reached", theirs.partner_id)
        self.assertEqual(len(self._rows(user=self._user("auditor", login="one"))), 1)
        both = self._user("auditor", login="both", company_ids=[(6, 0, (self.company | second).ids)])
        for companies, count in ((self.company, 1), (second, 1), (self.company | second, 2)):
            self.assertEqual(len(self._rows(user=both, allowed_company_ids=companies.ids)), count)

    def test_not_for_everybody(self):
        with self.assertRaises(AccessError):
            self._rows(user=self.internal_user)
