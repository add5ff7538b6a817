"""Telephone numbers: whether one can take text messages, and in which time zones it may be.

The package `phonenumbers`, which Odoo checks numbers with where it is installed, knows mobile numbers. Without it only
numbers in international form are used, whatever they are.
"""

import re
from functools import lru_cache

try:
    import phonenumbers
except ImportError:
    phonenumbers = None

_E164 = re.compile(r"\+[1-9]\d{7,14}")

_SEPARATORS = re.compile(r"[\s./()\-\u00a0\u202f]")


def clean(number):
    """Return a number in international form, ``""`` for one that is not.

    >>> clean("+33 6 12-34.56 78"), clean("0033612345678"), clean("06 12 34 56 78"), clean(None)
    ('+33612345678', '+33612345678', '', '')
    """
    digits = _SEPARATORS.sub("", number or "")
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    return digits if _E164.fullmatch(digits) else ""


@lru_cache(maxsize=10_000)
def takes_sms(number):
    """Return whether a number in international form can take text messages; a landline cannot.

    In countries where a number does not show it, as in North America, it may.
    """
    if phonenumbers is None:
        return True
    kinds = phonenumbers.PhoneNumberType
    mobile = (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.PERSONAL_NUMBER, kinds.PAGER)
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in mobile
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=10_000)
def get_region(number):
    """Return the ISO code of the country of a number in international form; ``""`` where it is not known."""
    if phonenumbers is None:
        return ""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""
