"""Which numbers a reference names: compared as whole parts, so that "10" is never found within "2010"."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

#: The fewest characters of a number that is recognized; shorter ones occur by chance.
MIN_LENGTH = 4

#: The fewest digits of a number without letters: below, it may be an amount, a year or a date.
MIN_DIGITS = 5

#: The fewest digits of a structured payment reference.
STRUCTURED_LENGTH = 12

#: The number of parts of a text that are joined in search of a number written with spaces or punctuation.
MAX_PARTS = 10

#: The number of parts of a text that are looked at.
MAX_TEXT_PARTS = 80


def parts_of(text: str) -> tuple[str, ...]:
    """Return the runs of letters and digits of a text, in capitals.

    >>> parts_of("Invoice inv/2026/00012, thanks")
    ('INVOICE', 'INV', '2026', '00012', 'THANKS')
    """
    return tuple(part for part in re.split(r"[\W_]+", text.upper()) if part)[:MAX_TEXT_PARTS]


def is_recognizable(number: str) -> bool:
    """Return whether a number has digits and is long enough not to occur in a text by chance.

    >>> [is_recognizable(number) for number in ("INV/2026/00012", "F123", "10", "2026", "12026", "June", "")]
    [True, True, False, False, True, False, False]
    """
    joined = "".join(parts_of(number))
    return any(sign.isdigit() for sign in joined) and len(joined) >= (MIN_DIGITS if joined.isdigit() else MIN_LENGTH)


def _lenient(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts without leading zeros of those that are digits."""
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


@dataclass(frozen=True, slots=True)
class NumberIndex:
    """Numbers by what is looked up in a text: ``joined`` without divisions, ``split`` in parts without leading zeros.

    :param joined: {joined text: {parts of the number: keys}}
    :param split: {parts without leading zeros: keys}
    """

    joined: dict[str, dict[tuple[str, ...], set]]
    split: dict[tuple[str, ...], set]


def index_numbers(numbers: Mapping[Hashable, Iterable[str]]) -> NumberIndex:
    """Return the index of numbers: made once, many texts are looked up in it.

    :param numbers: {key: the numbers of it}
    """
    index = NumberIndex({}, {})
    for key, candidates in numbers.items():
        for number in candidates:
            if number and is_recognizable(number):
                own = parts_of(number)
                joined = "".join(own)
                index.joined.setdefault(joined, {}).setdefault(own, set()).add(key)
                if len(own) > 1 and not joined.isdigit():
                    index.split.setdefault(_lenient(own), set()).add(key)
    return index


def find_named(text: str, numbers: NumberIndex | Mapping[Hashable, Iterable[str]]) -> frozenset:
    """Return the keys of those numbers that the text names in full.

    Case, spaces and punctuation do not matter; leading zeros do not where the number has letters: without, it could be
    a date. A number within a longer one that the text names, too, is not meant, and one that belongs to several keys
    names none of them.

    :param numbers: {key: the numbers of it}, or their index

    >>> numbers = {1: ["INV/2026/00012"], 2: ["INV/2026/00120", "RF18 5390 0754 7034"], 3: ["10"], 4: ["INV/2026/13"]}
    >>> sorted(find_named("payment inv 2026-12 + INV202600120", numbers))
    [1, 2]
    >>> sorted(find_named("RF185390 07547034, year 2010", numbers))
    [2]
    >>> find_named("INV/2026/000121", numbers)
    frozenset()
    >>> find_named("RF18 1111", {1: ["RF181111"], 2: ["RF181111"]})
    frozenset()
    """
    index = numbers if isinstance(numbers, NumberIndex) else index_numbers(numbers)
    parts = parts_of(text)
    lenient = _lenient(parts)
    hits: dict[tuple[int, int], set] = {}
    for start, end in _spans(len(parts)):
        keys = set(index.split.get(lenient[start:end], ()))
        for own, owners in index.joined.get("".join(parts[start:end]), {}).items():
            if _fits(own, parts[start:end]):
                keys |= owners
        if keys:
            hits[start, end] = keys
    outer = [span for span in hits if not any(_is_within(span, other) for other in hits)]
    return frozenset(next(iter(hits[span])) for span in outer if len(hits[span]) == 1)


def _fits(own: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Return whether joined parts that equal a number are it: all of its divisions within digits are kept, or none.

    A number with many digits is a structured reference, which people divide in any way.
    """
    if len(parts) == 1 or sum(sign.isdigit() for sign in "".join(own)) >= STRUCTURED_LENGTH:
        return True
    return _digit_divisions(own) <= _divisions(parts)


def _divisions(parts: tuple[str, ...]) -> set[int]:
    """Return the positions in the joined text at which the parts are divided."""
    return set(accumulate(map(len, parts[:-1])))


def _digit_divisions(parts: tuple[str, ...]) -> set[int]:
    """Return the positions at which two digits are divided."""
    joined = "".join(parts)
    return {place for place in _divisions(parts) if joined[place - 1].isdigit() and joined[place].isdigit()}


def _spans(length: int) -> Iterable[tuple[int, int]]:
    """Yield the (start, end) of each sequence of parts that may be a number."""
    return ((start, end) for start in range(length) for end in range(start + 1, min(start + MAX_PARTS, length) + 1))


def _is_within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether the span is a part of another one."""
    return span != other and other[0] <= span[0] and span[1] <= other[1]
