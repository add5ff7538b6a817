"""What a customer typed into the form of automatic payments: read as options, or refused with a code."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from ..money import ZERO
from ..refusal import Refused
from . import options as rules
from .options import AutopayOptions

# --- Why an entry cannot be read, besides the codes of `options` ---
BAD_AMOUNT = "bad_amount"

NO_KIND = "no_kind"

#: What people write after the number of a day: "15.", "15th".
_DAY = re.compile(r"\s*(\d{1,3})\s*(?:\.|st|nd|rd|th)?\s*", re.IGNORECASE | re.ASCII)


class OptionsRefused(Refused):
    """What was entered cannot be used; the code says why."""


def read_options(
    values: Mapping[str, object],
    journals: Iterable[object],
    offered: Iterable[int],
    read_amount: Callable[[str], Decimal | None],
) -> AutopayOptions:
    """Return the options of a form, with zero for what does not apply.

    :param values: of the form: charge_on, days_before, month_day, maximum_charge, maximum_month
    :param journals: ids that were ticked, as texts
    :param offered: ids of all kinds of invoices; all of them are stored as none, which also takes later ones
    :param read_amount: reads an amount as typed: None for an empty text, a `ValueError` for what is no amount
    :raise OptionsRefused: with a code of this module or of `options`

    >>> def read(text): return Decimal(text) if text else None
    >>> read_options({"charge_on": "month_day", "month_day": "31."}, ["7"], [7, 8], read)
    ... # doctest: +NORMALIZE_WHITESPACE
    AutopayOptions(charge_on='month_day', days_before=0, month_day=31, maximum_charge=Decimal('0'),
                   maximum_month=Decimal('0'), journal_ids=frozenset({7}))
    """
    charge_on, offered = str(values.get("charge_on")), frozenset(offered)
    options = AutopayOptions(
        charge_on,
        _read_number(values.get("days_before")) if charge_on == rules.DAYS_BEFORE else 0,
        _read_number(values.get("month_day")) if charge_on == rules.MONTH_DAY else 0,
        _read_maximum(values.get("maximum_charge"), read_amount),
        _read_maximum(values.get("maximum_month"), read_amount),
        _read_journals(journals, offered),
    )
    if code := rules.check_options(options, offered):
        raise OptionsRefused(code)
    return options


def _read_number(text: object) -> int:
    """Return the number of days or of a day; 0, which is neither, for anything else."""
    match = _DAY.fullmatch(text) if isinstance(text, str) else None
    return int(match[1]) if match else 0


def _read_maximum(text: object, read_amount: Callable[[str], Decimal | None]) -> Decimal:
    """Return an amount, 0 where none was entered: no maximum.

    :raise OptionsRefused: for what is no amount above zero; a typed 0 could mean "nothing" as well as "no maximum"
    """
    try:
        amount = read_amount(text) if isinstance(text, str) else None
    except ValueError as error:
        raise OptionsRefused(BAD_AMOUNT) from error
    if amount is None:
        return ZERO
    if amount <= 0:
        raise OptionsRefused(BAD_AMOUNT)
    return amount


def _read_journals(ticked: Iterable[object], offered: frozenset[int]) -> frozenset[int]:
    """Return the ids of the journals that were chosen; empty for all of them.

    :raise OptionsRefused: where there are several, and none of them was ticked
    """
    if len(offered) < 2:
        return frozenset()
    texts = {str(number): number for number in offered}
    chosen = frozenset(texts[text] for text in ticked if text in texts)
    if not chosen:
        raise OptionsRefused(NO_KIND)
    return frozenset() if chosen == offered else chosen
