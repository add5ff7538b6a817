"""Risk register: what could cost money now, ranked by the amount that is at stake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO

# --- Customers ---
CONCENTRATION, OVER_LIMIT, UNINSURED, CLASS_WORSE = "concentration", "over_limit", "uninsured", "class_worse"

COVER_ENDS, INSURER_DATE, BROKEN_PROMISE = "cover_ends", "insurer_date", "broken_promise"

NOT_SENT, NOT_RECEIVED = "not_sent", "not_received"

# --- The company ---
UNMATCHED, FEED_STILL = "unmatched", "feed_still"

#: At most so many rows of one kind: a list that nobody reads to its end helps nobody.
MOST = 20

#: A bank journal is fed regularly where so many days of the last `FEED_PERIOD` had movements.
FEED_DAYS, FEED_PERIOD = 12, 90

#: A pause of a feed is unusual from this multiple of the usual one.
UNUSUAL = 3


@dataclass(frozen=True, slots=True)
class RiskRules:
    """What a company calls a risk.

    :param share: percent of the receivables from which one customer or group is a concentration
    :param large: percent of the receivables from which an amount is large
    :param cover_days: days before the end of a cover, or a date of the insurer
    :param unmatched_days: age from which money should be matched
    :param feed_days: days without movements after which a bank feed stands still; 0 switches a kind off
    """

    share: Decimal = Decimal(20)
    large: Decimal = Decimal(2)
    cover_days: int = 30
    unmatched_days: int = 14
    feed_days: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class Risk:
    """One row of the register. ``details`` are the values of its sentence, as they are stored.

    :param key: tells rows of one kind apart, an id as a rule, then a word where a customer has several rows: the row
        stays the same while the risk is the same
    """

    kind: str
    key: str
    amount: Decimal
    customer_id: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


def get_share(amount: Decimal, total: Decimal) -> Decimal:
    """Return an amount in percent of a total, 0 where there is none.

    >>> get_share(Decimal(50), Decimal(200)), get_share(Decimal(50), Decimal(0))
    (Decimal('25'), Decimal('0'))
    """
    return amount * 100 / total if total > 0 else ZERO


def is_at_least(amount: Decimal, percent: Decimal, total: Decimal) -> bool:
    """Return whether an amount is a percentage of a total or more; nothing is where the percentage is 0.

    >>> [is_at_least(Decimal(amount), Decimal(2), Decimal(1000)) for amount in ("19.99", "20")]
    [False, True]
    >>> is_at_least(Decimal(5), Decimal(0), Decimal(1000))
    False
    """
    return percent > 0 and amount > 0 and amount * 100 >= percent * total


def is_customary(covered: Decimal, total: Decimal) -> bool:
    """Return whether a company secures its receivables: at least half of them belong to customers with a cover.

    Where few are secured, all others are not, and that is no news.

    >>> is_customary(Decimal(50), Decimal(100)), is_customary(Decimal(49), Decimal(100)), is_customary(ZERO, ZERO)
    (True, False, False)
    """
    return covered > 0 and 2 * covered >= total


def rank(risks: Iterable[Risk]) -> list[Risk]:
    """Return the largest `MOST` risks of each kind, the largest first.

    >>> [int(risk.amount) for risk in rank(Risk(UNMATCHED, str(n), Decimal(n)) for n in range(25))][:2]
    [24, 23]
    """
    found, counts = [], {}
    for risk in sorted(risks, key=lambda risk: (-risk.amount, risk.kind, risk.key)):
        counts[risk.kind] = counts.get(risk.kind, 0) + 1
        if counts[risk.kind] <= MOST:
            found.append(risk)
    return found


def is_still(last: date, days: int, rules: RiskRules, today: date) -> bool:
    """Return whether a bank feed stands still.

    :param last: day of the last movement
    :param days: number of days with movements, of the `FEED_PERIOD` up to the last one

    A feed with a movement every other day that has had none for eleven days; one that has a movement a week.

    >>> rules, today = RiskRules(), date(2026, 6, 12)
    >>> is_still(date(2026, 6, 1), 45, rules, today), is_still(date(2026, 6, 1), 12, rules, today)
    (True, False)

    A feed that never was regular stands still all the time, and that is no news.

    >>> is_still(date(2026, 1, 1), 3, rules, today)
    False
    """
    if not rules.feed_days or days < FEED_DAYS:
        return False
    usual = Decimal(FEED_PERIOD) / days
    return (today - last).days > max(rules.feed_days, UNUSUAL * usual)


def ends_soon(day: date | None, rules: RiskRules, today: date) -> bool:
    """Return whether a cover ends within the days of the rules, or has ended.

    >>> [ends_soon(day, RiskRules(), date(2026, 6, 10)) for day in (date(2026, 7, 10), date(2026, 7, 11), None)]
    [True, False, False]
    >>> ends_soon(date(2026, 6, 11), RiskRules(cover_days=0), date(2026, 6, 10))
    False
    """
    return bool(rules.cover_days and day) and day <= today + timedelta(days=rules.cover_days)
