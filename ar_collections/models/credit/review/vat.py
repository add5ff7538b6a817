"""VAT numbers by the rules that python-stdnum knows; nothing is asked on the net."""

from functools import lru_cache

import stdnum.eu.vat
from stdnum.util import get_cc_module

#: Prefixes of VAT numbers that are not the code of the country.
PREFIXES = {"EL": "GR", "XI": "GB"}

#: Other numbers of a country that Odoo takes for its VAT number, too.
OTHER_FORMS = ("tin", "businessid", "orgnr", "stnr", "idnr", "cpf", "cedula", "pan", "utr")


def has_vat(country):
    """Return whether a country has VAT numbers, by the code of the country.

    >>> has_vat("BE"), has_vat("US"), has_vat("")
    (True, False, False)
    """
    return bool(country) and _get_module(country, "vat") is not None


@lru_cache(maxsize=10_000)
def is_valid(number, country):
    """Return whether a number is well-formed; ``None`` where no rule is known for the country.

    The prefix decides; a number without one is that of the country. Whatever form Odoo accepts is right.

    >>> is_valid("BE 0477.472.701", "BE"), is_valid("BE0477472702", "BE"), is_valid("BEBE0477472701", "BE")
    (True, False, False)
    >>> is_valid("DE123456788", "FR"), is_valid("EU372012345", "US"), is_valid("12-3456789", "US")
    (True, True, None)
    """
    compact = "".join(sign for sign in number.upper() if sign.isalnum())
    prefix = compact[:2] if compact[:2].isalpha() else ""
    if prefix == "EU" and compact[2:].isdigit():
        return True  # of a company from elsewhere that sells to consumers in the European Union
    if prefix and prefix.lower() in stdnum.eu.vat.MEMBER_STATES and stdnum.eu.vat.is_valid(compact):
        return True
    codes = {country, PREFIXES.get(prefix, prefix)} - {""}
    is_doubled = prefix and compact[2:4] == prefix
    modules = [module for code in codes for module in _get_modules(code)]
    if not modules:
        return None
    written = (number, compact, compact[2:] if prefix in (country, *PREFIXES) else compact)
    return not is_doubled and any(module.is_valid(form) for module in modules for form in written)


def _get_modules(country):
    """Return the rules for the numbers of a country; none where it has no VAT numbers."""
    if not has_vat(country):
        return ()
    return tuple(filter(None, (_get_module(country, form) for form in ("vat", *OTHER_FORMS))))


def _get_module(country, form):
    try:
        return get_cc_module(country.lower(), form)
    except Exception:  # names of modules are made of the code: whatever is no country has none
        return None
