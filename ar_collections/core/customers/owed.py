"""What customers are asked for apart from reminders.

Statements and the customer page share the rule, because a customer reads both on one day. Amounts are in the currency
of the item.
"""

from collections.abc import Collection
from decimal import Decimal

from ..decision import TIMING_CODES
from ..facts import OpenItem
from ..money import ZERO


def asked(item: OpenItem, also: Collection[str] = ()) -> Decimal:
    """Return what is asked for of an item: all but what is excluded from reminders, whether it is due or not.

    That a reminder may not list it yet, because the customer has not known of it for long, is about reminders alone.

    :param also: codes of exclusions whose parts are asked for, too

    >>> from datetime import date
    >>> from ..facts import Exclusion
    >>> parts = (Exclusion("disputed", Decimal(30)), Exclusion("recently_entered", Decimal(100)))
    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", Decimal(100), Decimal(100), exclusions=parts)
    >>> asked(item), asked(item, {"disputed"})
    (Decimal('70'), Decimal('100'))
    """
    held = (part.amount for part in item.exclusions if part.code not in TIMING_CODES and part.code not in also)
    return max(item.residual_currency - sum(held, ZERO), ZERO)
