import datetime

import pytz

from odoo import models

from ....core.workdays import WorkCalendar


class ArCreditPolicyCalendar(models.Model):
    """The working days of a policy."""

    _inherit = "ar.credit.policy"

    def _find_calendar_warning(self):
        """Return a sentence about a working calendar that shifts nothing or is archived, or ``None``."""
        calendar, today = self._choose_calendar(), self.company_id._ar_today()
        if not calendar:
            return None
        if not self._get_work_calendar(today).has_workday(today):
            return self.env._(
                "The working calendar “%(name)s” has no working day in the next two months: messages are sent on any "
                "day.",
                name=calendar.name,
            )
        if self.calendar_id and not self.calendar_id.active:
            return self.env._(
                "The working calendar “%(name)s” is archived: the company's calendar is used.",
                name=self.calendar_id.name,
            )
        return None

    def _get_work_calendar(self, today):
        """Return the working days of the policy's calendar, else of the company's, else Monday to Friday.

        Flexible hours without attendances are taken as Monday to Friday.
        """
        calendar = self._choose_calendar()
        if not calendar:
            return WorkCalendar()
        # Collectors have no access to calendars. Headings and breaks of a calendar are attendances, too.
        worked = calendar.sudo().attendance_ids.filtered(lambda row: not row.display_type and row.day_period != "lunch")
        if calendar.flexible_hours and not worked:
            return WorkCalendar(holidays=self._get_holidays(calendar, today))
        first, second = (
            frozenset(int(row.dayofweek) for row in worked if row.week_type in (week, False)) for week in ("0", "1")
        )
        return WorkCalendar(first, self._get_holidays(calendar, today), second if calendar.two_weeks_calendar else None)

    def _choose_calendar(self):
        """Return the calendar that counts: an archived one gives way to the company's."""
        calendars = self.calendar_id | self.company_id.resource_calendar_id
        return calendars.filtered("active")[:1] or calendars[:1]

    def _get_holidays(self, calendar, today):
        """Return the company-wide days off, in the calendar's time zone.

        :param date today: days off are read from a month before to half a year after
        :rtype: frozenset[date]
        """
        start = datetime.datetime.combine(today - datetime.timedelta(days=31), datetime.time.min)
        # Collectors have no access to calendars; the company's public holidays are not confidential.
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("calendar_id", "in", [calendar.id, False]),
                    ("company_id", "in", [self.company_id.id, False]),
                    ("date_to", ">=", start),
                    ("date_from", "<=", start + datetime.timedelta(days=214)),
                ]
            )
        )
        zone = pytz.timezone(calendar.tz or "UTC")
        days = set()
        for leave in leaves:
            first, last = (pytz.utc.localize(moment).astimezone(zone) for moment in (leave.date_from, leave.date_to))
            # A leave ends at the first moment of the day after, or shortly before it.
            length = ((last - datetime.timedelta(seconds=1)).date() - first.date()).days
            days.update(first.date() + datetime.timedelta(days=offset) for offset in range(length + 1))
        return frozenset(days)
