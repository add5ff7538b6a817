"""Telling senders whose domain only looks like a known one."""

import unicodedata
from collections.abc import Iterable

#: The same domain with one letter off, or two letters swapped.
ONE_OFF = "one_off"

#: Letters that look alike, as "rn" for "m", or from another alphabet.
SAME_LOOK = "same_look"

#: The same name under another top-level domain.
OTHER_ENDING = "other_ending"

#: A known name with something added, as "customer-billing.example" or "customer.com.other.example".
ADDED = "added"

#: Letters of other alphabets, and digits, by the Latin letter that they look like.
LOOKS = {
    ord(letter): look
    for look, letters in {
        "a": "аαɑ", "b": "ьβ", "c": "сϲ", "d": "ԁ", "e": "еє3", "g": "ɡ9", "h": "һ", "i": "іıι", "j": "ј", "k": "кκ",
        "l": "ӏ1|", "m": "м", "n": "п", "o": "оοσ0", "p": "рρ", "q": "ԛ", "s": "ѕ5", "t": "тτ", "u": "υ", "v": "ν",
        "w": "ԝω", "x": "хχ", "y": "уγ",
    }.items()
    for letter in letters
}  # fmt: skip

PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))

#: Names of fewer letters are too often one letter from each other.
SHORTEST = 5

#: Names of fewer letters are too often the beginning or the end of an ordinary word.
SHORTEST_JOINED = 6

#: Parts of a domain before its ending that belong to the ending, as in "co.uk".
SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "gob", "or", "ne"))


#: Providers of mail addresses for everybody: the same name under another ending is somebody else's as a rule.
SHARED = frozenset(
    f"{name}.{ending}"
    for name, endings in {
        "gmail": "com", "googlemail": "com", "hotmail": "com fr de es it be co.uk", "aol": "com de fr",
        "outlook": "com fr de es it be", "live": "com fr de nl be it co.uk", "msn": "com", "icloud": "com",
        "me": "com", "mac": "com", "yahoo": "com fr de es it co.uk", "ymail": "com", "gmx": "com de net at ch fr",
        "web": "de", "t-online": "de", "freenet": "de", "mail": "com de ru", "proton": "me", "protonmail": "com ch",
        "orange": "fr es", "wanadoo": "fr es", "free": "fr", "laposte": "net", "sfr": "fr", "libero": "it",
        "virgilio": "it", "tiscali": "it", "alice": "it", "bluewin": "ch", "telenet": "be", "skynet": "be",
    }.items()
    for ending in endings.split()
)  # fmt: skip


def compare(domain: str, known: Iterable[str], shared: Iterable[str] = SHARED) -> tuple[str, str] | None:
    """Return (how, which) known domain a sender's domain looks like; None where it is known itself, or like none.

    :param domain: the part of an e-mail address after "@", also in its ASCII form ("xn--…")
    :param known: domains of the customer and of ourselves
    :param shared: domains of mail providers, where everybody may have an address: they are like none

    >>> compare("meadow.example", ["meadow.example"])
    >>> compare("rneadow.example", ["meadow.example"])
    ('same_look', 'meadow.example')
    >>> compare("meadwo.example", ["meadow.example"]), compare("meadow.test", ["meadow.example"])
    (('one_off', 'meadow.example'), ('other_ending', 'meadow.example'))
    >>> compare("mail.meadow.example", ["meadow.example"]), compare("other.example", ["meadow.example"])
    (None, None)
    """
    own = _decode(domain)
    others = {_decode(each): each for each in known if each}
    shared = frozenset(shared)
    if not own or own in shared or any(own == other or own.endswith(f".{other}") for other in others):
        return None
    for other, written in others.items():
        if other not in shared and (how := _look(own, other)):
            return how, written
    return None


def _look(own: str, other: str) -> str | None:
    """Return how one domain looks like another one, which it is not."""
    own_name, own_ending = _split(own)
    name, ending = _split(other)
    if own_name == name:
        return OTHER_ENDING if own_ending != ending else None  # another host of the same domain
    if _skeleton(own_name) == _skeleton(name):
        return SAME_LOOK
    if min(len(own_name), len(name)) >= SHORTEST and is_one_off(own_name, name):
        return ONE_OFF
    return ADDED if _is_added(own, own_name, name) else None


def _is_added(own: str, own_name: str, name: str) -> bool:
    """Return whether a domain is a known name with something around it: in its own name, or in that of a host.

    >>> _is_added("meadow.com.other.example", "other", "meadow"), _is_added("meadowpay.example", "meadowpay", "meadow")
    (True, True)
    >>> _is_added("tradewind.example", "tradewind", "trade"), _is_added("trade-pay.example", "trade-pay", "trade")
    (False, True)
    """
    if len(name) < SHORTEST:
        return False
    if name in own.split(".") or f"-{name}-" in f"-{own_name}-":
        return True
    look, own_look = _skeleton(name), _skeleton(own_name)
    return len(look) >= SHORTEST_JOINED and (own_look.startswith(look) or own_look.endswith(look))


def _decode(domain: str) -> str:
    """Return a domain in small letters, those of other alphabets included."""
    domain = (domain or "").strip().strip(".").lower()
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return unicodedata.normalize("NFKC", domain)


def _split(domain: str) -> tuple[str, str]:
    """Return the name of a domain and its ending.

    >>> _split("mail.meadow.co.uk"), _split("meadow.example")
    (('meadow', 'co.uk'), ('meadow', 'example'))
    """
    parts = domain.split(".")
    size = 2 if len(parts) > 2 and parts[-2] in SECOND_LEVEL else 1
    return (parts[-size - 1] if len(parts) > size else ""), ".".join(parts[-size:])


def _skeleton(name: str) -> str:
    """Return what a name looks like.

    >>> _skeleton("pаypa1") == _skeleton("paypal")      # the second letter is Cyrillic
    True
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).translate(LOOKS)
    for pair, look in PAIRS:
        folded = folded.replace(pair, look)
    return folded.replace("-", "")


def is_one_off(first: str, second: str) -> bool:
    """Return whether two names differ by one letter that is other, missing or added, or by two that are swapped.

    >>> is_one_off("meadow", "meadows"), is_one_off("meadow", "maedow"), is_one_off("meadow", "meadoxx")
    (True, True, False)
    """
    if len(first) > len(second):
        first, second = second, first
    if first == second or len(second) - len(first) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    if len(first) < len(second):
        return first[start:] == second[start + 1 :]
    swapped = first[start : start + 2] == second[start : start + 2][::-1] and first[start + 2 :] == second[start + 2 :]
    return swapped or first[start + 1 :] == second[start + 1 :]
