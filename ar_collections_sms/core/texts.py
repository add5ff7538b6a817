"""The text of a message: named placeholders that are filled in, and nothing else."""

import re

#: What a text may name.
PLACEHOLDERS = ("name", "company", "amount", "deadline", "link")

_FIELD = re.compile(r"\{([^{}]*)\}")


def find_unknown(text: str) -> list[str]:
    """Return what stands in braces, or is a brace, without being a placeholder; in the order of the text.

    >>> find_unknown("Dear {name}, {amount} until {date}: {link")
    ['{date}', '{']
    >>> find_unknown("{company}: {amount}")
    []
    """
    wrong = [match[0] for match in _FIELD.finditer(text) if match[1] not in PLACEHOLDERS]
    return wrong + re.findall(r"[{}]", _FIELD.sub("", text))


def fill(text: str, values: dict[str, str]) -> str:
    """Return a text with its placeholders replaced; what a value contains is not looked at again.

    >>> fill("{company}: please pay {amount}.", {"company": "{link} Ltd.", "amount": "5 EUR", "link": "x"})
    '{link} Ltd.: please pay 5 EUR.'
    """
    return _FIELD.sub(lambda match: values.get(match[1], match[0]), text).strip()
