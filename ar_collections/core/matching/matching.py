"""What a payment was probably made for: proposals for one payment and the customer's open items, surest first.

A proposal is found by reference or by exact amount, never by a similar amount. Where two items fit equally, none is
proposed: a person looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from ..money import ZERO
from .references import find_named, index_numbers

# --- Why a proposal is made; the labels are in ``const/`` ---
REFERENCE = "reference"

EXACT_AMOUNT = "exact_amount"

DISCOUNTED_AMOUNT = "discounted_amount"

ALL_DUE = "all_due"

ALL_OVERDUE = "all_overdue"

ALL_OPEN = "all_open"

SOME_ITEMS = "some_items"

#: Not a proposal: several items fit the amount equally.
AMBIGUOUS = "ambiguous"

#: The items, oldest first, among which a sum of a few is searched, and how many may be in it: at most 6,175 sums.
SUBSET_ITEMS, SUBSET_SIZE = 20, 4


@dataclass(frozen=True, slots=True)
class Received:
    """A payment, credit note or bank statement line that is not matched.

    :param amount: what is left of it, positive, in its currency
    :param day: when the money arrived
    :param texts: the references it carries
    """

    currency: str
    amount: Decimal
    day: date
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """An open item that a payment may be for.

    :param document: identifies the invoice: its installments are named together
    :param numbers: the invoice's number and payment reference
    :param discounted: the amount that settles the item with its early-payment discount, until ``discount_until``
    """

    item_id: int
    document: int
    due_date: date
    currency: str
    residual: Decimal
    numbers: tuple[str, ...] = ()
    discounted: Decimal | None = None
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Items that a payment was probably made for, oldest due date first; ``code`` says why."""

    code: str
    item_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The proposals for one payment, surest first; ``is_ambiguous``: there is none because several fit equally."""

    proposals: tuple[Proposal, ...] = ()
    is_ambiguous: bool = False

    @property
    def best(self) -> Proposal | None:
        """The surest proposal, ``None``: there is none."""
        return self.proposals[0] if self.proposals else None

    def only(self, code: str) -> "Suggestion":
        """Return the proposals of that code alone."""
        return Suggestion(tuple(proposal for proposal in self.proposals if proposal.code == code))

    @property
    def code(self) -> str | None:
        """Why the best proposal is made, ``ambiguous``, or ``None`` where nothing fits."""
        return self.best.code if self.best else AMBIGUOUS if self.is_ambiguous else None


def suggest(received: Received, targets: Iterable[Target], today: date) -> Suggestion:
    """Return what the payment was probably made for.

    A payment in another currency than an item is proposed by reference alone: amounts would be equal by chance.
    Totals come before the sum of a few items, which is the weakest sign.

    :param targets: the customer's open items, in any order and currency

    >>> may, june, july = (Target(n, n, date(2026, n, 1), "EUR", Decimal(100 * n), (f"INV/2026/0000{n}",))
    ...                    for n in (5, 6, 7))
    >>> def codes(amount, *texts, currency="EUR"):
    ...     received = Received(currency, Decimal(amount), date(2026, 6, 20), texts)
    ...     return [(p.code, *p.item_ids) for p in suggest(received, (may, june, july), date(2026, 6, 20)).proposals]
    >>> codes(600, "inv 2026 5")
    [('reference', 5), ('exact_amount', 6)]
    >>> codes(1100), codes(1800), codes(1200), codes(42)
    ([('all_due', 5, 6)], [('all_open', 5, 6, 7)], [('some_items', 5, 7)], [])
    >>> codes(600, currency="USD"), codes(600, "INV/2026/00006", currency="USD")
    ([], [('reference', 6)])

    Two invoices of one amount:

    >>> twins = [Target(n, n, date(2026, 5, n), "EUR", Decimal(80), (f"INV/2026/0000{n}",)) for n in (1, 2)]
    >>> suggest(Received("EUR", Decimal(80), date(2026, 6, 1)), twins, date(2026, 6, 1)).code
    'ambiguous'
    >>> suggest(Received("EUR", Decimal(80), date(2026, 6, 1), ("INV/2026/00002",)), twins, date(2026, 6, 1)).best
    Proposal(code='reference', item_ids=(2,))
    """
    ordered = sorted(targets, key=lambda target: (target.due_date, target.item_id))
    found = []
    if named := _named(received, ordered):
        found.append(Proposal(REFERENCE, named))
    own = [target for target in ordered if target.currency == received.currency]
    by_amount, is_ambiguous = _by_amount(received, own, today)
    for proposal in by_amount:
        if proposal.item_ids not in {known.item_ids for known in found}:
            found.append(proposal)
    return Suggestion(tuple(found), is_ambiguous and not found)


def _named(received: Received, targets: list[Target]) -> tuple[int, ...]:
    """Return the items of the invoices that the payment's references name."""
    numbers: dict[int, set[str]] = {}
    for target in targets:
        numbers.setdefault(target.document, set()).update(target.numbers)
    index = index_numbers(numbers)
    named = frozenset().union(*(find_named(text, index) for text in received.texts))
    return tuple(target.item_id for target in targets if target.document in named)


def _by_amount(received: Received, targets: list[Target], today: date) -> tuple[list[Proposal], bool]:
    """Return the proposals by exact amount, and whether several single items or sums fit equally."""
    exact = [target.item_id for target in targets if target.residual == received.amount]
    discounted = [target.item_id for target in targets if _is_discounted(target, received)]
    totals = _totals(received.amount, targets, today)
    if len(exact) > 1 or len(discounted) > 1:
        return [], True
    found = [Proposal(EXACT_AMOUNT, tuple(exact))] if exact else []
    found += [Proposal(DISCOUNTED_AMOUNT, tuple(discounted))] if discounted else []
    found += totals
    if found:
        return found, False
    sums = _sums(received.amount, targets[:SUBSET_ITEMS])
    return ([Proposal(SOME_ITEMS, sums[0])] if len(sums) == 1 else []), len(sums) > 1


def _is_discounted(target: Target, received: Received) -> bool:
    """Return whether the payment settles the item with its early-payment discount, in time."""
    if target.discounted is None or target.discount_until is None or target.discounted == target.residual:
        return False
    return received.amount == target.discounted and received.day <= target.discount_until


def _totals(amount: Decimal, targets: list[Target], today: date) -> list[Proposal]:
    """Return the totals of several items that equal the amount: of all due, all overdue, all open ones."""
    groups = (
        (ALL_DUE, [target for target in targets if target.due_date <= today]),
        (ALL_OVERDUE, [target for target in targets if target.due_date < today]),
        (ALL_OPEN, targets),
    )
    found: dict[tuple[int, ...], str] = {}
    for code, group in groups:
        if len(group) > 1 and sum((target.residual for target in group), ZERO) == amount:
            found.setdefault(tuple(target.item_id for target in group), code)
    return [Proposal(code, item_ids) for item_ids, code in found.items()]


def _sums(amount: Decimal, targets: list[Target]) -> list[tuple[int, ...]]:
    """Return the sets of a few items whose sum is the amount, at most two: of the smallest size that has any."""
    for size in range(2, SUBSET_SIZE + 1):
        found = []
        for group in combinations(targets, size):
            if sum((target.residual for target in group), ZERO) == amount:
                found.append(tuple(target.item_id for target in group))
                if len(found) > 1:
                    return found
        if found:
            return found
    return []
