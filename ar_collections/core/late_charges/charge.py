"""When a late charge is due to be invoiced, and how much of it is left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO
from .interest import Change, Debt

#: Nothing has accrued.
NOTHING = "nothing"

#: The day or the reminder of the policy from which late charges are invoiced has not come.
WAITING = "waiting"

#: The customer was told, and may still pay without them.
GRACE = "grace"

#: Paid before the policy's day or reminder, or within the days of grace after it: nothing is charged.
PAID_IN_TIME = "paid_in_time"

#: Less than the policy's smallest amount.
BELOW_MINIMUM = "below_minimum"

#: An agreement about the item is open, or an agency has it: nothing is charged as long as it is so.
HELD = "held"

#: To be invoiced, or waived.
DUE = "due"


@dataclass(frozen=True, slots=True)
class ChargeRules:
    """What a policy says about late charges.

    :param from_days: number of days after the due date from which they are invoiced
    :param after_reminder: they are invoiced after a reminder instead
    :param grace_days: number of days from then on within which a payment ends them
    :param minimum: smallest amount of a late charge that is invoiced at one time
    """

    from_days: int = 1
    after_reminder: bool = False
    grace_days: int = 0
    minimum: Decimal = ZERO


def get_first_day(due: date, rules: ChargeRules, reminded_on: date | None) -> date | None:
    """Return the day from which late charges are invoiced; ``None``: the reminder was not sent.

    >>> get_first_day(date(2026, 3, 1), ChargeRules(from_days=10), None)
    datetime.date(2026, 3, 11)
    >>> get_first_day(date(2026, 3, 1), ChargeRules(after_reminder=True), None)
    """
    return reminded_on if rules.after_reminder else due + timedelta(days=rules.from_days)


def get_free_until(due: date, rules: ChargeRules, reminded_on: date | None) -> date | None:
    """Return the last day on which a payment of all that is open ends the late charges; ``None``: not known yet.

    Without days of grace it is the day before they are invoiced.

    >>> [str(get_free_until(date(2026, 3, 1), ChargeRules(from_days=10, grace_days=days), None)) for days in (5, 0)]
    ['2026-03-16', '2026-03-10']
    """
    first = get_first_day(due, rules, reminded_on)
    return None if first is None else first + timedelta(days=rules.grace_days or -1)


def is_paid_in_time(debt: Debt, rules: ChargeRules, reminded_on: date | None) -> bool:
    """Return whether all of it was paid before the policy's day or reminder, or within the days of grace after it.

    >>> paid = Debt(Decimal(100), date(2026, 3, 1), (Change(date(2026, 3, 16), Decimal(100)),))
    >>> [is_paid_in_time(paid, ChargeRules(from_days=10, grace_days=days), None) for days in (4, 5)]
    [False, True]
    """
    last = get_free_until(debt.due, rules, reminded_on)
    return debt.paid_on is not None and (last is None or debt.paid_on <= last)


def judge(
    total: Decimal,
    debt: Debt,
    rules: ChargeRules,
    reminded_on: date | None,
    today: date,
    is_held: bool = False,
    taken: Decimal = ZERO,
) -> str:
    """Return whether a late charge is to be invoiced: a code of this module.

    :param total: what accrued, the lump sum included
    :param taken: what of it was charged or waived before; the smallest amount is that of the next invoice
    :param reminded_on: the first day on which the policy's reminder, or a severer one, listed the item
    :param is_held: an agreement about the item is open, or an agency has it

    A payment that crosses the announcement ends it:

    >>> rules = ChargeRules(from_days=10, grace_days=5)
    >>> debt = Debt(Decimal(100), date(2026, 3, 1))
    >>> [judge(Decimal(40), debt, rules, None, date(2026, 3, day)) for day in (10, 16, 17)]
    ['waiting', 'grace', 'due']
    >>> paid = Debt(Decimal(100), date(2026, 3, 1), (Change(date(2026, 3, 16), Decimal(100)),))
    >>> judge(Decimal(40), paid, rules, None, date(2026, 3, 20))
    'paid_in_time'

    What is agreed on waits, however late it is, and however little:

    >>> judge(Decimal(40), debt, rules, None, date(2026, 3, 17), is_held=True)
    'held'

    What accrued since the last invoice waits until it is worth another one:

    >>> small = ChargeRules(minimum=Decimal(5))
    >>> [judge(Decimal(52), debt, small, None, date(2026, 3, 17), taken=Decimal(taken)) for taken in (0, 47, 48)]
    ['due', 'due', 'below_minimum']
    """
    if total <= 0:
        return NOTHING
    if is_paid_in_time(debt, rules, reminded_on):
        return PAID_IN_TIME
    if is_held:
        return HELD
    first = get_first_day(debt.due, rules, reminded_on)
    if first is None or today < first:
        return WAITING
    if today <= get_free_until(debt.due, rules, reminded_on):
        return GRACE
    return BELOW_MINIMUM if total - taken < rules.minimum else DUE


def set_off(debts: dict[int, Debt], credits: Iterable[Change]) -> dict[int, Debt]:
    """Return the debts of a customer with money that nobody has matched yet, the oldest debt first.

    Money in hand bears no interest for us, whether matched or not.

    :param debts: {item id: debt}, of one currency
    :param credits: unmatched payments and credit notes, of the same currency

    >>> march, april = (Debt(Decimal(100), date(2026, month, 1)) for month in (3, 4))
    >>> found = set_off({1: april, 2: march}, [Change(date(2026, 3, 20), Decimal(130))])
    >>> {item: [str(change.amount) for change in debt.changes] for item, debt in sorted(found.items())}
    {1: ['30'], 2: ['100']}
    """
    result = dict(debts)
    credits = sorted(credits, key=lambda credit: credit.day)
    for item_id in sorted(debts, key=lambda item_id: (debts[item_id].due, item_id)):
        left = debts[item_id].amount - sum(change.amount for change in debts[item_id].changes)
        for number, credit in enumerate(credits):
            taken = min(left, credit.amount)
            if taken > 0:
                part = replace(credit, amount=taken)
                result[item_id] = replace(result[item_id], changes=(*result[item_id].changes, part))
                credits[number] = replace(credit, amount=credit.amount - taken)
                left -= taken
    return result
