"""Until when a customer may answer the final demand: nothing is handed over and no claim is filed before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Demand:
    """The latest final demand about an item.

    :param sent_on: the day on which it was sent
    :param deadline: the last day to pay or answer that it named
    :param reply_days: an answer in time gives so many days more, counted from the answer
    """

    sent_on: date
    deadline: date
    reply_days: int = 0


def answer_until(demand: Demand, replies: Iterable[date] = ()) -> date:
    """Return the last day on which the next step has to wait for the customer.

    The first answer counts: who writes again and again cannot put off the next step for ever. What comes after the
    deadline gives no more time.

    :param replies: the days on which the customer wrote, in any order

    >>> demand = Demand(date(2026, 3, 2), date(2026, 4, 1), 30)
    >>> str(answer_until(demand))
    '2026-04-01'
    >>> [str(answer_until(demand, [date(2026, 3, day)])) for day in (2, 1, 20)]
    ['2026-04-01', '2026-04-01', '2026-04-19']
    >>> str(answer_until(demand, [date(2026, 3, 28), date(2026, 3, 20)]))
    '2026-04-19'
    >>> str(answer_until(demand, [date(2026, 4, 2)]))
    '2026-04-01'
    """
    in_time = [day for day in replies if demand.sent_on <= day <= demand.deadline]
    if not in_time:
        return demand.deadline
    return max(demand.deadline, min(in_time) + timedelta(days=demand.reply_days))
