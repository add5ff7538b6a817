"""Short texts that tell one version of something from another."""

import hashlib


def fingerprint(*parts: object, digits: int = 16) -> str:
    """Return the first hexadecimal digits of the SHA-256 of the parts; another part, or another order, gives another.

    Where it is stored, its number of digits stays: it is compared with those of earlier versions.

    :param parts: values whose text tells them apart; amounts in one form, as 5 and 5.00 are different texts

    >>> fingerprint("Pay.", 7) == fingerprint("Pay.", "7"), fingerprint("a", "b") == fingerprint("ab")
    (True, False)
    >>> fingerprint("Pay.", digits=12)
    '7086b69b0111'
    """
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:digits]
