"""Thanks for payments: which customers are thanked, and whether the mail says what is still open."""

from datetime import date

from .. import decision as codes
from ..communications.contact_rules import customer_code
from ..facts import AccountFacts

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


def _codes(facts: AccountFacts) -> frozenset[str]:
    return frozenset(exclusion.code for item in facts.items for exclusion in item.exclusions)
