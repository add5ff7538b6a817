"""How a hold ends: by itself, by a person who confirms that its cause is gone, or by a release in spite of it."""

from dataclasses import dataclass, replace
from datetime import date

from .reasons import Reason
from .rules import (
    CUSTOMER,
    GOOD,
    HOLD,
    OVER_GROUP_LIMIT,
    OVER_LIMIT,
    READY_TO_RELEASE,
    RULE_VALUES,
    RuleExclusion,
)
from .status import CreditStatus


@dataclass(frozen=True, slots=True)
class StoredStatus:
    """The status that is stored with a customer.

    :param since: the first day of this status
    :param is_waiting: what caused the hold is gone, and a person has to release it
    """

    status: str = GOOD
    since: date | None = None
    is_waiting: bool = False


def update(stored: StoredStatus, found: CreditStatus, is_automatic: bool, today: date) -> StoredStatus:
    """Return the status to store after an evaluation; the same value where nothing changed.

    A hold whose cause is gone ends by itself, or waits for a person, as the policy says. A hold by a person lasts until
    its last day, whatever else is gone. A new cause holds again at once.

    :param is_automatic: holds whose cause is gone end by themselves

    >>> held, monday, good = StoredStatus(HOLD, date(2026, 6, 1)), date(2026, 6, 8), CreditStatus(GOOD)
    >>> update(held, good, True, monday) == StoredStatus(GOOD, monday)
    True
    >>> waiting = update(held, good, False, monday)
    >>> waiting == StoredStatus(HOLD, date(2026, 6, 1), is_waiting=True)
    True
    >>> update(waiting, good, False, monday) is waiting
    True
    >>> update(waiting, CreditStatus(HOLD), False, monday) == held
    True
    """
    is_waiting = stored.status == HOLD and found.status != HOLD and not is_automatic
    status = HOLD if is_waiting else found.status
    if (status, is_waiting) == (stored.status, stored.is_waiting):
        return stored
    return StoredStatus(status, stored.since if status == stored.status else today, is_waiting)


def effective(stored: StoredStatus, found: CreditStatus) -> CreditStatus:
    """Return the status that applies: the one found, or the hold that waits for a person.

    >>> waiting = StoredStatus(HOLD, date(2026, 6, 1), is_waiting=True)
    >>> effective(waiting, CreditStatus(GOOD)).codes, effective(StoredStatus(HOLD), CreditStatus(GOOD)).codes
    (('ready_to_release',), ())
    """
    if not stored.is_waiting or found.status == HOLD:
        return found
    return replace(found, status=HOLD, reasons=(Reason(READY_TO_RELEASE, HOLD), *found.reasons))


def release(found: CreditStatus, reason: str, until: date) -> tuple[RuleExclusion, ...]:
    """Return the exclusions by which a person releases a hold although its causes remain; warnings remain.

    Each cause is excluded alone, so that another one holds again. A limit that is exceeded is not exceeded further. A
    hold by a person has no exclusion: it is ended itself.

    >>> from decimal import Decimal
    >>> over = Reason(OVER_LIMIT, HOLD, amount=Decimal(500))
    >>> used = Reason("limit_used", "warning")
    >>> [(e.code, str(e.amount)) for e in release(CreditStatus(HOLD, (over, used)), "paid by phone", date(2026, 6, 30))]
    [('over_limit', '500')]
    """
    return tuple(
        RuleExclusion(
            0,
            cause.code,
            CUSTOMER,
            reason,
            until,
            amount=cause.amount if cause.code in (OVER_LIMIT, OVER_GROUP_LIMIT) else None,
        )
        for cause in found.reasons
        if cause.status == HOLD and cause.code in RULE_VALUES
    )
