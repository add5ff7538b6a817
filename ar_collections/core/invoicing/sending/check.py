"""Whether an invoice may be sent, and how: the checks before sending, in the order in which people read them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ...money import ZERO
from . import states


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What is known about an invoice before it is sent.

    :param is_active: whether collections are active in the company
    :param mode: of the policy, see :mod:`.states`
    :param methods: the sending methods by which it can be sent now; empty: nobody would get it
    :param missing: the kinds of the enforced billing requirements that are not met
    :param amount: in the company's currency, without sign
    :param review_above: 0: none is reviewed
    :param is_canceled: nobody is to get it, unless it is posted again
    :param is_old: it is dated long before it was posted
    :param is_changed: it was sent before, and is not the same any more
    :param is_credited: it is credited in full, or a credit note of an invoice that was not sent
    :param is_uploaded: somebody put it on the customer's portal
    :param is_released: a person decided to send it although it is changed, credited, large, old or of a policy
        without
    :param is_overridden: a manager decided to send it without its billing requirements
    """

    is_posted: bool = True
    is_canceled: bool = False
    is_active: bool = True
    mode: str = states.POSTING
    methods: frozenset[str] = frozenset({states.EMAIL})
    missing: tuple[str, ...] = ()
    amount: Decimal = ZERO
    review_above: Decimal = ZERO
    is_with_odoo: bool = False
    is_old: bool = False
    is_changed: bool = False
    is_credited: bool = False
    is_uploaded: bool = False
    is_released: bool = False
    is_overridden: bool = False


def judge(facts: InvoiceFacts) -> tuple[str, str | None]:
    """Return the state of an invoice that was not sent yet, and the reason why it waits.

    ``("waiting", None)`` may be sent at its time.

    >>> judge(InvoiceFacts())
    ('waiting', None)
    >>> judge(InvoiceFacts(missing=("reference", "upload")))
    ('held', 'reference')
    >>> judge(InvoiceFacts(methods=frozenset({"manual"})))
    ('print', None)
    """
    if facts.is_canceled:
        return states.NOT_TO_SEND, states.CANCELED
    if facts.is_with_odoo:
        return states.WAITING, states.WITH_ODOO
    if reason := _find_stop(facts):
        return states.HELD, reason
    if facts.methods == {states.MANUAL}:
        return (states.SENT if facts.is_uploaded else states.PRINT), None
    if not facts.methods:
        # The customer's portal has it: nobody else waits for it.
        return (states.SENT, None) if facts.is_uploaded else (states.HELD, states.NO_RECEIVER)
    return states.WAITING, None


def _find_stop(facts: InvoiceFacts) -> str | None:
    """Return the first reason not to send the invoice now."""
    if not facts.is_posted:
        return states.DRAFT
    if not facts.is_active:
        return states.INACTIVE
    if not facts.is_released and (reason := _find_doubt(facts)):
        return reason
    return facts.missing[0] if facts.missing and not facts.is_overridden else None


def _find_doubt(facts: InvoiceFacts) -> str | None:
    """Return the first reason that a person may set aside."""
    is_large = ZERO < facts.review_above < facts.amount
    for holds, reason in (
        (facts.mode == states.OFF, states.SWITCHED_OFF),
        (facts.is_changed, states.CHANGED),
        (facts.is_credited, states.CREDITED),
        (is_large, states.REVIEW),
        (facts.is_old, states.OLD),
    ):
        if holds:
            return reason
    return None


def find_missing(requirements: Iterable[tuple[str, bool]], has_reference: bool, done: Collection[str]) -> tuple:
    """Return the kinds of the enforced requirements that are not met, in their order, each once.

    :param requirements: kind and whether it is enforced
    :param has_reference: whether the invoice bears the customer's reference
    :param done: what people marked as done: kinds of which everything that is enforced is done

    >>> find_missing([("reference", True), ("upload", True), ("other", False)], False, {"upload"})
    ('reference',)
    """
    enforced = dict.fromkeys(kind for kind, is_enforced in requirements if is_enforced)
    met = {*done, *((states.REFERENCE,) if has_reference else ())}
    return tuple(kind for kind in enforced if kind not in met)
