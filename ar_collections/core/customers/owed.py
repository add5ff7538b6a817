"""What customers read about their debts: what they are asked for, what of it is overdue, and since when.

Statements, the customer page, the portal's home and thanks for payments share these rules, because a customer sees all
of them on one day. Amounts are in the currency of the items.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from ..decision import PLAN_ACTIVE, SMALL_DIFFERENCE, TIMING_CODES
from ..facts import AccountFacts, OpenItem
from ..money import ZERO, total_by_currency


def asked(item: OpenItem, also: Collection[str] = ()) -> Decimal:
    """Return what is asked for of an item: all but what is excluded from reminders, whether it is due or not.

    That a reminder may not list it yet, because the customer has not known of it for long, is about reminders alone.

    :param also: codes of exclusions whose parts are asked for, too

    >>> from ..facts import Exclusion
    >>> parts = (Exclusion("disputed", Decimal(30)), Exclusion("recently_entered", Decimal(100)))
    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", Decimal(100), Decimal(100), exclusions=parts)
    >>> asked(item), asked(item, {"disputed"})
    (Decimal('70'), Decimal('100'))
    """
    held = (part.amount for part in item.exclusions if part.code not in TIMING_CODES and part.code not in also)
    return max(item.residual_currency - sum(held, ZERO), ZERO)


def due_parts(facts: AccountFacts) -> list[tuple[OpenItem, Decimal]]:
    """Return [(item, amount)]: what is open, each amount with the item whose date it is due on.

    What a payment plan covers of an item is due on the dates of the plan's installments, which follow the items.
    """
    items = [(item, item.without({PLAN_ACTIVE})) for item in facts.items]
    return [*items, *((item, item.residual_currency) for item in facts.installments)]


def aged_date(item: OpenItem, today: date) -> date:
    """Return the date from which an item ages: what the customer does not owe, or nobody asks for, is never late."""
    return today if item.has(SMALL_DIFFERENCE) or not item.is_debt else item.due_date


def days_late(item: OpenItem, today: date) -> int:
    """Return for how many days an item, or what a payment plan leaves of it, has been overdue; 0: it is not.

    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", Decimal(100), Decimal(100))
    >>> days_late(item, date(2026, 5, 1)), days_late(item, date(2026, 5, 4))
    (0, 3)
    """
    return max((today - aged_date(item, today)).days, 0) if item.without({PLAN_ACTIVE}) else 0


def overdue(facts: AccountFacts, today: date) -> dict[str, Decimal]:
    """Return {currency: overdue amount}, without credits: also what is disputed or not asked for by the policy.

    >>> may, july = (OpenItem(n, date(2026, n, 1), "EUR", Decimal(n * 10), Decimal(n * 10)) for n in (5, 7))
    >>> overdue(AccountFacts(9, items=(may, july)), date(2026, 6, 10))
    {'EUR': Decimal('50')}
    """
    return total_by_currency(
        (item.currency, amount) for item, amount in due_parts(facts) if aged_date(item, today) < today
    )


def late(facts: AccountFacts, today: date) -> list[OpenItem]:
    """Return the items and installments that are overdue and asked for, at least in part."""
    return [
        item for item, amount in due_parts(facts) if amount > 0 and aged_date(item, today) < today and asked(item) > 0
    ]
