"""Credit limits: none, cash only, or an amount; for good, or until a day. Amounts are in company currency.

Odoo's own limit is one number, in which 0 means "no limit". Here the three are told apart: no limit at all, a limit of
zero (nothing is delivered on credit), and an amount.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..money import ZERO, percentage
from ..refusal import Refused

NO_LIMIT, CASH_ONLY, AMOUNT = "none", "zero", "amount"

# --- Why an entry is refused; the texts are in ``messages/`` ---
UNKNOWN_KIND = "unknown_kind"

NOT_A_NUMBER = "not_a_number"

NEGATIVE = "negative"

#: An amount of zero: a person must say whether that is no limit, or cash only.
ZERO_AMOUNT = "zero_amount"

#: An amount was typed, but the kind of limit has none.
UNUSED_AMOUNT = "unused_amount"

#: Nothing that is temporary may be without a last day.
NO_END = "no_end"

#: The last day has passed already.
ENDED = "ended"

NO_REASON = "no_reason"


class CreditRefused(Refused):
    """What a person entered about a customer's credit is refused: ``code`` is one of the module that raises it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A credit limit.

    :param kind: ``NO_LIMIT``, ``CASH_ONLY`` or ``AMOUNT``
    :param amount: only of the kind ``AMOUNT``

    >>> Limit(AMOUNT, Decimal(15000)).ceiling, Limit(CASH_ONLY).ceiling, Limit().ceiling
    (Decimal('15000'), Decimal('0'), None)
    """

    kind: str = NO_LIMIT
    amount: Decimal = ZERO

    @property
    def ceiling(self) -> Decimal | None:
        """The highest exposure that is within the limit; ``None``: any."""
        if self.kind == NO_LIMIT:
            return None
        return self.amount if self.kind == AMOUNT else ZERO


@dataclass(frozen=True, slots=True)
class LimitTerms:
    """A customer's limit, and another one that replaces it for a time.

    :param until: the last day on which ``temporary`` applies
    :param valid_until: the last day on which the limit itself was decided for; it still applies afterwards, but the
        rule ``LIMIT_EXPIRED`` of :mod:`.status` reports it
    """

    limit: Limit = Limit()
    temporary: Limit | None = None
    until: date | None = None
    valid_until: date | None = None

    def on(self, day: date) -> Limit:
        """Return the limit that applies on a day.

        >>> terms = LimitTerms(Limit(AMOUNT, Decimal(100)), Limit(AMOUNT, Decimal(250)), until=date(2026, 6, 30))
        >>> str(terms.on(date(2026, 6, 30)).amount), str(terms.on(date(2026, 7, 1)).amount)
        ('250', '100')
        """
        return self.temporary if self._is_temporary(day) else self.limit

    def end(self, day: date) -> date | None:
        """Return the last day for which the limit that applies was decided; a temporary one ends by itself."""
        return None if self._is_temporary(day) else self.valid_until

    def _is_temporary(self, day: date) -> bool:
        """Return whether the temporary limit applies on a day; one without a last day never does."""
        return self.temporary is not None and self.until is not None and day <= self.until


def check_limit(limit: Limit) -> None:
    """Refuse a limit that nobody can mean.

    :raise CreditRefused: with one of this module's codes

    >>> def refusal(kind, amount="0"):
    ...     try:
    ...         check_limit(Limit(kind, Decimal(amount)))
    ...     except CreditRefused as refused:
    ...         return refused.code
    >>> refusal(AMOUNT, "15000"), refusal(CASH_ONLY), refusal(NO_LIMIT)
    (None, None, None)
    >>> refusal(AMOUNT, "-1"), refusal(AMOUNT, "NaN"), refusal(AMOUNT, "Infinity"), refusal(AMOUNT, "0")
    ('negative', 'not_a_number', 'not_a_number', 'zero_amount')
    >>> refusal(CASH_ONLY, "500"), refusal("maximum", "500")
    ('unused_amount', 'unknown_kind')
    """
    if limit.kind not in (NO_LIMIT, CASH_ONLY, AMOUNT):
        raise CreditRefused(UNKNOWN_KIND)
    if not limit.amount.is_finite():
        raise CreditRefused(NOT_A_NUMBER)
    if limit.amount < 0:
        raise CreditRefused(NEGATIVE)
    if limit.kind == AMOUNT and not limit.amount:
        raise CreditRefused(ZERO_AMOUNT)
    if limit.kind != AMOUNT and limit.amount:
        raise CreditRefused(UNUSED_AMOUNT)


def check_end(until: date | None, today: date) -> None:
    """Refuse something temporary without a last day, or with one that has passed.

    :raise CreditRefused: ``NO_END`` or ``ENDED``
    """
    if until is None:
        raise CreditRefused(NO_END)
    if until < today:
        raise CreditRefused(ENDED)


def check_reason(reason: str) -> None:
    """Refuse an exception without a reason in words.

    :raise CreditRefused: ``NO_REASON``
    """
    if not reason.strip():
        raise CreditRefused(NO_REASON)


def room_left(limit: Limit, exposure: Decimal, others: Decimal = ZERO) -> Decimal | None:
    """Return by how much the exposure may still rise; negative where it is over the limit, ``None`` without a limit.

    :param exposure: of the customer; negative where it paid in advance, which leaves more room
    :param others: for the limit of a group: the exposure of its other members, see :func:`.exposure.group_exposure`

    >>> room_left(Limit(AMOUNT, Decimal(15000)), Decimal(14000)), room_left(Limit(CASH_ONLY), Decimal(-300))
    (Decimal('1000'), Decimal('300'))
    >>> room_left(Limit(AMOUNT, Decimal(15000)), Decimal(4000), others=Decimal(12000))
    Decimal('-1000')
    """
    return None if limit.ceiling is None else limit.ceiling - others - exposure


def excess(limit: Limit, exposure: Decimal, others: Decimal = ZERO) -> Decimal:
    """Return by how much the limit is exceeded; zero up to and at the limit, and without one.

    What one member of a group paid in advance does not pay what another one owes.

    >>> limit = Limit(AMOUNT, Decimal(15000))
    >>> [str(excess(limit, Decimal(exposure))) for exposure in ("15000", "15000.01")]
    ['0', '0.01']
    >>> str(excess(limit, Decimal(-500), others=Decimal(15200)))
    '200'
    """
    if limit.ceiling is None:
        return ZERO
    return max(others + max(exposure, ZERO) - limit.ceiling, ZERO)


def utilization(limit: Limit, exposure: Decimal) -> Decimal | None:
    """Return how much of the limit is used, in percent; ``None`` where there is no amount to compare with.

    >>> utilization(Limit(AMOUNT, Decimal(20000)), Decimal(15000)), utilization(Limit(CASH_ONLY), Decimal(1))
    (Decimal('75.00'), None)
    """
    return percentage(max(exposure, ZERO), limit.amount) if limit.kind == AMOUNT else None
