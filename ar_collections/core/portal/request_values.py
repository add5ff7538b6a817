"""What a request to the customer page may contain: texts and numbers that the database can hold, nothing else."""

from collections.abc import Mapping
from datetime import date, datetime

#: Longer texts are cut; each form has limits of its own below this.
LENGTH_MAX = 10_000

#: A token is much shorter.
TOKEN_LENGTH_MAX = 500

#: The largest id of the database.
ID_MAX = 2**31 - 1

#: Control characters that people do not type, such as NUL, which no database text can hold; line breaks are kept.
CONTROLS = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")


def read_id(text: object) -> int | None:
    """Return the id that a text stands for, or None where it cannot be one.

    >>> read_id("17"), read_id(17), read_id("-1"), read_id("99999999999"), read_id("abc"), read_id(None), read_id(True)
    (17, 17, None, None, None, None, None)
    """
    if isinstance(text, str):
        text = int(text) if text.isdecimal() and len(text) < 12 else None
    is_number = isinstance(text, int) and not isinstance(text, bool)
    return text if is_number and 0 < text <= ID_MAX else None


def read_day(text: object) -> date | None:
    """Return the day that a date field of a form stands for, or None where it cannot be one.

    >>> read_day("2026-03-31"), read_day(" 2026-03-31T10:00"), read_day("31.3.2026"), read_day(None)
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), None, None)
    """
    try:
        return datetime.strptime(text.strip()[:10], "%Y-%m-%d").date() if isinstance(text, str) else None  # noqa: DTZ007
    except ValueError:
        return None


def clean_text(text: str) -> str:
    """Return a text without what no database text can hold, cut to `LENGTH_MAX`.

    >>> clean_text("a\\x00b\\ud800c\\n"), len(clean_text("x" * 20_000))
    ('abc\\n', 10000)
    """
    return strip_controls(text[:LENGTH_MAX])


def strip_controls(text: str) -> str:
    """Return a text of any length without what no database text can hold."""
    return text.encode("utf-8", "ignore").decode().translate(CONTROLS)


def clean_token(token: object) -> str:
    """Return a token as it can be compared: an empty text for anything that cannot be one.

    >>> clean_token("3f-a"), clean_token("é"), clean_token(["3f"]), clean_token("x" * 501)
    ('3f-a', '', '', '')
    """
    is_token = isinstance(token, str) and token.isascii() and len(token) <= TOKEN_LENGTH_MAX
    return clean_text(token) if is_token else ""


def clean_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a request: texts cleaned, numbers that cannot be an id 0, lists and objects left out.

    >>> clean_values({"customer_id": 2**40, "note": "a\\x00", "item": ["x"], "access_token": {}, "amount": 1.5})
    {'customer_id': 0, 'note': 'a', 'access_token': '', 'amount': 1.5}
    """
    cleaned = {}
    for name, value in values.items():
        if name == "access_token":
            cleaned[name] = clean_token(value)
        elif isinstance(value, str):
            cleaned[name] = clean_text(value)
        elif value is None or isinstance(value, (bool, float)):
            cleaned[name] = value
        elif isinstance(value, int):
            cleaned[name] = value if abs(value) <= ID_MAX else 0
    return cleaned
