"""What may be written off of open items, and how much tax comes back with it.

A small difference is what is left of a paid item and not worth asking for; a bad debt is what the customer will not
pay. All amounts are positive. A loss is never a payment.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..customers.differences import Tolerance
from ..money import proportion, round_half_up
from ..months import add_months
from ..refusal import Refused

# --- Kinds of write-offs ---
SMALL, BAD_DEBT = "small", "bad_debt"

# --- Why a write-off is refused ---
NOTHING_SELECTED = "nothing_selected"
NOT_POSITIVE = "not_positive"
ABOVE_OPEN = "above_open"
ITEM_CHANGED = "item_changed"
NO_REASON = "no_reason"
FUTURE_DATE = "future_date"
OWN_WRITE_OFF = "own_write_off"
NO_AUTHORITY = "no_authority"


class WriteOffRefused(Refused):
    """A write-off that is not possible.

    :param code: one of this module's codes
    """


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open debt that may be written off, in company currency.

    :param original: the amount that the item was booked with
    :param left: what is open of it
    """

    item_id: int
    original: Decimal
    left: Decimal


def find_small(
    candidates: Collection[Candidate], tolerance: Tolerance, open_items: int, known: Collection[int] = ()
) -> tuple[int, ...]:
    """Return the items of one customer that are small differences to be written off.

    At most the amount and at most the share of the tolerance is left of a small difference, a part of it was settled,
    and the customer has no other open item, with which it would be paid or discussed together.

    :param open_items: number of all open items of the customer, credits included
    :param known: items that are small for another reason: the remainder of a rounding, a discount taken in time

    >>> left = [Candidate(1, Decimal(100), Decimal("2.00")), Candidate(2, Decimal(50), Decimal("1.50"))]
    >>> find_small(left, Tolerance(Decimal(5), Decimal(3)), open_items=2)
    (1, 2)
    >>> find_small(left, Tolerance(Decimal(5), Decimal(3)), open_items=3)     # another invoice is open
    ()
    >>> find_small(left, Tolerance(Decimal(5), Decimal("2.5")), open_items=2)     # 1.50 is 3 % of 50
    ()
    >>> find_small([Candidate(1, Decimal(2), Decimal(2))], Tolerance(Decimal(5), Decimal(100)), open_items=1)
    ()
    """
    small = [
        candidate.item_id
        for candidate in candidates
        if candidate.item_id in known
        or (candidate.left < candidate.original and tolerance.covers(candidate.left, candidate.original))
    ]
    return tuple(small) if small and len(small) == open_items else ()


def check_amount(amount: Decimal, left: Decimal) -> None:
    """Refuse an amount that cannot be written off of an item.

    :param left: what is open of the item, in the same currency
    :raise WriteOffRefused: `NOT_POSITIVE` or `ABOVE_OPEN`

    >>> check_amount(Decimal(100), Decimal(100))
    >>> check_amount(Decimal("100.01"), Decimal(100))
    Traceback (most recent call last):
        ...
    odoo.addons.ar_collections.core.recovery.write_off.WriteOffRefused: above_open
    """
    if not amount.is_finite() or amount <= 0:
        raise WriteOffRefused(NOT_POSITIVE)
    if amount > left:
        raise WriteOffRefused(ABOVE_OPEN)


def relieved_tax(written_off: Decimal, total: Decimal, tax: Decimal, unit: Decimal = Decimal("0.01")) -> Decimal:
    """Return the tax that is claimed back with a part of an invoice: the tax's share of it, rounded.

    :param total: the invoice, tax included
    :param tax: its tax
    :param unit: the smallest unit of the currency

    500 of 1,200 including 20 % are not paid:

    >>> [str(relieved_tax(Decimal(unpaid), Decimal(1200), Decimal(200))) for unpaid in (500, 1200)]
    ['83.33', '200.00']
    >>> relieved_tax(Decimal(100), Decimal(0), Decimal(0))
    Decimal('0.00')

    1,005 of 10,000 in a currency without decimals:

    >>> relieved_tax(Decimal(1005), Decimal(10000), Decimal(1000), unit=Decimal("1.0"))
    Decimal('101.0')
    """
    return round_half_up(proportion(tax, written_off, total), unit)


# === TAX RELIEF === #


@dataclass(frozen=True, slots=True)
class ReliefRules:
    """When a country gives back the tax on what is not paid.

    :param months: number of months after the later of due date and supply from which relief can be claimed
    :param last_months: number of months after the same day until which it can be claimed; ``None``: no end
    :param only_insolvency: without insolvency proceedings the law names no day
    :param from_opening: in insolvency proceedings it can be claimed from their opening on
    :param opening_months: number of months after the opening until which it can be claimed then; ``None``: no end
    """

    months: int
    last_months: int | None = None
    only_insolvency: bool = False
    from_opening: bool = False
    opening_months: int | None = None


def relief_window(
    due: date, supplied: date, rules: ReliefRules, opened: date | None = None
) -> tuple[date | None, date | None]:
    """Return (the first day on which relief can be claimed, the last day); ``None`` where it is not known, or no end.

    :param opened: the opening of the customer's insolvency proceedings, of debts from before it

    United Kingdom: six months after the later of due date and supply, at most four years and six months after it.

    >>> first, last = relief_window(date(2026, 1, 31), date(2025, 12, 31), ReliefRules(6, 54))
    >>> str(first), str(last)
    ('2026-07-31', '2030-07-31')
    >>> first, last = relief_window(date(2026, 1, 31), date(2026, 8, 30), ReliefRules(6))     # supplied later
    >>> str(first), last
    ('2027-02-28', None)

    Spain: three months from the opening of proceedings; Germany: without proceedings no day is known:

    >>> spain = ReliefRules(6, 12, from_opening=True, opening_months=3)
    >>> first, last = relief_window(date(2026, 1, 31), date(2026, 1, 1), spain, opened=date(2026, 2, 9))
    >>> str(first), str(last)
    ('2026-02-09', '2026-05-09')
    >>> relief_window(date(2026, 1, 31), date(2026, 1, 1), ReliefRules(0, None, True, True))
    (None, None)
    """
    if opened and rules.from_opening:
        return opened, None if rules.opening_months is None else add_months(opened, rules.opening_months)
    if rules.only_insolvency:
        return None, None
    start = max(due, supplied)
    return add_months(start, rules.months), None if rules.last_months is None else add_months(start, rules.last_months)
