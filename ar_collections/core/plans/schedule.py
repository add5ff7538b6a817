"""Building a payment plan: amounts that add up exactly, dates counted from the first one, and the policy's limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO
from ..months import add_months
from ..workdays import LONGEST_CLOSURE_DAYS, WorkCalendar
from .plan import Installment

WEEK, TWO_WEEKS, MONTH = "week", "two_weeks", "month"

CENT = Decimal("0.01")

#: The maximum number of installments, whoever approves the plan: more are taken for a typing error.
MOST_INSTALLMENTS = 120

#: The maximum number of days until the first installment: a later start would merely defer payment.
LATEST_START_DAYS = 31

# --- Errors: such a plan cannot be made; the texts of all codes are in ``messages/`` ---
NOTHING_SELECTED = "nothing_selected"

MIXED_CURRENCIES = "mixed_currencies"

NOT_FREE = "not_free"

VETOED = "vetoed"

BAD_AMOUNT = "bad_amount"

BAD_SUM = "bad_sum"

BAD_COUNT = "bad_count"

PAST_DATE = "past_date"

# --- Excesses: such a plan needs a credit manager's approval ---
BELOW_MINIMUM = "below_minimum"

TOO_MANY = "too_many"

TOO_LONG = "too_long"

TOO_SMALL = "too_small"

LOW_DOWN_PAYMENT = "low_down_payment"

STARTS_LATE = "starts_late"

NO_POLICY = "no_policy"


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An open item under a plan, in its currency.

    :param free: the part of it that is not under another agreement
    :param amount: the part of it that is to be paid by the plan
    """

    item_id: int
    currency: str
    free: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """The policy's limits: amounts in the plan's currency, the down payment's share in percent of the total."""

    minimum_total: Decimal = ZERO
    installments_max: int = MOST_INSTALLMENTS
    days_max: int = 3650
    minimum_installment: Decimal = ZERO
    down_payment_share: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """The objections to a plan.

    :param errors: codes of what nobody may approve
    :param beyond: codes of the exceeded limits, which a credit manager may approve
    :param detail: a sentence for staff about the error ``vetoed``
    """

    errors: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    detail: str = ""


def split(total: Decimal, count: int, down_payment: Decimal = ZERO, rounding: Decimal = CENT) -> list[Decimal]:
    """Return the total in ``count`` payments that add up to it exactly, as equal as possible, the larger ones first.

    A down payment is the first of them. No payment is zero: where there are fewer units of the currency than payments,
    there are fewer payments.

    :param rounding: the smallest unit of the currency
    :raise ValueError: where the payments cannot add up to the total

    >>> [str(amount) for amount in split(Decimal("100.00"), 3)]
    ['33.34', '33.33', '33.33']
    >>> [str(amount) for amount in split(Decimal("100.00"), 3, down_payment=Decimal("40.00"))]
    ['40.00', '30.00', '30.00']
    >>> [str(amount) for amount in split(Decimal("1000"), 3, rounding=Decimal("1"))]     # yen
    ['334', '333', '333']
    """
    rest = total - down_payment
    parts = count - 1 if down_payment else count
    if total <= 0 or down_payment < 0 or rest < 0 or parts < 0 or (rest and not parts):
        raise ValueError("The payments cannot add up to the total.")
    first = [down_payment] if down_payment else []
    if not rest:
        return first
    units, odd = divmod(rest, rounding)
    share, larger = divmod(int(units), parts)
    amounts = [(share + (number < larger)) * rounding for number in range(parts)]
    amounts[0] += odd  # less than a unit, left from an amount that was rounded by another rule
    return first + [amount for amount in amounts if amount]


def split_by_amount(total: Decimal, amount: Decimal, down_payment: Decimal = ZERO) -> list[Decimal]:
    """Return the total in payments of a fixed amount: a down payment first, the remainder last.

    :raise ValueError: where the payments cannot add up to the total, or are more than `MOST_INSTALLMENTS`

    >>> [str(part) for part in split_by_amount(Decimal("100.00"), Decimal("30.00"), Decimal("20.00"))]
    ['20.00', '30.00', '30.00', '20.00']
    """
    rest = total - down_payment
    if total <= 0 or amount <= 0 or down_payment < 0 or rest < 0:
        raise ValueError("The payments cannot add up to the total.")
    count, last = divmod(rest, amount)
    if count + bool(last) + bool(down_payment) > MOST_INSTALLMENTS:
        raise ValueError("There are too many payments.")
    amounts = [down_payment, *[amount] * int(count), last]
    return [part for part in amounts if part]


def read_split(payments: Iterable[Decimal], rounding: Decimal = CENT) -> tuple[int, Decimal, Decimal]:
    """Return (count, amount, down payment) of which `split` or, where ``count`` is 0, `split_by_amount` makes these.

    Payments that neither makes, as those of other software, are returned as their number.

    :param payments: in order of their dates
    :param rounding: the smallest unit of the currency

    >>> [str(part) for part in read_split([Decimal("33.34"), Decimal("33.33"), Decimal("33.33")])]
    ['3', '0', '0']
    >>> [str(part) for part in read_split([Decimal(400), Decimal(200), Decimal(200), Decimal(200)])]
    ['4', '0', '400']
    >>> [str(part) for part in read_split([Decimal(20), Decimal(30), Decimal(30), Decimal(20)])]
    ['0', '30', '20']
    """
    payments = list(payments)
    total, count = sum(payments, ZERO), len(payments)
    for down_payment in (ZERO, *payments[:1]):
        if _splits(payments, split, total, count, down_payment, rounding):
            return count, ZERO, down_payment
    for down_payment, amount in ((ZERO, payments[:1]), (payments[0] if payments else ZERO, payments[1:2])):
        if amount and _splits(payments, split_by_amount, total, amount[0], down_payment):
            return 0, amount[0], down_payment
    return count, ZERO, ZERO


