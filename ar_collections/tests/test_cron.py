from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from .common import ArCommon

CRON = "ar_collections.ir_cron_nightly"


class TestCron(ArCommon):
    """The scheduled action: hourly, each company in its own day, batch after batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ar.credit.policy"].sudo().search([("company_id", "!=", cls.company.id)]).active = False
        cls.customer, cls.invoice = cls._late()

    def _cron(self, moment):
        """Let the scheduled action run at that moment."""
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_it_runs_from_the_companys_hour_on(self):
        self._cron("2026-06-10 05:59:00")
        self.assertEqual(self._states(self.customer), [])
        self._cron("2026-06-10 06:00:00")
        self.assertEqual(self._states(self.customer), [(3, "planned")])

    def test_called_hourly_it_looks_once_a_day_at_each_customer(self):
        self._cron("2026-06-10 06:00:00")
        with patch.object(type(self.customer), "_run_locked", side_effect=AssertionError("looked again")):
            self._cron("2026-06-10 07:00:00")
        self.assertFalse(self.customer.run_error)
        self._cron("2026-06-11 06:00:00")
        self.assertEqual(self.customer.decision_date, date(2026, 6, 11))

    def test_a_company_far_away_has_another_day(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Far", "tz": "Pacific/Auckland"}
        )
        self._cron("2026-06-10 17:00:00")  # five in the morning of the 11th
        self.assertFalse(self.customer.decision_date)
        self._cron("2026-06-10 18:00:00")
        self.assertEqual(self.customer.decision_date, date(2026, 6, 11))

    def test_killed_after_a_batch_it_goes_on_where_it_stopped(self):
        others = [self._customer(self._invoice(partner, 4).partner_id) for partner in self._partners(3)]
        customers = self.customer.union(*others)
        reminders = [step for step in self.env["ar.nightly"]._get_steps() if step[0] == "reminders"]
        with (
            patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True) as committed,
            patch.object(type(self.env["ar.nightly"]), "_get_due_companies", lambda _nightly: self.company),
            patch.object(type(self.env["ar.nightly"]), "_get_steps", lambda _nightly: reminders),
            freeze_time("2026-06-10 06:00:00"),
        ):
            done = []
            # there is time for two customers
            committed.side_effect = lambda _cron, processed=0, **_kw: done.extend(["one"] * processed) or len(done) < 2
            self.env["ar.nightly"].sudo()._cron_run()
        self.env.invalidate_all()
        self.assertEqual(len(customers.filtered("decision_date")), 2)
        self._cron("2026-06-10 07:00:00")
        self.assertEqual([self._states(customer) for customer in customers], [[(3, "planned")]] * 4)

    def test_it_belongs_to_the_system_and_runs_hourly(self):
        cron = self.env.ref(CRON)
        self.assertEqual(
            (cron.user_id, cron.interval_number, cron.interval_type), (self.env.ref("base.user_root"), 1, "hours")
        )
        self.assertEqual(cron.code, "model._cron_run()")

    def test_what_it_prepares_triggers_the_mail_queue(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)])
        self._cron("2026-06-10 06:00:00")
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]), before)

    def test_holidays_of_the_company_shift_the_contact(self):
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Founders' days",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-06-10 00:00:00",
                "date_to": "2026-06-11 23:59:59",
            }
        )
        for day, code in [(10, "not_a_workday"), (11, "not_a_workday"), (12, "step_reached")]:
            self._run(date(2026, 6, day))
            self.assertCode(self.customer, code)

    def test_a_persons_leave_is_no_holiday(self):
        calendar = self.company.resource_calendar_id
        resource = self.env["resource.resource"].sudo().create({"name": "Ann", "calendar_id": calendar.id})
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Ann away",
                "calendar_id": calendar.id,
                "resource_id": resource.id,
                "date_from": "2026-06-09 00:00:00",
                "date_to": "2026-06-12 00:00:00",
            }
        )
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_working_days_can_be_switched_off(self):
        self.policy.workdays_only = False
        self._run(self.TODAY + timedelta(days=3))
        self.assertCode(self.customer, "step_reached")
