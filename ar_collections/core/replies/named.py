"""Telling which invoices a text names."""

import re

from .days import NUMERIC

#: Numbers without a letter and with fewer digits are too often a year, an amount or a house number.
LEAST_DIGITS = 6

SHORTEST = 4


def is_named(number: str, text: str) -> bool:
    """Return whether a number or reference of an invoice is in a text, as a whole and not as a part of a date.

    >>> is_named("INV/2026/0005", "About inv/2026/0005."), is_named("INV/2026/0005", "About INV/2026/00051.")
    (True, False)
    >>> is_named("2026", "Due on 12 June 2026"), is_named("12.06.2026", "Due on 12.06.2026")
    (False, False)
    >>> is_named("480011", "Order 480011"), is_named("PO-77", "PO-77-2"), is_named("PO-77", "for PO-77")
    (True, False, True)
    """
    number = number.strip().casefold()
    has_letter = any(letter.isalpha() for letter in number)
    if len(number) < SHORTEST or not has_letter and sum(letter.isdigit() for letter in number) < LEAST_DIGITS:
        return False
    text = text.casefold()
    dates = [found.span() for found in NUMERIC.finditer(text)]
    return any(
        not any(start <= found.start() and found.end() <= end for start, end in dates)
        for found in re.finditer(rf"(?<!\w)(?<!\w/){re.escape(number)}(?!\w)(?![/-]\w)", text)
    )
