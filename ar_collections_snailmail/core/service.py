"""What the postal service says about a letter, in our states: sent, unknown, to be tried again, or to be printed."""

SENT, UNKNOWN, LATER, PRINT = "sent", "unknown", "later", "print"

#: Our account is the cause: no letter of ours is sent until it is mended.
OF_ACCOUNT = frozenset(("CREDIT_ERROR", "TRIAL_ERROR"))

#: This letter cannot be sent by the service as it is.
OF_LETTER = frozenset(("MISSING_REQUIRED_FIELDS", "NO_PRICE_AVAILABLE", "FORMAT_ERROR", "ATTACHMENT_ERROR"))

#: Parts of an address that the service needs.
NEEDED = ("street", "zip", "city", "country")


def read_answer(state: str, code: str | None) -> str:
    """Return what follows for a letter after the service answered.

    An error that the service does not name may have happened after the letter was taken.

    :param state: that of Odoo's `snailmail.letter`
    :param code: its error code

    >>> [read_answer("error", code) for code in ("CREDIT_ERROR", "FORMAT_ERROR", "UNKNOWN_ERROR", None)]
    ['later', 'print', 'unknown', 'unknown']
    >>> read_answer("sent", None), read_answer("pending", None)
    ('sent', 'unknown')
    """
    if state == "sent":
        return SENT
    if state == "error" and code in OF_ACCOUNT:
        return LATER
    return PRINT if state == "error" and code in OF_LETTER else UNKNOWN


def find_missing(address: dict[str, object]) -> list[str]:
    """Return the parts of an address that are missing, in the order of a letter.

    >>> find_missing({"street": "Main Street 1", "zip": " ", "city": "Springfield", "country": None})
    ['zip', 'country']
    """
    return [part for part in NEEDED if not str(address.get(part) or "").strip()]
