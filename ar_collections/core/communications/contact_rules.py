"""Whether a customer may be contacted today: exclusion of the whole customer, contact limits and working days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from .. import decision as codes
from ..facts import AccountFacts, Rules


def customer_code(facts: AccountFacts, today: date) -> str | None:
    """Return why the customer as a whole is excluded from reminders, ``None``: it is not."""
    if facts.archived:
        return codes.ARCHIVED
    if facts.excluded:
        return codes.EXCLUDED
    if facts.paused_until is not None and today < facts.paused_until:
        return codes.PAUSED
    return None


def reminded_from(facts: AccountFacts, today: date) -> date | None:
    """Return the first day from ``today`` on from which the customer as a whole is reminded.

    ``None``: not until a person, such as who excluded it, changes something. Limits of contacts and working days only
    postpone a message and are not looked at.

    >>> today, pause = date(2026, 6, 12), date(2026, 7, 1)
    >>> [str(reminded_from(AccountFacts(9, paused_until=day), today)) for day in (None, today, pause)]
    ['2026-06-12', '2026-06-12', '2026-07-01']
    >>> [reminded_from(AccountFacts(9, **held), today) for held in ({"excluded": True}, {"delivery_unknown": True})]
    [None, None]
    """
    if facts.archived or facts.excluded or facts.delivery_unknown:
        return None
    return max(today, facts.paused_until or today)


def timing_code(facts: AccountFacts, rules: Rules, today: date) -> str | None:
    """Return why no contact is allowed today, ``None``: it is; the contact is deferred to the next day that allows it.

    Neither daily limit, contact caps nor working days apply to a message that a person requested.
    """
    if facts.is_manual:
        return None
    if facts.automatic_today or exceeds_caps(facts.contacts, rules, today):
        return codes.TOO_SOON
    if not rules.calendar.is_workday(today):
        return codes.NOT_A_WORKDAY
    return None


def next_allowed_day(facts: AccountFacts, rules: Rules, today: date) -> date:
    """Return the first day after ``today`` on which :func:`timing_code` allows a contact, within two months.

    >>> friday = date(2026, 6, 12)
    >>> str(next_allowed_day(AccountFacts(9, contacts=(friday,)), Rules(minimum_gap_days=2), friday))
    '2026-06-15'
    """
    later = replace(facts, automatic_today=False)
    days = (today + timedelta(days=number) for number in range(1, 62))
    return next((day for day in days if timing_code(later, rules, day) is None), today + timedelta(days=61))


def exceeds_caps(contacts: Iterable[date], rules: Rules, today: date) -> bool:
    """Return whether one more contact today would exceed the policy's contact caps, counted over all channels.

    >>> rules = Rules(contacts_per_7_days=2, minimum_gap_days=2)
    >>> exceeds_caps([date(2026, 6, 10)], rules, date(2026, 6, 11))
    True
    >>> exceeds_caps([date(2026, 6, 10)], rules, date(2026, 6, 12))
    False
    >>> exceeds_caps([date(2026, 6, 8), date(2026, 6, 10)], rules, date(2026, 6, 12))
    True
    """
    ages = [(today - contact).days for contact in contacts if contact <= today]
    if not ages:
        return False
    if min(ages) < rules.minimum_gap_days:
        return True
    caps = ((1, rules.contacts_per_day), (7, rules.contacts_per_7_days), (30, rules.contacts_per_30_days))
    # Most customers were contacted so seldom that no age need be looked at.
    return any(0 < cap <= len(ages) and sum(age < days for age in ages) >= cap for days, cap in caps)
