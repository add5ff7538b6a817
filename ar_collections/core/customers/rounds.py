"""Rounds: which of the reminders sent so far belong to the item as it is now.

A step is sent at most once for an item, a debtor and a round. A round lasts as long as the item stays due on the date
it was reminded with, or becomes due earlier. A due date that was moved to a later day, and another debtor, open a new
one. Nothing is counted or stored for it: a reminder keeps the due date that it named.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reminded:
    """A line of a reminder, about one item.

    :param customer_id: the account of the item's debtor at that time, also where the account that pays for it was asked
    :param line_id: the journal item; ``None``: it was deleted since, as when an invoice is posted again
    :param due_date: the due date that the reminder named
    :param is_part: it was about one of several installments of an invoice, not about the invoice as a whole
    """

    customer_id: int
    line_id: int | None
    due_date: date
    is_part: bool = False


def counts(reminded: Reminded, customer_id: int, line_id: int, due_date: date) -> bool:
    """Return whether a reminder about an invoice, or about the item itself, belongs to the item's present round.

    An invoice that is posted again may have new journal items, in other parts. What was reminded as a whole was
    reminded in each part; a deleted item lives on in those that are due as early.

    :param customer_id: the account of the item's present debtor
    :param line_id: the item
    :param due_date: its present due date

    >>> may, june = date(2026, 5, 1), date(2026, 6, 1)
    >>> whole = Reminded(9, 1, may)
    >>> counts(whole, 9, 1, may), counts(whole, 9, 1, june), counts(whole, 8, 1, may)     # moved on; another debtor
    (True, False, False)
    >>> counts(whole, 9, 1, date(2026, 4, 1))                                             # moved earlier
    True
    >>> counts(whole, 9, 2, may), counts(whole, 9, 2, june)                               # posted again, in two parts
    (True, False)

    The second of three installments, and the first:

    >>> second = Reminded(9, 2, june, is_part=True)
    >>> counts(second, 9, 2, may), counts(second, 9, 1, may)
    (True, False)
    """
    if reminded.customer_id != customer_id or reminded.due_date < due_date:
        return False
    is_own = reminded.line_id is None or reminded.line_id == line_id
    return is_own or not reminded.is_part or reminded.due_date == due_date
