from datetime import datetime, timedelta

from odoo import Command
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestPolicyWarnings(ArCommon):
    """Settings of a policy that do not work are said on the policy and listed as a problem."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.calendar = (
            cls.env["resource.calendar"].sudo().create({"name": "Ours", "company_id": cls.company.id, "tz": "UTC"})
        )
        cls.policy.calendar_id = cls.calendar
        cls.SATURDAY = cls.TODAY + timedelta(days=3)

    def _problem(self, record=None):
        record = record or self.policy
        found = self.env["ar.problem"].sudo()._search_open(record, "policies")
        return found.message or ""

    @mute_logger(PROBLEM_LOG)
    def _night(self, day=None):
        self._run(day)
        self.env.invalidate_all()

    def assertSaid(self, text):
        with self._on():
            self.policy.invalidate_recordset(["warning"])
            self.assertIn(text, self.policy.warning or "")
        self.assertIn(text, self._problem())

    def test_a_calendar_without_attendances_shifts_nothing_and_says_so(self):
        self.calendar.attendance_ids.unlink()
        self._night(self.SATURDAY)
        self.assertCode(self.customer, "step_reached")
        self.assertSaid("no working day")
        self.calendar.attendance_ids = [
            Command.create({"name": "Monday", "dayofweek": "0", "hour_from": 8, "hour_to": 16})
        ]
        self._night(self.SATURDAY + timedelta(days=2))
        self.assertFalse(self._problem() or self.policy.warning)

    def test_a_calendar_whose_days_are_all_off_for_months(self):
        leave = {"name": "Closed", "calendar_id": self.calendar.id, "company_id": self.company.id}
        start = datetime.combine(self.TODAY, datetime.min.time())
        self.env["resource.calendar.leaves"].sudo().create(
            {**leave, "date_from": start, "date_to": start + timedelta(days=200)}
        )
        self._night()
        self.assertCode(self.customer, "step_reached")
        self.assertSaid("no working day")

    def test_an_archived_calendar_gives_way_to_the_companys(self):
        self.calendar.attendance_ids.unlink()
        self.calendar.active = False
        self._night(self.SATURDAY)
        self.assertCode(self.customer, "not_a_workday")
        self.assertSaid("is archived")

    def test_a_deleted_calendar_gives_way_to_the_companys(self):
        self.calendar.unlink()
        self.env.invalidate_all()
        self._night(self.SATURDAY)
        self.assertCode(self.customer, "not_a_workday")
        self.assertFalse(self.policy.warning)

    def test_a_calendar_of_two_weeks(self):
        self.calendar.attendance_ids.unlink()
        rows = [("0", "0", False), ("1", "2", False), ("0", "0", "line_section"), ("1", "0", "line_section")]
        self.calendar.write(
            {
                "two_weeks_calendar": True,
                "attendance_ids": [
                    Command.create(
                        {"name": "x", "week_type": week, "dayofweek": day, "display_type": kind,
                         "hour_from": 0 if kind else 8, "hour_to": 0 if kind else 16}
                    )
                    for week, day, kind in rows
                ],
            }
        )  # fmt: skip
        week_type = self.env["resource.calendar.attendance"].get_week_type
        calendar = self.policy._get_work_calendar(self.TODAY)
        for number in range(28):
            day = self.TODAY + timedelta(days=number)
            works = (week_type(day), day.weekday()) in {(0, 0), (1, 2)}
            self.assertEqual(calendar.is_workday(day), works, day)

    def test_flexible_hours_are_monday_to_friday(self):
        self.calendar.attendance_ids.unlink()
        self.calendar.schedule_type = "flexible"
        self.assertTrue(self.calendar.flexible_hours)
        self._night(self.SATURDAY)
        self.assertCode(self.customer, "not_a_workday")
        self.assertFalse(self.policy.warning)

    def test_an_archived_schedule_goes_on_and_says_so(self):
        self.policy.schedule_id.active = False
        self._night()
        self.assertSaid("is archived and still applies")
        self.policy.schedule_id.active = True
        self._night()
        self.assertFalse(self._problem())

    def test_a_schedule_without_steps_has_its_own_reason(self):
        self.policy.write({"schedule_id": self._schedule().id, "entry_step_id": False})
        self._night()
        self.assertCode(self.customer, "no_steps")
        self.assertSaid("has no steps")

    def test_without_any_policy_it_is_a_problem_of_the_company(self):
        self.policy.active = False
        self.env.invalidate_all()
        self._night()
        self.assertCode(self.customer, "no_policy")
        self.assertIn("No credit policy", self._problem(self.company))
        self.assertIn(self.company, self.env["ar.nightly"]._get_due_companies() | self.company)
        self.policy.active = True
        self._night(self.TODAY + timedelta(days=1))
        self.assertFalse(self._problem(self.company))

    def test_a_company_without_policies_is_run_so_that_it_says_so(self):
        self.company.ar_policy_ids.active = False
        self.company.ar_run_hour = 0
        self.env.invalidate_all()
        self.assertIn(self.company, self.env["ar.nightly"].sudo()._get_due_companies())
