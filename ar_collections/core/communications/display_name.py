"""The names beside addresses in the headers of emails."""

#: With one of these, a name is one name in quotes only.
SPECIAL = frozenset('()<>@,;:\\".[]')

#: Longer names in quotes do not fit on a line of a header; Python folds them without their quotes.
LONGEST = 70


def shorten_name(name: str) -> str:
    """Return a name as the headers of an email can hold it: one that needs quotes is cut where it is too long.

    Other names are folded, or encoded, as they are.

    >>> shorten_name("Acme, " + "long " * 20)
    'Acme, long long long long long long long long long long long long l...'
    >>> shorten_name("Acme, Inc."), shorten_name("Émile, " + "a" * 70) == "Émile, " + "a" * 70
    ('Acme, Inc.', True)
    """
    if len(name) <= LONGEST or not name.isascii() or not SPECIAL & set(name):
        return name
    return name[: LONGEST - 3].rstrip() + "..."
