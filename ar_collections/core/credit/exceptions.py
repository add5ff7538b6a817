"""Exceptions that people grant to a customer: what is new, changed or over, and who is told before one ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .limit import Limit

# --- What the fields of a customer account say ---
PAUSE, NO_REMINDERS, POLICY = "pause", "no_reminders", "policy"

HOLD, RISK_CLASS, TEMPORARY_LIMIT, INSURER_CONSENT = "hold", "risk_class", "temporary_limit", "insurer_consent"

# --- Limits: each holds until the limit changes again ---
RAISED, ABOVE_RECOMMENDED = "raised", "above_recommended"

LIMIT_KINDS = (RAISED, ABOVE_RECOMMENDED)

# --- Kept in lists of their own ---
EXCLUSION, RELEASE = "exclusion", "release"

#: Days before the end on which whoever granted an exception is told.
LEAD_DAYS = 7


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception as the fields of an account say it.

    :param until: the last day; ``None``: until somebody ends it
    :param value: risk class, id of the policy, or limits, see :func:`write_limit`; without words of a language
    """

    reason: str = ""
    until: date | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do with the stored exceptions of an account, by kind."""

    opened: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def compare(now: Mapping[str, Exemption], known: Mapping[str, Exemption]) -> Changes:
    """Return what changed. Another value is another exception, another reason or last day the same one.

    >>> pause = Exemption("Flood", date(2026, 6, 20))
    >>> compare({PAUSE: pause}, {})
    Changes(opened=('pause',), changed=(), ended=())
    >>> compare({PAUSE: Exemption("Flood", date(2026, 7, 20))}, {PAUSE: pause})
    Changes(opened=(), changed=('pause',), ended=())
    >>> compare({RISK_CLASS: Exemption("New owner", None, "B")}, {RISK_CLASS: Exemption("New owner", None, "A")})
    Changes(opened=('risk_class',), changed=(), ended=('risk_class',))
    >>> compare({}, {PAUSE: pause})
    Changes(opened=(), changed=(), ended=('pause',))
    """
    other = {kind for kind, exemption in now.items() if kind in known and known[kind].value != exemption.value}
    return Changes(
        tuple(kind for kind in now if kind not in known or kind in other),
        tuple(kind for kind in now if kind in known and kind not in other and known[kind] != now[kind]),
        tuple(kind for kind in known if kind not in now or kind in other),
    )


def get_notice_days(today: date, last: date | None) -> tuple[date, date]:
    """Return the first and the last of the days on which an exception ends that somebody is to be told about today.

    Each end is in one of these ranges, also where a night was left out, so that nobody is told twice.

    :param last: the day for which they were told the last time

    >>> [str(day) for day in get_notice_days(date(2026, 6, 10), date(2026, 6, 9))]
    ['2026-06-17', '2026-06-17']
    >>> [str(day) for day in get_notice_days(date(2026, 6, 10), date(2026, 6, 7))]
    ['2026-06-15', '2026-06-17']
    >>> [str(day) for day in get_notice_days(date(2026, 6, 10), None)]
    ['2026-06-10', '2026-06-17']
    """
    lead = timedelta(days=LEAD_DAYS)
    first = last + lead + timedelta(days=1) if last else today
    return max(first, today), today + lead


def get_end(until: date | None, today: date) -> date:
    """Return the first day without an exception that is over.

    >>> [str(get_end(until, date(2026, 6, 10))) for until in (date(2026, 6, 7), date(2026, 6, 20), None)]
    ['2026-06-08', '2026-06-10', '2026-06-10']
    """
    return until + timedelta(days=1) if until and until < today else today


def write_limit(*limits: Limit) -> str:
    """Return limits as they are stored, whatever the language; :func:`read_limits` is the reverse.

    >>> write_limit(Limit("amount", Decimal("1500.0")), Limit("none"))
    'amount 1500;none 0'
    >>> [limit.amount for limit in read_limits("amount 1500;none 0")]
    [Decimal('1500'), Decimal('0')]
    """
    return ";".join(f"{limit.kind} {limit.amount.normalize():f}" for limit in limits)


def read_limits(value: str) -> tuple[Limit, ...]:
    """Return the limits that :func:`write_limit` wrote."""
    parts = (part.split(" ") for part in value.split(";"))
    return tuple(Limit(kind, Decimal(amount)) for kind, amount in parts)
