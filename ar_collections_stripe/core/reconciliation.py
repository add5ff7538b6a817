"""What is at Stripe against what is in the books: where they differ, and how.

Amounts are in the smallest unit of their currency, as Stripe gives them; currencies are ISO codes in capitals.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

# --- How they differ; the texts are in ``messages.py`` ---
CHARGE_MISSING = "charge_missing"  # a charge without a payment here
PAYMENT_MISSING = "payment_missing"  # a payment without a charge at Stripe
AMOUNT = "amount"
CURRENCY = "currency"
CUSTOMER = "customer"
TWICE = "twice"
REFUND_MISSING = "refund_missing"  # a refund without one here
REFUND_FAILED = "refund_failed"  # a refund here without one at Stripe
DISPUTE_MISSING = "dispute_missing"

KINDS = (
    CHARGE_MISSING, PAYMENT_MISSING, AMOUNT, CURRENCY, CUSTOMER, TWICE, REFUND_MISSING, REFUND_FAILED, DISPUTE_MISSING,
)  # fmt: skip

#: Statuses of a refund at Stripe by which no money goes to the customer, and the one by which it went.
FAILED, SUCCEEDED = frozenset({"failed", "canceled"}), "succeeded"


@dataclass(frozen=True, slots=True)
class Charge:
    """A successful charge at Stripe.

    :param id: of the charge
    :param intent: id of its payment intent; ``None`` where it was made without
    :param reference: its description
    :param customer: Stripe's customer, or ``None``
    :param refunded: what was given back
    :param created: seconds since 1970
    """

    id: str
    intent: str | None
    reference: str | None
    customer: str | None
    amount: int
    currency: str
    created: int
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A refund or a dispute of a charge at Stripe.

    :param id: of the refund or dispute
    :param intent: id of the payment intent, or ``None``
    """

    id: str
    intent: str | None
    amount: int
    currency: str
    created: int
    status: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """A transaction here that charges, or refunds where ``source`` says which one.

    :param key: id of the transaction
    :param number: Stripe's number that it knows: a payment intent or a refund; ``None`` where it knows none
    :param customer: Stripe's customer of the saved method that was charged, or ``None``
    :param amount: positive; of the payment in the books where there is one, else of the transaction; so is the currency
    :param is_done: it counts as paid here
    :param is_booked: the books have the money, or had it until a chargeback took it back
    :param created: seconds since 1970, of its last change
    """

    key: int
    number: str | None
    reference: str
    customer: str | None
    amount: int
    currency: str
    created: int
    is_done: bool = True
    is_booked: bool = True
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    :param kind: one of ``KINDS``
    :param number: of Stripe's object; where there is none the reference of the transaction
    :param key: id of the transaction here, or ``None``
    :param amount: at Stripe; ``None`` where there is nothing
    :param expected: here; ``None`` where there is nothing
    :param created: seconds since 1970
    """

    kind: str
    number: str
    reference: str | None
    key: int | None
    amount: int | None
    expected: int | None
    currency: str
    created: int


def find_differences(
    charges: Collection[Charge],
    refunds: Iterable[Change],
    disputes: Iterable[Change],
    payments: Collection[Payment],
    known_disputes: Collection[str],
    strangers: bool = False,
) -> list[Difference]:
    """Return the differences. Failed and uncaptured charges are no part of `charges`.

    A charge belongs to the transaction that knows its payment intent, else to one with its description as reference
    that knows none. Where money came and went, at Stripe and not here, there is nothing to book: a charge that was
    given back in full, and refunds of what nothing here knows, are no differences. Nor are refunds on their way.

    :param payments: charges and refunds here; those without a charge in `charges` are not compared with one, see
        `find_lost`
    :param known_disputes: numbers of the disputes that are known here
    :param strangers: whether others use the account too: what nothing here knows is not ours, then

    >>> charge = Charge("ch_1", "pi_1", "INV-1", "cus_1", 5000, "EUR", 100)
    >>> payment = Payment(7, "pi_1", "INV-1", "cus_1", 5000, "EUR", 100)
    >>> refund = Change("re_1", "pi_1", 500, "EUR", 200, "succeeded")
    >>> find_differences([charge], [], [], [payment], [])
    []
    >>> [found.kind for found in find_differences([charge], [refund], [], [payment], [])]
    ['refund_missing']
    >>> [found.kind for found in find_differences([charge], [], [], [], [])]
    ['charge_missing']
    >>> find_differences([charge], [], [], [], [], strangers=True)
    []
    """
    ours = [payment for payment in payments if payment.source is None]
    refunds = list(refunds)
    intents = {payment.number: payment for payment in ours if payment.number}
    back = {payment.number: payment for payment in payments if payment.source is not None}
    returned = {payment.source for payment in back.values() if payment.is_booked}
    found = list(_of_charges(charges, _match(charges, ours), returned, strangers))
    found += _of_refunds(refunds, back, intents, _find_void(charges, refunds, intents))
    found += [
        _difference(DISPUTE_MISSING, dispute, intents.get(dispute.intent))
        for dispute in disputes
        if dispute.id not in known_disputes and (dispute.intent in intents or not strangers)
    ]
    return found


def find_lost(payments: Iterable[Payment], charges: Iterable[Charge], intents: Collection[str]) -> list[Difference]:
    """Return the booked payments here for which there is no charge at Stripe.

    :param intents: numbers of payment intents that were looked up one by one, and that have succeeded

    >>> payment = Payment(7, "pi_1", "INV-1", None, 5000, "EUR", 100)
    >>> [found.kind for found in find_lost([payment], [], [])], find_lost([payment], [], ["pi_1"])
    (['payment_missing'], [])
    """
    there = {charge.intent for charge in charges} | set(intents)
    return [
        Difference(
            PAYMENT_MISSING, payment.number or payment.reference, payment.reference, payment.key, None, payment.amount,
            payment.currency, payment.created,
        )
        for payment in payments
        if payment.source is None and payment.is_done and payment.is_booked and payment.number not in there
    ]  # fmt: skip


def _match(charges: Iterable[Charge], payments: Iterable[Payment]) -> Mapping[str, Payment]:
    """Return {id of a charge: its payment here}."""
    by_intent = {payment.number: payment for payment in payments if payment.number}
    by_reference = {payment.reference: payment for payment in payments}
    matched = {}
    for charge in charges:
        payment = by_intent.get(charge.intent) or by_reference.get(charge.reference)
        if payment:
            matched[charge.id] = payment
    return matched


def _find_void(charges: Iterable[Charge], refunds: Iterable[Change], intents: Mapping[str, Payment]) -> Collection[str]:
    """Return the payment intents of payments that are not booked here, and were given back in full at Stripe.

    >>> payment = Payment(7, "pi_1", "INV-1", None, 500, "EUR", 100, is_booked=False)
    >>> _find_void([], [Change("re_1", "pi_1", 500, "EUR", 200, "succeeded")], {"pi_1": payment})
    {'pi_1'}
    """
    back = defaultdict(int)
    for refund in refunds:
        if refund.status == SUCCEEDED:
            back[refund.intent] += refund.amount
    for charge in charges:
        back[charge.intent] = max(back[charge.intent], charge.refunded)
    return {number for number, payment in intents.items() if not payment.is_booked and back[number] >= payment.amount}


def _of_charges(
    charges: Iterable[Charge], matched: Mapping[str, Payment], returned: Collection[int], strangers: bool
) -> Iterable[Difference]:
    """Yield what differs about the charges.

    :param returned: keys of the payments of which a refund is booked here
    """
    groups = defaultdict(list)
    for charge in charges:
        payment = matched.get(charge.id)
        if payment:
            groups[payment.key].append(charge)
        elif not strangers and not _is_back(charge):
            yield _difference(CHARGE_MISSING, charge, None)
    for group in groups.values():
        payment = matched[group[0].id]
        own = next((charge for charge in group if charge.intent == payment.number), None)
        if own or not payment.number:
            first = own or next((charge for charge in group if not _is_back(charge)), group[0])
            yield from _of_charge(first, payment, payment.key in returned)
            others = [charge for charge in group if charge is not first]
        else:
            others = group  # same reference, another intent
        for charge in others:
            yield from _of_other(charge, payment, strangers)


def _is_back(charge: Charge) -> bool:
    """Return whether a charge was given back in full."""
    return charge.refunded >= charge.amount


def _of_other(charge: Charge, payment: Payment, strangers: bool) -> Iterable[Difference]:
    """Yield a second charge with the reference of a payment; what was given back in full is no difference.

    Others who use the account may have the same references: with another amount or currency it is not ours.
    """
    same = (charge.amount, charge.currency) == (payment.amount, payment.currency)
    if not _is_back(charge) and (same or not strangers):
        yield _difference(TWICE, charge, payment)


def _of_charge(charge: Charge, payment: Payment, is_returned: bool) -> Iterable[Difference]:
    """Yield what differs between a charge and its payment; the first thing alone, the others follow from it.

    :param is_returned: a refund of it is booked here: the payment has to be, too
    """
    if not (payment.is_done and payment.is_booked):
        if is_returned or not _is_back(charge):
            yield _difference(CHARGE_MISSING, charge, payment)
    elif charge.currency != payment.currency:
        yield _difference(CURRENCY, charge, payment)
    elif charge.amount != payment.amount:
        yield _difference(AMOUNT, charge, payment)
    elif payment.customer and charge.customer and charge.customer != payment.customer and not _is_back(charge):
        yield _difference(CUSTOMER, charge, payment)


def _of_refunds(
    refunds: Iterable[Change], back: Mapping[str, Payment], intents: Mapping[str, Payment], void: Collection[str]
) -> Iterable[Difference]:
    """Yield what differs about the refunds at Stripe; those of what nothing here knows are not ours.

    :param void: payment intents of which nothing has to be booked, see `_find_void`
    """
    for refund in refunds:
        here = back.get(refund.id)
        if refund.status in FAILED:
            if here and here.is_booked:
                yield _difference(REFUND_FAILED, refund, here)
        elif refund.status != SUCCEEDED:
            continue  # on its way
        elif not here or not here.is_done:
            if here or (refund.intent in intents and refund.intent not in void):
                yield _difference(REFUND_MISSING, refund, here or intents.get(refund.intent), bool(here))
        elif (refund.amount, refund.currency) != (here.amount, here.currency):
            yield _difference(AMOUNT, refund, here)


def _difference(kind: str, thing, payment: Payment | None, is_same: bool = True) -> Difference:
    """Return a difference about something at Stripe.

    :param is_same: the payment is what the thing should be, so that its amount is what is expected
    """
    expected = payment.amount if payment and is_same and kind not in (TWICE, DISPUTE_MISSING) else None
    reference = payment.reference if payment else getattr(thing, "reference", None)
    return Difference(
        kind, thing.id, reference, payment and payment.key, thing.amount, expected, thing.currency, thing.created
    )
