"""Working days: the days on which customers may be contacted."""

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset(range(5))

#: A calendar without a working day within this number of days is taken for misconfigured.
LONGEST_CLOSURE_DAYS = 60


def is_second_week(day: date) -> bool:
    """Return whether the day is in the second of two weeks, counted as Odoo's calendars count them.

    >>> is_second_week(date(2026, 6, 10)), is_second_week(date(2026, 6, 17))
    (False, True)
    """
    return (day.toordinal() - 1) // 7 % 2 == 1


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The company's working days: weekdays (Monday is 0) less single days off.

    :param second_weekdays: the weekdays of every second week, where they differ; see :func:`is_second_week`

    >>> christmas = date(2026, 12, 25)
    >>> calendar = WorkCalendar(holidays=frozenset({christmas}))
    >>> calendar.is_workday(christmas)              # a Friday, but a holiday
    False
    >>> calendar.next_workday(christmas)            # the weekend follows
    datetime.date(2026, 12, 28)
    >>> calendar.next_workday(date(2026, 12, 28))   # is a working day itself
    datetime.date(2026, 12, 28)
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    second_weekdays: frozenset[int] | None = None

    def is_workday(self, day: date) -> bool:
        """Return whether the day is a working day of the company.

        A calendar without any working day shifts nothing, so that a mistake in it never stops all reminders.

        >>> WorkCalendar().is_workday(date(2026, 11, 21))   # a Saturday
        False
        >>> WorkCalendar(weekdays=frozenset()).is_workday(date(2026, 11, 21))
        True
        """
        return self._is_worked(day) or not self.has_workday(day)

    def has_workday(self, day: date) -> bool:
        """Return whether there is a working day from ``day`` on, as far as a company may be closed."""
        return any(self._is_worked(day + timedelta(days=days)) for days in range(LONGEST_CLOSURE_DAYS))

    def _is_worked(self, day: date) -> bool:
        is_second = self.second_weekdays is not None and is_second_week(day)
        return day.weekday() in (self.second_weekdays if is_second else self.weekdays) and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """Return the first working day from ``day`` on, ``day`` included.

        A calendar without any working day shifts nothing, so that a mistake in it never stops all reminders.

        >>> WorkCalendar(weekdays=frozenset()).next_workday(date(2026, 11, 21))
        datetime.date(2026, 11, 21)
        """
        days = (day + timedelta(days=days) for days in range(LONGEST_CLOSURE_DAYS))
        return next((candidate for candidate in days if self._is_worked(candidate)), day)

    def previous_workday(self, day: date) -> date:
        """Return the last working day before ``day``; the day before where there is none within two months.

        >>> WorkCalendar().previous_workday(date(2026, 11, 23))     # a Monday
        datetime.date(2026, 11, 20)
        """
        earlier = (day - timedelta(days=days) for days in range(1, LONGEST_CLOSURE_DAYS + 1))
        return next((candidate for candidate in earlier if self.is_workday(candidate)), day - timedelta(days=1))

    def add_workdays(self, day: date, count: int) -> date:
        """Return the working day ``count`` working days after ``day``, which itself does not count.

        >>> WorkCalendar().add_workdays(date(2026, 11, 20), 2)      # from a Friday: Monday, Tuesday
        datetime.date(2026, 11, 24)
        >>> WorkCalendar().add_workdays(date(2026, 11, 21), 1)      # from a Saturday: Monday
        datetime.date(2026, 11, 23)
        >>> WorkCalendar(weekdays=frozenset()).add_workdays(date(2026, 11, 21), 3)      # a calendar without any
        datetime.date(2026, 11, 24)
        """
        for _day in range(count):
            day = self.next_workday(day + timedelta(days=1))
        return day


#: For policies that contact customers on any day.
EVERY_DAY = WorkCalendar(weekdays=frozenset(range(7)))
