"""The most that text messages of a company may cost in a month."""

from decimal import Decimal

FREE, NEAR, REACHED = "free", "near", "reached"

#: From this share of the cap on the alarm is given.
ALARM = Decimal("0.8")


def cap_state(used: Decimal, more: Decimal, cap: Decimal) -> str:
    """Return whether a message that costs ``more`` may be sent: ``reached``: it may not, ``near``: with an alarm.

    :param used: what the month's messages cost so far
    :param cap: 0: there is none

    >>> [cap_state(Decimal(used), Decimal(1), Decimal(10)) for used in (0, 6, 7, 9, 10)]
    ['free', 'free', 'near', 'near', 'reached']
    >>> cap_state(Decimal(99), Decimal(1), Decimal(0))
    'free'
    """
    if not cap:
        return FREE
    if used + more > cap:
        return REACHED
    return NEAR if used + more >= cap * ALARM else FREE
