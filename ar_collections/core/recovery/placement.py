"""The life of a placement: debts that are handed to a collection agency or a lawyer."""

from datetime import date
from decimal import Decimal

from ..money import ZERO
from ..refusal import Refused

# --- Before the hand-over ---
#: Proposed by one person, waits for another.
READY = "ready"

WITHDRAWN = "withdrawn"

# --- With the agency ---
PLACED = "placed"

ACCEPTED = "accepted"

PARTLY_PAID = "partly_paid"

DISPUTED = "disputed"

LEGAL = "legal"

# --- Ended ---
REFUSED = "refused"

PAID = "paid"

SETTLED = "settled"

RECALLED = "recalled"

UNCOLLECTIBLE = "uncollectible"

INSOLVENT = "insolvent"

#: The agency works on it: it is named to the customer.
WITH_AGENCY = (PLACED, ACCEPTED, PARTLY_PAID, DISPUTED, LEGAL)

#: The agency ended its work, and not all of it was paid.
UNSUCCESSFUL = (SETTLED, UNCOLLECTIBLE, INSOLVENT)

CLOSED = (PAID, *UNSUCCESSFUL)

ENDED = (WITHDRAWN, REFUSED, RECALLED, *CLOSED)

#: No reminders are sent of its items. What the agency could not collect is not asked for again by itself: it is written
#: off, or recalled by a person. A payment that comes back leaves its debt with the agency.
HOLDING = (*WITH_AGENCY, *CLOSED)

#: After these its items are ours again, and reminders resume.
GIVEN_BACK = (REFUSED, RECALLED)

#: Legal transitions, {state: set of states}.
MOVES = {
    READY: {PLACED, WITHDRAWN},
    PLACED: {ACCEPTED, PARTLY_PAID, DISPUTED, LEGAL, *CLOSED, REFUSED, RECALLED},
    ACCEPTED: {PARTLY_PAID, DISPUTED, LEGAL, *CLOSED, RECALLED},
    PARTLY_PAID: {ACCEPTED, DISPUTED, LEGAL, *CLOSED, RECALLED},
    DISPUTED: {ACCEPTED, PARTLY_PAID, LEGAL, *CLOSED, RECALLED},
    LEGAL: {ACCEPTED, PARTLY_PAID, DISPUTED, *CLOSED, RECALLED},
    PAID: {ACCEPTED, PARTLY_PAID},  # a payment came back
    SETTLED: {RECALLED, PAID},
    UNCOLLECTIBLE: {RECALLED, PAID, PARTLY_PAID},
    INSOLVENT: {RECALLED, PAID},
    REFUSED: set(),
    RECALLED: set(),
    WITHDRAWN: set(),
}  # fmt: skip

# --- Why a change is refused ---
#: The amount is above what the user may write off, and so may give away.
NO_AUTHORITY = "no_authority"

OWN_PROPOSAL = "own_proposal"

NO_REASON = "no_reason"

#: The agency has the exclusive right until a day.
EXCLUSIVE = "exclusive"


class PlacementRefused(Refused):
    """A change of a placement that is not possible; ``code`` is the reason."""


def judge(state: str, placed: Decimal, left: Decimal, paid: Decimal, credited: Decimal = ZERO) -> str:
    """Return the state by what was paid according to the ledger; what people and agencies reported is kept.

    A loss is no payment. What was written off while the agency had it is recalled: nothing is left to collect. A case
    that was closed without success is paid only where money settled all of it.

    :param placed: the amounts at the hand-over
    :param left: what is open of them
    :param paid: what money settled of them
    :param credited: what credit notes settled of them; the rest of what is not open any more was written off

    >>> [judge(ACCEPTED, Decimal(100), Decimal(left), Decimal(100 - left)) for left in (100, 40, 0)]
    ['accepted', 'partly_paid', 'paid']
    >>> judge(LEGAL, Decimal(100), Decimal(40), Decimal(60)), judge(LEGAL, Decimal(100), Decimal(0), Decimal(100))
    ('legal', 'paid')
    >>> [judge(PAID, Decimal(100), Decimal(left), Decimal(100 - left)) for left in (40, 100)]     # a payment came back
    ['partly_paid', 'accepted']
    >>> judge(PARTLY_PAID, Decimal(100), Decimal(100), ZERO), judge(RECALLED, Decimal(100), ZERO, Decimal(100))
    ('accepted', 'recalled')
    >>> judge(UNCOLLECTIBLE, Decimal(100), ZERO, Decimal(60)), judge(ACCEPTED, Decimal(100), ZERO, Decimal(60))
    ('uncollectible', 'recalled')
    >>> judge(ACCEPTED, Decimal(100), Decimal(40), ZERO)     # a part was written off
    'accepted'
    """
    if left <= ZERO:
        if state in WITH_AGENCY:
            return PAID if paid + credited >= placed else RECALLED
        return PAID if state in UNSUCCESSFUL and paid >= placed else state
    if state in (PLACED, ACCEPTED, PAID, PARTLY_PAID):
        if paid + credited > ZERO:
            return PARTLY_PAID
        return ACCEPTED if state in (PAID, PARTLY_PAID) else state
    return state


def check_approval(proposer_id: int, approver_id: int) -> None:
    """Refuse who approves its own proposal.

    :raise PlacementRefused: ``OWN_PROPOSAL``
    """
    if proposer_id == approver_id:
        raise PlacementRefused(OWN_PROPOSAL)


def check_recall(reason: str, exclusive_until: date | None, today: date, is_forced: bool = False) -> None:
    """Refuse a recall without a reason, or in the time in which the agency alone may collect.

    :param is_forced: by who may agree it with the agency
    :raise PlacementRefused: ``NO_REASON`` or ``EXCLUSIVE``

    >>> try:
    ...     check_recall("paid to us", date(2026, 9, 1), date(2026, 8, 1))
    ... except PlacementRefused as refused:
    ...     refused.code
    'exclusive'
    >>> check_recall("paid to us", date(2026, 9, 1), date(2026, 8, 1), is_forced=True)
    """
    if not reason.strip():
        raise PlacementRefused(NO_REASON)
    if exclusive_until and today <= exclusive_until and not is_forced:
        raise PlacementRefused(EXCLUSIVE)
