"""Day counts: which part of a year the days between two dates are."""

import calendar
from datetime import date
from decimal import Decimal

#: The days that passed, of a year of 365: what most laws mean, also in leap years.
ACT_365 = "act_365"

#: The days that passed; those of a leap year count as parts of 366.
ACT_ACT = "act_act"

#: Months of 30 days, years of 360.
THIRTY_360 = "30_360"


def count_days(after: date, last: date, convention: str = ACT_365) -> int:
    """Return the number of days after one date, up to and including another one.

    >>> count_days(date(2024, 1, 31), date(2024, 3, 31)), count_days(date(2024, 1, 31), date(2024, 3, 31), THIRTY_360)
    (60, 60)
    >>> count_days(date(2025, 5, 31), date(2025, 8, 14)), count_days(date(2025, 5, 31), date(2025, 8, 14), THIRTY_360)
    (75, 74)
    """
    if convention == THIRTY_360:
        return _count_360(last) - _count_360(after)
    return (last - after).days


def get_year_part(after: date, last: date, convention: str = ACT_365) -> Decimal:
    """Return the part of a year that :func:`count_days` makes, unrounded.

    >>> round(get_year_part(date(2023, 12, 15), date(2024, 3, 14)) * 365, 6)
    Decimal('90.000000')
    >>> get_year_part(date(2023, 12, 15), date(2024, 3, 14), ACT_ACT) == Decimal(16) / 365 + Decimal(74) / 366
    True
    """
    if convention == THIRTY_360:
        return Decimal(count_days(after, last, convention)) / 360
    if convention == ACT_ACT:
        return sum(
            Decimal((min(last, date(year, 12, 31)) - max(after, date(year - 1, 12, 31))).days) / _days_of(year)
            for year in range(after.year, last.year + 1)
        )
    return Decimal((last - after).days) / 365


def _count_360(day: date) -> int:
    return day.year * 360 + day.month * 30 + min(day.day, 30)


def _days_of(year: int) -> int:
    return 366 if calendar.isleap(year) else 365
