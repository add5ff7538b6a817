"""How many parts a text message has: what the gateway charges for."""

#: The basic characters of GSM 03.38, each of seven bits, and those that take two.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("\f^{}\\[~]|€")

#: Characters that look the same as one of the basic alphabet: one of them would more than double the parts.
PLAIN = str.maketrans(
    {
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\u00ad": "", "\u200e": "",
        "\u200f": "", "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2026": "...", "\t": " ",
    }
)  # fmt: skip

#: Units of one message alone, and of each part of a longer one, which holds a header.
GSM_SINGLE, GSM_PART = 160, 153
WIDE_SINGLE, WIDE_PART = 70, 67


def simplify(text: str) -> str:
    """Return a text in which characters that look like one of the seven-bit alphabet are that one.

    >>> simplify("1\u202f250,00\u00a0€ – l’échéance…")
    "1 250,00 € - l'échéance..."
    """
    return text.translate(PLAIN)


def count_parts(text: str) -> int:
    """Return the number of parts of a text message; 0 for an empty one.

    Within the seven-bit alphabet 160 characters fit into one message and 153 into each part of a longer one, where a
    character of the extension counts twice and is not split. Any other character makes it 70 and 67 units of UTF-16,
    of which a character outside of the basic plane takes two, and is not split either.

    >>> [count_parts("a" * number) for number in (0, 1, 160, 161, 306, 307)]
    [0, 1, 1, 2, 2, 3]
    >>> [count_parts("я" * number) for number in (70, 71, 134, 135)]
    [1, 2, 2, 3]
    >>> count_parts("€" * 80), count_parts("€" * 81), count_parts("😀" * 35), count_parts("😀" * 36)
    (1, 2, 1, 2)

    A character that takes two units is moved to the next part as a whole:

    >>> count_parts("a" * 152 + "€" + "a" * 151), count_parts("a" * 152 + "€" + "a" * 152)
    (2, 3)
    """
    if all(char in GSM_BASIC or char in GSM_DOUBLE for char in text):
        return _count([2 if char in GSM_DOUBLE else 1 for char in text], GSM_SINGLE, GSM_PART)
    return _count([2 if ord(char) > 0xFFFF else 1 for char in text], WIDE_SINGLE, WIDE_PART)


def _count(units, single, part):
    """Return the parts of characters with these units."""
    if sum(units) <= single:
        return int(bool(units))
    parts, used = 1, 0
    for size in units:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts
