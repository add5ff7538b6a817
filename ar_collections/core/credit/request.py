"""Requests for another credit limit: who may decide about them. A recommended limit decides nothing.

A requester never approves; above the policy's threshold a second person is needed. A substitute decides with the
authority of the user who is absent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .limit import CreditRefused, Limit, LimitTerms, check_end, check_limit, check_reason

# --- Why a request or a decision is refused, besides the codes of :mod:`.limit` ---
#: A limit belongs to the company a contact belongs to.
CHILD_CONTACT = "child_contact"

NO_CHANGE = "no_change"

OWN_REQUEST = "own_request"

#: Neither the user's own authority nor one that it substitutes is enough; see :func:`find_authority`.
NO_AUTHORITY = "no_authority"

#: A second person must approve; this one has already, or acts for the one who has.
SAME_PERSON = "same_person"

#: More than was requested can be requested, not approved.
ABOVE_REQUESTED = "above_requested"

# --- The outcome of an approval ---
APPROVED, NEEDS_SECOND = "approved", "needs_second"


@dataclass(frozen=True, slots=True)
class LimitRequest:
    """What is requested, by whom.

    :param requester_id: the user; ``None``: the customer on its page
    :param limit: the limit that is requested
    :param until: the last day of a temporary limit; ``None``: it replaces the limit for good
    """

    requester_id: int | None
    limit: Limit
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """A user who decides about requests.

    :param up_to: the highest limit that it may approve; ``None``: any, also no limit at all
    """

    user_id: int
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A substitute who decides today for a user who is absent.

    :param substitute_id: who covers in the end, where the substitute is absent, too; see `ar.absence`
    """

    absent: Authority
    substitute_id: int


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that was given.

    :param user_id: who gave it
    :param for_user_id: with whose authority; the same user, or the one it substitutes
    :param limit: what was approved
    """

    user_id: int
    for_user_id: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """A policy's settings.

    :param second_above: above this limit two persons approve; ``None``: one is always enough
    """

    second_above: Decimal | None = None

    def needed(self, limit: Limit) -> int:
        """Return the number of persons who have to approve a limit.

        >>> from .limit import AMOUNT, NO_LIMIT
        >>> rules = ApprovalRules(second_above=Decimal(50000))
        >>> [rules.needed(limit) for limit in (Limit(AMOUNT, Decimal(50000)), Limit(AMOUNT, Decimal("50000.01")))]
        [1, 2]
        >>> rules.needed(Limit(NO_LIMIT)), ApprovalRules().needed(Limit(NO_LIMIT))
        (2, 1)
        """
        return 2 if self.second_above is not None and _is_above(limit, self.second_above) else 1


#: What one person gave away alone of a customer within this number of days counts together: write-offs, waivers.
ALONE_DAYS = 30


def check_request(request: LimitRequest, now: LimitTerms, is_child: bool, today: date) -> None:
    """Refuse a request that cannot be decided.

    :param now: the terms that the customer has
    :param is_child: it was made for a contact that belongs to another one
    :raise CreditRefused: with one of this module's codes or of :mod:`.limit`
    """
    if is_child:
        raise CreditRefused(CHILD_CONTACT)
    check_limit(request.limit)
    check_reason(request.reason)
    if request.until is not None:
        check_end(request.until, today)
    elif request.limit == now.limit:
        raise CreditRefused(NO_CHANGE)


def find_authority(
    user_id: int,
    authorities: Collection[Authority],
    delegations: Collection[Delegation],
    limit: Limit,
    barred: Collection[int] = (),
) -> int | None:
    """Return the user with whose authority a user may approve a limit: its own first; ``None``: with nobody's.

    :param delegations: those of today
    :param barred: the users whose authority does not count: the requester, and who approved before

    >>> from .limit import AMOUNT
    >>> amy, bob = Authority(1, Decimal(10000)), Authority(2)
    >>> def find(amount, *delegations):
    ...     return find_authority(1, [amy, bob], delegations, Limit(AMOUNT, Decimal(amount)))
    >>> find(10000), find(10001), find(10001, Delegation(bob, substitute_id=1))
    (1, None, 2)
    """
    own = [authority for authority in authorities if authority.user_id == user_id]
    lent = [delegation.absent for delegation in delegations if delegation.substitute_id == user_id]
    usable = (
        authority.user_id
        for authority in (*own, *lent)
        if authority.user_id not in barred and (authority.up_to is None or not _is_above(limit, authority.up_to))
    )
    return next(usable, None)


def approve(
    request: LimitRequest, approval: Approval, given: Sequence[Approval], rules: ApprovalRules, today: date
) -> str:
    """Return whether a limit is approved with this approval, or needs a second one.

    The second person approves what the first one did, or another limit: then the first has to approve that, too.

    :param approval: its authority was found by :func:`find_authority`
    :param given: the approvals before it
    :raise CreditRefused: with one of this module's codes or of :mod:`.limit`

    >>> from .limit import AMOUNT
    >>> def limit(amount):
    ...     return Limit(AMOUNT, Decimal(amount))
    >>> request, rules = LimitRequest(7, limit(80000), "new project"), ApprovalRules(Decimal(50000))
    >>> today = date(2026, 6, 1)
    >>> def answer(user_id, amount, *given):
    ...     try:
    ...         return approve(request, Approval(user_id, user_id, limit(amount)), given, rules, today)
    ...     except CreditRefused as refused:
    ...         return refused.code
    >>> answer(1, 50000), answer(1, 80000), answer(2, 80000, Approval(1, 1, limit(80000)))
    ('approved', 'needs_second', 'approved')
    >>> answer(7, 50000), answer(1, 90000), answer(1, 80000, Approval(1, 1, limit(80000)))
    ('own_request', 'above_requested', 'same_person')
    """
    check_limit(approval.limit)
    if request.until is not None:
        check_end(request.until, today)
    if request.requester_id is not None and request.requester_id in (approval.user_id, approval.for_user_id):
        raise CreditRefused(OWN_REQUEST)
    if request.limit.ceiling is not None and _is_above(approval.limit, request.limit.ceiling):
        raise CreditRefused(ABOVE_REQUESTED)
    before = [other for other in given if other.limit == approval.limit]
    if any({other.user_id, other.for_user_id} & {approval.user_id, approval.for_user_id} for other in before):
        raise CreditRefused(SAME_PERSON)
    return APPROVED if len(before) + 1 >= rules.needed(approval.limit) else NEEDS_SECOND


def reject(request: LimitRequest, user_id: int, reason: str) -> None:
    """Refuse a rejection without a reason, or of one's own request, which is withdrawn instead.

    :raise CreditRefused: ``OWN_REQUEST`` or ``NO_REASON``
    """
    if user_id == request.requester_id:
        raise CreditRefused(OWN_REQUEST)
    check_reason(reason)


def _is_above(limit: Limit, amount: Decimal) -> bool:
    """Return whether a limit is above an amount; no limit at all is above any."""
    return limit.ceiling is None or limit.ceiling > amount
