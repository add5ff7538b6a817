"""When orders are invoiced by themselves, and why one is left out."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta


class WouldCredit(Exception):
    """A credit note would result, which a person decides about."""


class Undone(Exception):
    """Undoes what was only tried."""


# --- When ---
OFF = "off"

DELIVERY = "delivery"

WEEKLY = "weekly"

MONTHLY = "monthly"

# --- Why an order is left out ---
NOTHING = "nothing"

ON_HOLD = "on_hold"

REFERENCE = "reference"

CREDIT = "credit"

#: An invoice of what is to be invoiced was canceled or credited: a person did that for a reason.
UNDONE = "undone"

NOT_POSTED = "not_posted"

ERROR = "error"

#: A run that did not take place for longer is not made up for: the next billing day takes everything anyway.
LONGEST_GAP = timedelta(days=31)


def is_due(mode: str, weekday: int, day: int, last: date | None, today: date) -> bool:
    """Return whether orders are invoiced today.

    A billing day on which nothing ran, as when the server was down, is made up for by the next run.

    :param mode: one of this module's
    :param weekday: for weekly billing, 0 is Monday
    :param day: for monthly billing, 1 to 31; in a shorter month its last day
    :param last: the day of the last run; None: there was none

    >>> wednesday = date(2026, 6, 10)
    >>> is_due("weekly", 2, 1, None, wednesday), is_due("weekly", 1, 1, None, wednesday)
    (True, False)
    >>> is_due("weekly", 1, 1, date(2026, 6, 8), wednesday)     # Tuesday was missed
    True
    >>> is_due("monthly", 0, 31, date(2026, 6, 29), date(2026, 6, 30))
    True
    >>> is_due("monthly", 0, 10, wednesday, wednesday)          # done today
    False
    """
    if mode in (OFF, DELIVERY):
        return mode == DELIVERY
    first = today if last is None else max(last + timedelta(days=1), today - LONGEST_GAP)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    if mode == WEEKLY:
        return any(each.weekday() == weekday for each in days)
    return any(each.day == min(day, monthrange(each.year, each.month)[1]) for each in days)


def get_undone_quantity(documents: Iterable[tuple[float, bool]]) -> float:
    """Return the quantity of an order line whose invoice was canceled or credited, and that was not invoiced since.

    :param documents: quantity, and whether the document undoes it: canceled invoices and credit notes do, invoices do
        not; in the order in which it happened

    >>> get_undone_quantity([(10, False), (10, True)])                              # credited
    10
    >>> get_undone_quantity([(10, False), (10, True), (10, False), (5, False)])     # and invoiced again by a person
    0
    >>> get_undone_quantity([(10, False), (10, True), (4, False)])
    6
    """
    undone = 0
    for quantity, is_undone in documents:
        undone = undone + quantity if is_undone else max(undone - max(quantity, 0), 0)
    return undone


def find_stop(*, is_held: bool, lacks_reference: bool, is_nothing: bool, is_undone: bool = False) -> str | None:
    """Return why an order is not invoiced, or None.

    >>> find_stop(is_held=True, lacks_reference=True, is_nothing=False)
    'on_hold'
    >>> find_stop(is_held=False, lacks_reference=True, is_nothing=True)
    'nothing'
    >>> find_stop(is_held=False, lacks_reference=True, is_nothing=False, is_undone=True)
    'undone'
    """
    if is_nothing:
        return NOTHING
    if is_held:
        return ON_HOLD
    if is_undone:
        return UNDONE
    return REFERENCE if lacks_reference else None
