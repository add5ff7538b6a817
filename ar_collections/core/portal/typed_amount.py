"""Amounts as customers type them, in the notation of the page's language, without guessing."""

import re
from decimal import Decimal

#: Besides the separator of the language, people separate thousands by spaces and apostrophes of several kinds.
GROUPING = " \u00a0\u202f'\u2019"

#: Digits before the decimal separator; what is longer is a mistake, not an amount.
LONGEST = 12


def read_amount(text: str, digits: int, decimal_point: str = ".", thousands_sep: str = ",") -> Decimal:
    """Return the amount that was typed.

    What can be read in two ways is refused: three digits after a separator of another language, and more decimals than
    the currency has, as in "1.250" for dollars.

    :param digits: decimals of the currency
    :param decimal_point: decimal separator of the page's language
    :param thousands_sep: thousands separator of the page's language; may be empty
    :raise ValueError: where it is no amount, or can be read in two ways

    >>> read_amount("1,250", 2), read_amount("1,250.50", 2), read_amount("12,50", 2)
    (Decimal('1250'), Decimal('1250.50'), Decimal('12.50'))
    >>> read_amount("1.250", 2, ",", "."), read_amount("1 250,5", 2, ",", "\u202f")
    (Decimal('1250'), Decimal('1250.5'))
    >>> read_amount("1.250", 2)
    Traceback (most recent call last):
    ...
    ValueError: 1.250
    >>> read_amount("100.5", 0)
    Traceback (most recent call last):
    ...
    ValueError: 100.5
    """
    separators = re.escape(GROUPING + (thousands_sep or ""))
    match = re.fullmatch(
        rf"(\d{{1,3}}(?:([{separators}])\d{{3}})(?:\2\d{{3}})*|\d+)(?:([.,{re.escape(decimal_point)}])(\d+))?",
        text.strip(),
    )
    if not match:
        raise ValueError(text)
    whole, grouping, point, fraction = match.groups()
    whole = whole.replace(grouping, "") if grouping else whole
    foreign = point and point != decimal_point and len(fraction) == 3
    if foreign or (point and point == grouping) or len(fraction or "") > digits or len(whole) > LONGEST:
        raise ValueError(text)
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def show_amount(amount: Decimal | float, digits: int, decimal_point: str = ".") -> str:
    """Return an amount as :func:`read_amount` reads it in the same language, to fill a field.

    >>> show_amount(1250.5, 2), show_amount(Decimal("1250.5"), 2, ","), show_amount(1250, 0)
    ('1250.50', '1250,50', '1250')
    """
    return f"{amount:.{digits}f}".replace(".", decimal_point)
