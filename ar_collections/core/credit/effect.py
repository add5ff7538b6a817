"""What a customer's credit status means for its documents: inform, warn or block.

Documents that are posted, confirmed or delivered together are checked one after the other, each on top of those that
passed before it, and each for itself: one that is blocked stops no other.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ..money import ZERO
from .release import StoredStatus, effective, update
from .rules import GOOD, HOLD, CreditFacts, CreditRule, RuleExclusion
from .status import CreditStatus, evaluate

# --- The kinds of documents ---
ORDER, DELIVERY, INVOICE = "order", "delivery", "invoice"

#: An invoice for goods that are delivered: the debt exists, and holding the invoice only makes it later.
DELIVERED_INVOICE = "delivered_invoice"

# --- The effects, from the mildest to the most severe ---
NOTHING, INFORM, WARN, BLOCK = "nothing", "inform", "warn", "block"

EFFECTS = (NOTHING, INFORM, WARN, BLOCK)

# --- Why a document is not held in spite of the customer's status ---
#: It reduces what is owed, or is about nothing: credit notes, refunds, receipts, free deliveries.
NO_DEBT = "no_debt"

#: What has to be paid for it is paid, authorized or pending: money in hand is never refused.
PAID = "paid"

#: A credit manager released this document.
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class EffectRules:
    """A policy's settings: what a hold means for each kind of document. A warning never blocks."""

    order: str = BLOCK
    delivery: str = BLOCK
    invoice: str = BLOCK
    delivered_invoice: str = WARN

    def effect(self, kind: str, status: str) -> str:
        """Return the effect of a status on a kind of document.

        >>> rules = EffectRules(delivery=INFORM)
        >>> [rules.effect(kind, HOLD) for kind in (ORDER, DELIVERY, INVOICE, DELIVERED_INVOICE)]
        ['block', 'inform', 'block', 'warn']
        >>> rules.effect(ORDER, "warning"), rules.effect(DELIVERY, "warning"), rules.effect(ORDER, GOOD)
        ('warn', 'inform', 'nothing')
        """
        if status == GOOD:
            return NOTHING
        of_hold = getattr(self, kind)
        return of_hold if status == HOLD else min(of_hold, WARN, key=EFFECTS.index)


@dataclass(frozen=True, slots=True)
class Release:
    """A credit manager's decision to let one document pass.

    :param amount: up to which; a document that became larger needs another decision
    """

    amount: Decimal
    reason: str
    user_id: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document to be confirmed, delivered or posted; amounts in company currency, taxes included.

    :param document_id: names it among those that are checked together
    :param amount: zero or negative: it creates no debt
    :param counted: how much of it, as a positive amount, is part of the exposure already: a draft, where drafts count,
        or a confirmed order
    :param covered: what is paid, authorized or pending for it and not in the books yet; what is booked is one of the
        customer's credits and reduces the exposure already
    :param is_paid: all that has to be paid before it goes on is covered; for an order with a down payment, the down
        payment
    :param terms_days: its payment terms; ``None``: as in the facts
    """

    document_id: Hashable
    kind: str
    amount: Decimal
    counted: Decimal = ZERO
    covered: Decimal = ZERO
    is_paid: bool = False
    terms_days: int | None = None
    release: Release | None = None

    @property
    def added(self) -> Decimal:
        """What it adds to the exposure."""
        return max(self.amount - self.counted - self.covered, ZERO)

    @property
    def reduced(self) -> Decimal:
        """By how much it reduces the exposure."""
        return max(-self.amount - self.counted, ZERO)

    @property
    def exemption(self) -> str | None:
        """Why it is not held, whatever the status; ``None``: it may be."""
        if self.amount <= 0:
            return NO_DEBT
        if self.is_paid:
            return PAID
        return RELEASED if self.release is not None and self.amount <= self.release.amount else None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides about a customer's documents at one moment; its account is locked meanwhile.

    :param stored: as stored at the last evaluation, which may be older than the facts
    :param releases_itself: see :func:`.release.update`
    """

    facts: CreditFacts
    rules: tuple[CreditRule, ...] = ()
    exclusions: tuple[RuleExclusion, ...] = ()
    stored: StoredStatus = field(default_factory=StoredStatus)
    effects: EffectRules = field(default_factory=EffectRules)
    releases_itself: bool = True

    def refresh(self, today: date) -> "Standing":
        """Return the same with the status by the present facts: a payment may have released the customer just now."""
        found = evaluate(self.facts, self.rules, self.exclusions, today)
        return replace(self, stored=update(self.stored, found, self.releases_itself, today))

    def after(self, document: Document, taken: Decimal, today: date) -> CreditStatus:
        """Return the status of the customer as it would be with the document.

        :param taken: by which the exposure rose since the facts were read
        """
        terms_days = self.facts.terms_days if document.terms_days is None else document.terms_days
        facts = replace(self.facts, exposure=self.facts.exposure + taken + document.added, terms_days=terms_days)
        kind = INVOICE if document.kind == DELIVERED_INVOICE else document.kind
        return effective(self.stored, evaluate(facts, self.rules, self.exclusions, today, kind))


@dataclass(frozen=True, slots=True)
class DocumentEffect:
    """What is done with one document, and why.

    :param document_id: that of the document
    :param taken: by how much the exposure rises with it; below zero: falls
    :param exemption: ``NO_DEBT``, ``PAID`` or ``RELEASED``, where the document is not held for that
    """

    document_id: Hashable
    effect: str
    status: CreditStatus
    taken: Decimal
    exemption: str | None = None


def check(documents: Iterable[Document], standing: Standing, today: date) -> tuple[DocumentEffect, ...]:
    """Return the effect on each document of one customer, in their order.

    What reduces the debt counts first. A blocked document takes no room: a smaller one after it may pass.

    With a limit of 1,000, two invoices of 600 do not both pass:

    >>> from .limit import AMOUNT, Limit
    >>> from .rules import OVER_LIMIT
    >>> standing = Standing(CreditFacts(Limit(AMOUNT, Decimal(1000))), (CreditRule(OVER_LIMIT),))
    >>> def effects(*amounts):
    ...     documents = [Document(n, INVOICE, Decimal(amount)) for n, amount in enumerate(amounts)]
    ...     return [result.effect for result in check(documents, standing, date(2026, 6, 10))]
    >>> effects(600, 600, 400), effects("1000.00"), effects("1000.01"), effects(1200, -200)
    (['nothing', 'block', 'nothing'], ['nothing'], ['block'], ['nothing', 'nothing'])
    """
    documents, standing = tuple(documents), standing.refresh(today)
    taken = -sum((document.reduced for document in documents), ZERO)
    results = []
    for document in documents:
        status = standing.after(document, taken, today)
        effect = standing.effects.effect(document.kind, status.status)
        if document.exemption is not None:
            effect = min(effect, INFORM, key=EFFECTS.index)
        added = ZERO if effect == BLOCK else document.added
        taken += added
        results.append(
            DocumentEffect(document.document_id, effect, status, added - document.reduced, document.exemption)
        )
    return tuple(results)