def _splits(payments, way, *args):
    """Return whether this way to split a total makes these payments."""
    try:
        return way(*args) == payments
    except ValueError:
        return False


def dates(first: date, count: int, frequency: str, calendar: WorkCalendar | None = None) -> list[date]:
    """Return the dates of the payments, each counted from the first one, so that short months shift no later date.

    :param frequency: ``week``, ``two_weeks`` or ``month``; in a month without such a day, its last day
    :param calendar: shifts each date to the next working day; ``None``: the dates are not shifted

    >>> [str(day) for day in dates(date(2027, 1, 31), 3, MONTH)]
    ['2027-01-31', '2027-02-28', '2027-03-31']
    >>> [str(day) for day in dates(date(2026, 6, 13), 2, WEEK, WorkCalendar())]     # Saturdays
    ['2026-06-15', '2026-06-22']
    """
    days = [_date(first, number, frequency) for number in range(count)]
    return [calendar.next_workday(day) for day in days] if calendar else days


def read_first(days: Iterable[date], frequency: str, calendar: WorkCalendar | None = None) -> date | None:
    """Return the date from which `dates` counts to these days; the first of them where it does from none.

    It is before the first of them where that one was shifted to a working day; ``None`` without days.

    >>> shifted = dates(date(2026, 6, 13), 3, MONTH, WorkCalendar())           # a Saturday
    >>> [str(day) for day in shifted]
    ['2026-06-15', '2026-07-13', '2026-08-13']
    >>> str(read_first(shifted, MONTH, WorkCalendar()))
    '2026-06-13'
    """
    days = list(days)
    for earlier in range(LONGEST_CLOSURE_DAYS if days and calendar else 0):
        first = days[0] - timedelta(days=earlier)
        if calendar.next_workday(first) != days[0]:
            break
        if dates(first, len(days), frequency, calendar) == days:
            return first
    return days[0] if days else None


def _date(first: date, number: int, frequency: str) -> date:
    """Return the date ``number`` periods after the first one."""
    if frequency != MONTH:
        return first + timedelta(days=number * {WEEK: 7, TWO_WEEKS: 14}[frequency])
    return add_months(first, number)


def check(
    items: Iterable[PlannedItem], installments: Iterable[Installment], limits: PlanLimits | None, today: date
) -> PlanCheck:
    """Return the objections to a plan: errors, or where there are none, the policy's limits that it exceeds.

    :param limits: the policy's; ``None`` where no policy applies

    >>> june = (Installment(1, date(2026, 6, 1), Decimal(60)), Installment(2, date(2026, 7, 1), Decimal(40)))
    >>> invoice = PlannedItem(7, "EUR", free=Decimal(100), amount=Decimal(100))
    >>> check([invoice], june, PlanLimits(installments_max=1), date(2026, 5, 20))
    PlanCheck(errors=(), beyond=('too_many',), detail='')
    >>> check([invoice], june[:1], PlanLimits(), date(2026, 6, 2))
    PlanCheck(errors=('bad_sum', 'past_date'), beyond=(), detail='')
    """
    items, installments = tuple(items), tuple(installments)
    errors = tuple(_errors(items, installments, today))
    if errors:
        return PlanCheck(errors)
    return PlanCheck((), (NO_POLICY,) if limits is None else tuple(_beyond(installments, limits, today)))


def _errors(items, installments, today):
    """Yield the codes of the errors in a plan."""
    if not items:
        yield NOTHING_SELECTED
        return
    if any(item.amount > item.free or item.free <= 0 for item in items):
        yield NOT_FREE
    if len({item.currency for item in items}) > 1:
        yield MIXED_CURRENCIES
    if any(item.amount <= 0 < item.free for item in items) or any(part.amount <= 0 for part in installments):
        yield BAD_AMOUNT
    if not 0 < len(installments) <= MOST_INSTALLMENTS:
        yield BAD_COUNT
    elif sum(installment.amount for installment in installments) != sum(item.amount for item in items):
        yield BAD_SUM
    if any(installment.day < today for installment in installments):
        yield PAST_DATE


def _beyond(installments, limits, today):
    """Yield the codes of the limits that the plan exceeds; the last installment may be smaller than the minimum."""
    amounts = [installment.amount for installment in installments]
    first, last = installments[0].day, installments[-1].day
    if sum(amounts) < limits.minimum_total:
        yield BELOW_MINIMUM
    if len(amounts) > limits.installments_max:
        yield TOO_MANY
    if (last - first).days > limits.days_max:
        yield TOO_LONG
    if min(amounts[:-1] or amounts) < limits.minimum_installment:
        yield TOO_SMALL
    if amounts[0] * 100 < sum(amounts) * limits.down_payment_share:
        yield LOW_DOWN_PAYMENT
    if first > today + timedelta(days=LATEST_START_DAYS):
        yield STARTS_LATE
