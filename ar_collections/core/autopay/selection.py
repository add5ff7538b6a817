"""Which invoices of an account are paid by the next automatic payments, and which are above the customer's maximum."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .. import decision as codes
from ..facts import LEDGER, OpenItem
from ..money import ZERO
from .options import AutopayOptions, charge_day

# --- Why an invoice is not charged, although it is due ---
OVER_CHARGE = "over_charge"

OVER_MONTH = "over_month"

#: Exclusions from reminders that keep nothing from being charged.
CHARGEABLE_CODES = frozenset({codes.AUTOPAY_AGREED, codes.NOT_ARRIVED, codes.RECENTLY_ENTERED})


@dataclass(frozen=True, slots=True)
class DueItem:
    """An open item that the consent is about.

    :param day: the day on which it is charged
    :param amount: what may be charged of it, in its currency
    :param rate: its currency's value in company currency, in which the maxima are
    """

    item_id: int
    currency: str
    day: date
    amount: Decimal
    rate: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Items that are charged together, or that are skipped for the same reason.

    :param skipped: ``OVER_CHARGE`` or ``OVER_MONTH``; empty: they are charged
    """

    currency: str
    day: date
    items: tuple[DueItem, ...]
    skipped: str = ""


def chargeable(item: OpenItem) -> Decimal:
    """Return what of an item may be charged now: without what is paid, disputed, promised, planned, placed, excluded.

    >>> from ..facts import Exclusion
    >>> item = OpenItem(1, date(2026, 6, 1), "EUR", Decimal(100), Decimal(100), exclusions=(
    ...     Exclusion(codes.AUTOPAY_AGREED, Decimal(100)), Exclusion(codes.DISPUTED, Decimal(30))))
    >>> chargeable(item)
    Decimal('70')
    """
    if item.kind != LEDGER or not item.is_debt:
        return ZERO
    held = sum((exclusion.amount for exclusion in item.exclusions if exclusion.code not in CHARGEABLE_CODES), ZERO)
    return max(item.residual_currency - held, ZERO)


def day_to_charge(options: AutopayOptions, due: date, today: date, lead_days: int) -> date:
    """Return the day on which an item is charged that is announced today at the earliest."""
    return max(charge_day(options, due), today + timedelta(days=lead_days))


def is_near(options: AutopayOptions, due: date, today: date, notice_days: int) -> bool:
    """Return whether the day has come to announce an item with this due date.

    >>> [is_near(AutopayOptions(), date(2026, 6, 10), date(2026, 6, day), 3) for day in (6, 7)]
    [False, True]
    """
    return today >= charge_day(options, due) - timedelta(days=notice_days)


def select(
    items: Iterable[DueItem],
    options: AutopayOptions,
    credits: Mapping[str, Decimal] | None = None,
    collected: Mapping[tuple[int, int], Decimal] | None = None,
) -> list[Batch]:
    """Return the payments to announce for items of one account, earliest first, and the items that are skipped.

    One payment for each currency and day. An item that does not fit below a maximum is skipped as a whole.

    :param items: oldest due date first
    :param credits: {currency: amount} of open credits: they pay the oldest items, and are not charged
    :param collected: {(year, month): amount in company currency} that is charged or announced already

    >>> def item(number, amount, day=10):
    ...     return DueItem(number, "EUR", date(2026, 6, day), Decimal(amount))
    >>> def show(batches):
    ...     return [(batch.skipped, [(item.item_id, int(item.amount)) for item in batch.items]) for batch in batches]
    >>> show(select([item(1, 60), item(2, 50), item(3, 40)], AutopayOptions(maximum_charge=Decimal(100))))
    [('', [(1, 60), (3, 40)]), ('over_charge', [(2, 50)])]
    >>> show(select([item(1, 60), item(2, 50, day=11)], AutopayOptions(maximum_month=Decimal(100)),
    ...             collected={(2026, 6): Decimal(50)}))
    [('over_month', [(1, 60)]), ('', [(2, 50)])]
    >>> show(select([item(1, 60), item(2, 50)], AutopayOptions(), credits={"EUR": Decimal(70)}))
    [('', [(2, 40)])]
    """
    months = defaultdict(Decimal, collected or {})
    groups = defaultdict(list)
    for item in _less_credits(items, credits or {}):
        groups[item.day, item.currency].append(item)
    batches = []
    for (day, currency), group in sorted(groups.items()):
        for skipped, found in _fit(group, options, months).items():
            batches.append(Batch(currency, day, tuple(found), skipped))
    return batches


def _less_credits(items: Iterable[DueItem], credits: Mapping[str, Decimal]) -> Iterable[DueItem]:
    """Yield the items with what is left of them after credits paid the first ones."""
    left = dict(credits)
    for item in items:
        used = min(left.get(item.currency, ZERO), item.amount)
        left[item.currency] = left.get(item.currency, ZERO) - used
        if item.amount > used:
            yield replace(item, amount=item.amount - used)


def _fit(items: Iterable[DueItem], options: AutopayOptions, months: dict) -> dict[str, list[DueItem]]:
    """Return {reason: items}, the empty reason for those that are charged; what they take is added to their month."""
    total, found = ZERO, defaultdict(list)
    for item in items:
        amount, month = item.amount * item.rate, (item.day.year, item.day.month)
        if options.maximum_charge and total + amount > options.maximum_charge:
            found[OVER_CHARGE].append(item)
        elif options.maximum_month and months[month] + amount > options.maximum_month:
            found[OVER_MONTH].append(item)
        else:
            total += amount
            months[month] += amount
            found[""].append(item)
    return found
