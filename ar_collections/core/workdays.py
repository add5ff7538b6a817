"""Working days: the days on which customers may be contacted."""

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset(range(5))

#: A calendar without a working day within this number of days is taken for misconfigured.
LONGEST_CLOSURE_DAYS = 60


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The company's working days: weekdays (Monday is 0) less single days off.

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

    def is_workday(self, day: date) -> bool:
        """Return whether the day is a working day of the company.

        >>> WorkCalendar().is_workday(date(2026, 11, 21))   # a Saturday
        False
        """
        return day.weekday() in self.weekdays and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """Return the first working day from ``day`` on, ``day`` included.

        A calendar without any working day shifts nothing, so that a mistake in it never stops all reminders.

        >>> WorkCalendar(weekdays=frozenset()).next_workday(date(2026, 11, 21))
        datetime.date(2026, 11, 21)
        """
        for days in range(LONGEST_CLOSURE_DAYS):
            candidate = day + timedelta(days=days)
            if self.is_workday(candidate):
                return candidate
        return day

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
