"""Until when a debt can be claimed in court. The rules of countries are data; only how they are applied is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..months import add_months


@dataclass(frozen=True, slots=True)
class LimitationRule:
    """The rule of a country for trade debts.

    :param years: length of the period
    :param from_year_end: it begins with the end of the year in which the debt became due
    :param restarts: an acknowledgement, such as a part payment or an accepted payment plan, starts a new period
    """

    years: int
    from_year_end: bool = False
    restarts: bool = True


def limitation_date(due: date, rule: LimitationRule, acknowledged: Iterable[date] = ()) -> date:
    """Return the last day on which the debt can be claimed.

    A new period after an acknowledgement begins on its day, also where the first one begins at a year's end. What is
    acknowledged after the last day does not revive a debt, and an acknowledgement never shortens the period.

    :param due: the day on which the debt became due
    :param acknowledged: the days of part payments and accepted plans, in any order

    >>> germany = LimitationRule(3, from_year_end=True)
    >>> str(limitation_date(date(2023, 2, 10), germany))
    '2026-12-31'
    >>> [str(limitation_date(date(2023, 2, 10), germany, [day])) for day in (date(2023, 5, 2), date(2026, 3, 1))]
    ['2026-12-31', '2029-03-01']
    >>> str(limitation_date(date(2023, 2, 10), germany, [date(2027, 1, 1)]))
    '2026-12-31'
    >>> str(limitation_date(date(2020, 2, 29), LimitationRule(6)))
    '2026-02-28'
    """
    last = add_months(date(due.year, 12, 31) if rule.from_year_end else due, 12 * rule.years)
    for day in sorted(acknowledged) if rule.restarts else ():
        if day <= last:
            last = max(last, add_months(day, 12 * rule.years))
    return last
