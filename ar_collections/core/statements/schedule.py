"""The days on which statements are sent: weekly on a weekday, or monthly on a day of the month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WEEKLY, MONTHLY = "weekly", "monthly"


@dataclass(frozen=True, slots=True)
class StatementSchedule:
    """When statements are sent.

    :param frequency: ``WEEKLY`` or ``MONTHLY``
    :param weekday: 0 is Monday; for weekly ones
    :param month_day: 1 to 31; in a month that is shorter, its last day; for monthly ones
    """

    frequency: str
    weekday: int = 0
    month_day: int = 31

    def last_day(self, today: date) -> date:
        """Return the latest scheduled day up to and including ``today``.

        >>> str(StatementSchedule(MONTHLY, month_day=31).last_day(date(2026, 3, 10)))
        '2026-02-28'
        >>> str(StatementSchedule(WEEKLY, weekday=0).last_day(date(2026, 6, 10)))    # a Wednesday
        '2026-06-08'
        """
        if self.frequency == WEEKLY:
            return today - timedelta(days=(today.weekday() - self.weekday) % 7)
        day = self._in_month(today.year, today.month)
        if day <= today:
            return day
        before = today.replace(day=1) - timedelta(days=1)
        return self._in_month(before.year, before.month)

    def previous_day(self, day: date) -> date:
        """Return the scheduled day before a scheduled day.

        >>> str(StatementSchedule(MONTHLY, month_day=31).previous_day(date(2026, 2, 28)))
        '2026-01-31'
        """
        return self.last_day(day - timedelta(days=1))

    def next_day(self, today: date) -> date:
        """Return the first scheduled day after ``today``.

        >>> str(StatementSchedule(MONTHLY, month_day=30).next_day(date(2026, 1, 30)))
        '2026-02-28'
        """
        days = (today + timedelta(days=number) for number in range(1, 63))
        return next(day for day in days if self.last_day(day) == day)

    def due_day(self, today: date, done_for: date | None) -> date | None:
        """Return the scheduled day whose statements are to be prepared now, ``None``: there is none.

        Days that were missed are caught up once: the latest one counts for all of them.

        :param done_for: the day up to which everything was prepared, or from which the schedule holds

        >>> monthly = StatementSchedule(MONTHLY, month_day=31)
        >>> str(monthly.due_day(date(2026, 5, 4), done_for=date(2026, 2, 28)))
        '2026-04-30'
        >>> monthly.due_day(date(2026, 5, 4), done_for=date(2026, 4, 30)) is None
        True
        """
        day = self.last_day(today)
        return None if done_for is not None and day <= done_for else day

    def _in_month(self, year: int, month: int) -> date:
        return date(year, month, min(self.month_day, monthrange(year, month)[1]))
