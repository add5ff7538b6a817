"""Tables of reference rates with the days on which they hold, and the rate of interest made from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from ..money import ZERO
from .refusal import BAD_RATE, GAP, NO_RATE, OVERLAP, ChargeRefused


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent a year, from its first to its last day.

    :param last: ``None``: until another one follows
    """

    first: date
    percent: Decimal
    last: date | None = None


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates of interest: reference rates, each multiplied, raised by points and rounded up.

    :param rates: without gaps and overlaps, in the order of their days; see :func:`make_table`
    :param points: percentage points above the reference rate
    :param factor: multiple of the reference rate that counts
    :param step: the result is rounded up to a multiple of it; zero: not rounded

    Belgium rounds up to half a point; India takes three times the bank rate:

    >>> rates = (Rate(date(2025, 7, 1), Decimal("2.15"), date(2025, 12, 31)),)
    >>> RateTable(rates, points=Decimal(8), step=Decimal("0.5")).get(date(2025, 8, 1))
    Decimal('10.5')
    >>> RateTable((Rate(date(2025, 2, 7), Decimal("6.50")),), factor=Decimal(3)).get(date(2025, 3, 1))
    Decimal('19.50')
    """

    rates: tuple[Rate, ...]
    points: Decimal = ZERO
    factor: Decimal = Decimal(1)
    step: Decimal = ZERO

    def get(self, day: date) -> Decimal:
        """Return the rate of interest on a day, in percent a year; beyond the last rate the last one.

        :raise ChargeRefused: ``NO_RATE`` before the first one
        """
        percent = self._find(day).percent * self.factor + self.points
        return (percent / self.step).to_integral_value(ROUND_CEILING) * self.step if self.step else percent

    def get_change_days(self, first: date, last: date) -> list[date]:
        """Return the first days of the rates that begin within a period, its first day excluded."""
        return [rate.first for rate in self.rates if first < rate.first <= last]

    def covers(self, day: date) -> bool:
        """Return whether the rate of the day is known, and not only assumed to go on.

        >>> table = make_table([Rate(date(2025, 7, 1), Decimal("2.15"), date(2025, 12, 31))])
        >>> table.covers(date(2025, 12, 31)), table.covers(date(2026, 1, 1)), make_table([]).covers(date(2026, 1, 1))
        (True, False, False)
        """
        if not self.rates:
            return False
        return self.rates[0].first <= day and (self.rates[-1].last is None or day <= self.rates[-1].last)

    def _find(self, day: date) -> Rate:
        for rate in reversed(self.rates):
            if rate.first <= day:
                return rate
        raise ChargeRefused(NO_RATE, day)


def make_table(
    rates: Iterable[Rate], points: Decimal = ZERO, factor: Decimal = Decimal(1), step: Decimal = ZERO
) -> RateTable:
    """Return the table of these rates, in the order of their days.

    :raise ChargeRefused: see :func:`check_rates`
    """
    ordered = tuple(sorted(rates, key=lambda rate: rate.first))
    check_rates(ordered)
    return RateTable(ordered, points, factor, step)


def check_rates(rates: Iterable[Rate]) -> None:
    """Refuse rates that overlap, leave days between them without one, or are no rates.

    :raise ChargeRefused: ``OVERLAP``, ``GAP`` or ``BAD_RATE``, with the first day concerned

    >>> def refusal(*rates):
    ...     try:
    ...         check_rates(rates)
    ...     except ChargeRefused as refused:
    ...         return refused.code, str(refused.day)
    >>> first = Rate(date(2025, 1, 1), Decimal(3), date(2025, 6, 30))
    >>> refusal(first, Rate(date(2025, 6, 30), Decimal(2))), refusal(first, Rate(date(2025, 7, 2), Decimal(2)))
    (('overlap', '2025-06-30'), ('gap', '2025-07-01'))
    >>> refusal(first, Rate(date(2025, 7, 1), Decimal(2)))
    >>> refusal(Rate(date(2025, 7, 1), Decimal("NaN"))), refusal(Rate(date(2025, 7, 1), Decimal(1), date(2025, 6, 1)))
    (('bad_rate', '2025-07-01'), ('bad_rate', '2025-07-01'))
    """
    before = None
    for rate in sorted(rates, key=lambda rate: rate.first):
        if not rate.percent.is_finite() or (rate.last is not None and rate.last < rate.first):
            raise ChargeRefused(BAD_RATE, rate.first)
        if before is not None:
            _check_neighbors(before, rate)
        before = rate


def _check_neighbors(before: Rate, rate: Rate) -> None:
    """Check that a rate follows the one before; where that has no last day, it ends with the next one."""
    if rate.first == before.first or (before.last is not None and rate.first <= before.last):
        raise ChargeRefused(OVERLAP, rate.first)
    if before.last is not None and rate.first > before.last + timedelta(days=1):
        raise ChargeRefused(GAP, before.last + timedelta(days=1))
