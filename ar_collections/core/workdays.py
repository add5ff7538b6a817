"""Days on which a customer may be contacted."""

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset(range(5))

#: Where no working day follows within this many days, the calendar is wrong rather than full of holidays.
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
    >>> calendar.next_workday(date(2026, 12, 28))   # a working day is its own answer
    datetime.date(2026, 12, 28)
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether the company works on that day.

        >>> WorkCalendar().is_workday(date(2026, 11, 21))   # a Saturday
        False
        """
        return day.weekday() in self.weekdays and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """Return the first working day from ``day`` on, ``day`` included.

        A calendar without any working day shifts nothing, so that a mistake in it never silences every reminder.

        >>> WorkCalendar(weekdays=frozenset()).next_workday(date(2026, 11, 21))
        datetime.date(2026, 11, 21)
        """
        for days in range(LONGEST_CLOSURE_DAYS):
            candidate = day + timedelta(days=days)
            if self.is_workday(candidate):
                return candidate
        return day

    def after_workdays(self, day: date, number: int) -> date:
        """Return the working day that follows so many working days after ``day``, which lie wholly between the two.

        >>> WorkCalendar().after_workdays(date(2026, 6, 10), 5)     # Wednesday; Thursday to Wednesday are the five
        datetime.date(2026, 6, 18)
        >>> WorkCalendar().after_workdays(date(2026, 6, 13), 1)     # Saturday; Monday is the one
        datetime.date(2026, 6, 16)
        """
        for _each in range(number + 1):
            day = self.next_workday(day + timedelta(days=1))
        return day


#: For policies that contact customers on any day.
EVERY_DAY = WorkCalendar(weekdays=frozenset(range(7)))
