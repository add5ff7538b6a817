"""Which credits are set off against a customer's items, beyond those that the ledger shows in the company.

Amounts are positive and in the currency of the credit or item.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..facts import Credit, OpenItem
from ..money import ZERO, proportion


def reduced(credit: Credit, amount: Decimal) -> Credit:
    """Return the credit with that amount left.

    >>> str(reduced(Credit(1, "USD", Decimal(110), Decimal(100)), Decimal(55)).amount)
    '50'
    """
    return replace(credit, amount_currency=amount, amount=proportion(credit.amount, amount, credit.amount_currency))


def set_off(items: Iterable[OpenItem], credits: Collection[Credit]) -> tuple[Credit, ...]:
    """Return the credits that are deducted from these items: those of their debtors, in their currencies.

    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", Decimal(9), Decimal(9), member_id=7)
    >>> credits = (Credit(2, "EUR", Decimal(5), Decimal(5)), Credit(3, "EUR", Decimal(5), Decimal(5), member_id=7))
    >>> [credit.item_id for credit in set_off([item], credits)]
    [3]
    """
    if not credits:
        return ()
    wanted = {item.debtor_currency for item in items}
    return tuple(credit for credit in credits if credit.debtor_currency in wanted)


def less_refunds(credits: Iterable[Credit], refunds: dict[str, Decimal]) -> tuple[Credit, ...]:
    """Return the credits that are left after our own payments to the customer, oldest first.

    What was transferred back is no credit any more, although nobody has matched both yet.

    :param refunds: {currency: amount} of our payments to the customer

    >>> credits = (Credit(1, "EUR", Decimal(30), Decimal(30)), Credit(2, "EUR", Decimal(50), Decimal(50)))
    >>> [(credit.item_id, str(credit.amount)) for credit in less_refunds(credits, {"EUR": Decimal(40)})]
    [(2, '40')]
    """
    paid_back, left = dict(refunds), []
    for credit in credits:
        taken = min(credit.amount_currency, paid_back.get(credit.currency, ZERO))
        if taken:
            paid_back[credit.currency] -= taken
        if credit.amount_currency > taken:
            left.append(reduced(credit, credit.amount_currency - taken) if taken else credit)
    return tuple(left)


@dataclass(frozen=True, slots=True)
class BranchItem:
    """An open item of a customer in one of several companies that can match each other's items.

    :param pool: what can be matched with each other, for instance (currency, account)
    :param amount: positive for a debt, negative for a credit
    :param is_excluded: a person excluded it from reminders or blocked its payment, so that no credit of another company
        is spent on it
    """

    item_id: int
    company_id: int
    pool: tuple
    due_date: date
    amount: Decimal
    is_excluded: bool = False


def share_credits(items: Iterable[BranchItem]) -> dict[int, list[tuple[int, Decimal]]]:
    """Return {company id: [(id of a credit, amount)]}: where each credit counts, so that none is used twice.

    Each company's debts are covered by its own credits first; what is left of these covers the debts of the others.
    Older debts and older credits come first. What covers nothing stays with its own company. The result is the same
    whoever asks.

    Head office (1) holds a payment of 100; the branch (2) is owed 80 in May, head office 50 in June:

    >>> debts = [BranchItem(7, 2, ("EUR",), date(2026, 5, 1), Decimal(80)),
    ...          BranchItem(8, 1, ("EUR",), date(2026, 6, 1), Decimal(50))]
    >>> shares = share_credits([*debts, BranchItem(9, 1, ("EUR",), date(2026, 6, 9), Decimal(-100))])
    >>> {company: [(credit, str(amount)) for credit, amount in found] for company, found in sorted(shares.items())}
    {1: [(9, '50')], 2: [(9, '50')]}
    """
    ordered = sorted(items, key=lambda item: (item.due_date, item.company_id, item.item_id))
    left = {item.item_id: -item.amount for item in ordered if item.amount < 0}
    credits = [item for item in ordered if item.amount < 0]
    debts = [item for item in ordered if item.amount > 0]
    shares = defaultdict(lambda: defaultdict(Decimal))
    uncovered = {debt.item_id: debt.amount for debt in debts}
    for is_own in (True, False):
        for debt in (debt for debt in debts if is_own or not debt.is_excluded):
            for credit in credits:
                if credit.pool == debt.pool and (credit.company_id == debt.company_id) == is_own:
                    taken = min(left[credit.item_id], uncovered[debt.item_id])
                    shares[debt.company_id][credit.item_id] += taken
                    left[credit.item_id] -= taken
                    uncovered[debt.item_id] -= taken
    for credit in credits:
        if left[credit.item_id]:
            shares[credit.company_id][credit.item_id] += left[credit.item_id]
    used = {
        company_id: {key: amount for key, amount in found.items() if amount} for company_id, found in shares.items()
    }
    return {company_id: sorted(found.items()) for company_id, found in used.items() if found}
