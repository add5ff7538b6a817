"""A customer's insolvency: which debts it is about, how long it holds them, and how it ends.

The debts from before the opening are claimed in the proceedings, and in no other way. What came about later is owed by
the estate, and asked for as ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..refusal import Refused

# --- The kinds of proceedings ---
LIQUIDATION, REORGANIZATION = "liquidation", "reorganization"

#: Creditors have to wait until a day, as in the Breathing Space of the United Kingdom.
MORATORIUM = "moratorium"

# --- The states ---
OPEN = "open"

#: The proceedings are over: what is left of the debts is lost, and written off.
CLOSED = "closed"

#: They were withdrawn, rejected or lifted: the debts are owed as before.
LIFTED = "lifted"

#: The last day of a moratorium has passed.
EXPIRED = "expired"

#: Nothing of the debts is asked for.
HOLDING = (OPEN, CLOSED)

GIVEN_BACK = (LIFTED, EXPIRED)

# --- Why it cannot be recorded, or ended ---
FUTURE_OPENING = "future_opening"

NO_LAST_DAY = "no_last_day"

LAST_DAY_EARLY = "last_day_early"

DEADLINE_EARLY = "deadline_early"

NO_REASON = "no_reason"

WRONG_OUTCOME = "wrong_outcome"

#: How long before the deadline the claim is prepared.
PREPARE_DAYS = 7


class InsolvencyRefused(Refused):
    """It cannot be done; ``code`` says why."""


@dataclass(frozen=True, slots=True)
class Proceedings:
    """The proceedings of one customer.

    :param until: the last day of a moratorium
    :param ended_on: the first day after the proceedings

    >>> opened = Proceedings(LIQUIDATION, OPEN, date(2026, 5, 10))
    >>> opened.covers(date(2026, 5, 10)), opened.covers(date(2026, 5, 11)), opened.holds(date(2026, 6, 1))
    (True, False, True)
    """

    kind: str
    state: str
    opened_on: date
    until: date | None = None
    ended_on: date | None = None

    def covers(self, arose_on: date) -> bool:
        """Return whether a debt is from before the opening; one of that day is."""
        return arose_on <= self.opened_on

    def holds(self, today: date) -> bool:
        """Return whether nothing may be asked of these debts on a day.

        >>> space = Proceedings(MORATORIUM, OPEN, date(2026, 5, 10), until=date(2026, 7, 9))
        >>> space.holds(date(2026, 7, 9)), space.holds(date(2026, 7, 10)), space.resumed_on
        (True, False, datetime.date(2026, 7, 10))
        """
        return self.state in HOLDING and self.opened_on <= today and (self.until is None or today <= self.until)

    @property
    def resumed_on(self) -> date | None:
        """The day from which the debts may be asked for again; ``None`` where none is known."""
        if self.state in GIVEN_BACK:
            return self.ended_on
        return self.until and self.until + timedelta(days=1)

    @property
    def charged_until(self) -> date | None:
        """The last day that bears interest; ``None`` where proceedings that were lifted leave no trace.

        The days of a moratorium are never charged later. As it is not known what the law says about the time after it,
        nothing is charged by itself then.

        >>> Proceedings(LIQUIDATION, LIFTED, date(2026, 5, 10)).charged_until is None
        True
        >>> Proceedings(MORATORIUM, EXPIRED, date(2026, 5, 10)).charged_until
        datetime.date(2026, 5, 10)
        """
        return None if self.state == LIFTED else self.opened_on


def arose_on(booked: date, invoiced: date | None = None, supplied: date | None = None) -> date:
    """Return the day on which a debt came about: that of the supply, where it was invoiced later.

    >>> arose_on(date(2026, 5, 20), date(2026, 5, 20), date(2026, 5, 4))
    datetime.date(2026, 5, 4)
    """
    billed = invoiced or booked
    return min(billed, supplied or billed)


def charge_arose_on(own: date, about: Iterable[tuple[date | None, date | None]]) -> date:
    """Return the day that decides about an invoice of late charges or legal costs alone: that of the debts it is about.

    It shares their fate, so what charges an old debt is claimed with it, whenever it is invoiced. The latest of them
    counts: together with a later debt, all of it is asked for. A cost counts from its own day where that is earlier.

    :param own: the day of the invoice itself; it is never later
    :param about: (day of the debt, day of the cost), each may be unknown

    >>> may, june, july = date(2026, 5, 4), date(2026, 6, 4), date(2026, 7, 4)
    >>> charge_arose_on(july, [(may, None), (None, june)])
    datetime.date(2026, 6, 4)
    >>> charge_arose_on(july, [(may, june)]), charge_arose_on(may, [(june, None)])
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 4))
    """
    days = [min(day for day in pair if day) for pair in about if any(pair)]
    return min(own, max(days, default=own))


def follow_debts(
    key: int, days: Mapping[int, date], about: Mapping[int, Iterable[tuple[int | None, date | None]]], seen: tuple = ()
) -> date:
    """Return the day that decides about an invoice, through all that it is about; a circle ends where it began.

    :param days: {invoice: its own day}, also of those that invoices are about
    :param about: {invoice of charges: (invoice that it is about, day of the cost), each may be unknown}

    >>> days = {1: date(2026, 5, 4), 2: date(2026, 6, 4), 3: date(2026, 7, 4)}
    >>> follow_debts(3, days, {3: [(2, None)], 2: [(1, None)]}), follow_debts(3, days, {3: [(2, None)], 2: [(3, None)]})
    (datetime.date(2026, 5, 4), datetime.date(2026, 6, 4))
    """
    if key in seen or key not in about:
        return days[key]
    found = [
        (follow_debts(source, days, about, (*seen, key)) if source in days else None, day) for source, day in about[key]
    ]
    return charge_arose_on(days[key], found)


def check_start(kind: str, opened_on: date, until: date | None, deadline: date | None, today: date) -> None:
    """Refuse dates that cannot be.

    :param until: the last day of a moratorium
    :param deadline: the last day to file the claim
    :raise InsolvencyRefused: with the reason

    >>> check_start(MORATORIUM, date(2026, 5, 10), date(2026, 7, 9), None, date(2026, 6, 1))
    """
    if opened_on > today:
        raise InsolvencyRefused(FUTURE_OPENING)
    if kind == MORATORIUM and until is None:
        raise InsolvencyRefused(NO_LAST_DAY)
    if until is not None and until < opened_on:
        raise InsolvencyRefused(LAST_DAY_EARLY)
    if deadline is not None and deadline < opened_on:
        raise InsolvencyRefused(DEADLINE_EARLY)


def check_end(state: str, outcome: str, reason: str) -> None:
    """Refuse an end without a reason, or of what has ended.

    :raise InsolvencyRefused: with the reason
    """
    if not reason.strip():
        raise InsolvencyRefused(NO_REASON)
    if state != OPEN or outcome not in (CLOSED, LIFTED, EXPIRED):
        raise InsolvencyRefused(WRONG_OUTCOME)


def get_task_days(deadline: date, today: date) -> tuple[date, ...]:
    """Return the days of the tasks for a deadline: some days before it, and that day; none lies in the past.

    >>> [str(day) for day in get_task_days(date(2026, 6, 30), date(2026, 6, 1))]
    ['2026-06-23', '2026-06-30']
    >>> [str(day) for day in get_task_days(date(2026, 6, 5), date(2026, 6, 1))]
    ['2026-06-05']
    """
    early = deadline - timedelta(days=PREPARE_DAYS)
    return (early, deadline) if early > today else (deadline,)
