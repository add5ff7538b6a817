"""Thanks for payments: which customers are thanked, and whether the mail says what is still open."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .. import decision as codes
from ..communications.contact_rules import customer_code
from ..customers.owed import overdue
from ..facts import AccountFacts
from ..money import ZERO, total_by_currency

#: A payment older than this is matched so late that thanks for it would surprise.
DAYS_TO_THANK = 30

#: Debts of which the mail does not say what is still open: others claim them.
SILENT = frozenset((codes.INSOLVENT, codes.PLACED))


def receipt_code(facts: AccountFacts, today: date) -> str | None:
    """Return why the customer is not thanked for a payment, ``None``: it is thanked.

    A payment for a settlement is not the whole story: its remainder is credited, and the settlement tells so.

    >>> receipt_code(AccountFacts(9), date(2026, 6, 10)) is None
    True
    >>> receipt_code(AccountFacts(9, excluded=True), date(2026, 6, 10))
    'excluded'
    """
    if (code := customer_code(facts, today)) in (codes.ARCHIVED, codes.EXCLUDED):
        return code
    return codes.SETTLEMENT_OPEN if codes.SETTLEMENT_OPEN in _codes(facts) else None


def tells_open(facts: AccountFacts) -> bool:
    """Return whether the mail says what is still open.

    >>> tells_open(AccountFacts(9))
    True
    """
    return not _codes(facts) & SILENT


def amounts_open(facts: AccountFacts, today: date) -> dict[str, tuple[Decimal, Decimal]]:
    """Return {currency: (what is open, how much of it is overdue)}, where something is open.

    What is overdue is that of the customer page, see :mod:`..customers.owed`. Credits pay it first, so no more is
    overdue than is open. Credits that were paid back pay nothing, and the payment of ours that did so is no debt.

    >>> from ..facts import Credit, OpenItem
    >>> may, july = (OpenItem(n, date(2026, n, 1), "EUR", Decimal(n * 80), Decimal(n * 80)) for n in (5, 7))
    >>> facts = AccountFacts(9, items=(may, july), credits=(Credit(1, "EUR", Decimal(300), Decimal(300)),))
    >>> amounts_open(facts, date(2026, 6, 10))
    {'EUR': (Decimal('660'), Decimal('100'))}
    """
    debts = [item for item in facts.items if item.is_debt]
    total = total_by_currency((item.currency, item.residual_currency) for item in debts)
    late = overdue(facts, today)
    paid = total_by_currency((credit.currency, credit.amount_currency) for credit in facts.usable_credits)
    return {
        name: (amount - paid.get(name, ZERO), max(late.get(name, ZERO) - paid.get(name, ZERO), ZERO))
        for name, amount in sorted(total.items())
        if amount > paid.get(name, ZERO)
    }


def add_up(accounts: Iterable[dict[str, tuple[Decimal, Decimal]]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return what :func:`amounts_open` says of several accounts together: each uses its own credits only.

    >>> add_up([{"EUR": (Decimal(5), Decimal(1))}, {"EUR": (Decimal(7), Decimal(0)), "USD": (Decimal(2), Decimal(2))}])
    {'EUR': (Decimal('12'), Decimal('1')), 'USD': (Decimal('2'), Decimal('2'))}
    """
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for account in accounts:
        for name, (total, late) in account.items():
            before = totals.get(name, (ZERO, ZERO))
            totals[name] = before[0] + total, before[1] + late
    return dict(sorted(totals.items()))


def _codes(facts: AccountFacts) -> frozenset[str]:
    return frozenset(exclusion.code for item in facts.items for exclusion in item.exclusions)
