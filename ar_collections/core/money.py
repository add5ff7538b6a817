"""Arithmetic of amounts: ``Decimal``, never floats, and never two currencies in one sum."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def total_by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return {currency: total}, in the order in which the currencies first appear.

    >>> total_by_currency([("EUR", Decimal("10.50")), ("USD", Decimal("3")), ("EUR", Decimal("0.50"))])
    {'EUR': Decimal('11.00'), 'USD': Decimal('3')}
    """
    totals: dict[str, Decimal] = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, ZERO) + amount
    return totals


def proportion(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return the share of ``amount`` that ``part`` is of ``whole``, unrounded; zero when there is no whole.

    Converts a part of an item from its own currency into company currency at the item's booked rate:
    an item of 110.00 USD is booked at 100.00 EUR; 55.00 USD of it are disputed.

    >>> proportion(Decimal("100.00"), Decimal("55.00"), Decimal("110.00"))
    Decimal('50.00')
    >>> proportion(Decimal("100.00"), Decimal("0"), Decimal("0"))
    Decimal('0')
    """
    if not whole:
        return ZERO
    return amount if part == whole else amount * part / whole


def round_half_up(amount: Decimal, unit: Decimal = Decimal("0.01")) -> Decimal:
    """Return the amount rounded half up to the smallest unit of a currency, which may be 1 or 0.05.

    >>> round_half_up(Decimal("0.125")), round_half_up(Decimal("1234.5"), Decimal("1.0"))
    (Decimal('0.13'), Decimal('1235.0'))
    >>> round_half_up(Decimal("100.03"), Decimal("0.05"))
    Decimal('100.05')
    """
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return ``part`` in percent of ``whole``; zero when there is no whole.

    >>> percentage(Decimal(100), Decimal(1000))
    Decimal('10.0')
    >>> round(percentage(Decimal(100), Decimal(1100)), 2)
    Decimal('9.09')
    """
    return part / whole * 100 if whole else ZERO


def to_decimal(amount: float) -> Decimal:
    """Return a float of the ORM as the decimal number that the database stores.

    >>> to_decimal(0.1)
    Decimal('0.1')
    """
    return Decimal(str(amount))
