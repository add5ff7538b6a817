"""What the ladder must know about one customer, as frozen values.

Signs and units: debts are positive, credits are positive too (they stand in a list of their own); ``residual``
is in company currency, ``residual_currency`` in the item's own currency.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .money import ZERO, proportion
from .workdays import WorkCalendar

#: What an open item is: a line of the ledger, or an installment of a payment plan that lies over such lines.
LEDGER, INSTALLMENT = "ledger", "installment"

#: The reason of a silence that holds for one message alone: a person chose other items for it.
NOT_SELECTED = "not_selected"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: ``days`` relative to the due date (negative: before it). Later is harsher."""

    step_id: int
    days: int
    channel: str = "email"
    #: The message lists only items that are at least this many days late.
    minimum_days_overdue: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of one credit policy. Amounts in company currency; zero or ``None`` switches a rule off.

    :param steps: the ladder of invoices, in order of their days
    :param installment_steps: the ladder of a payment plan's installments
    """

    steps: tuple[Step, ...] = ()
    installment_steps: tuple[Step, ...] = ()
    entry_step_id: int | None = None
    minimum_balance: Decimal = ZERO
    minimum_share: Decimal = ZERO
    contacts_per_day: int = 1
    contacts_per_7_days: int = 2
    contacts_per_30_days: int = 6
    minimum_gap_days: int = 0
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    review_above: Decimal | None = None

    def steps_of(self, item: "OpenItem") -> tuple[Step, ...]:
        """Return the ladder that the item climbs."""
        return self.steps if item.kind == LEDGER else self.installment_steps


@dataclass(frozen=True, slots=True)
class SentStep:
    """A step that was spoken about an item, with its ``days`` so that it outlives a change of schedule."""

    step_id: int
    days: int
    day: date


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason not to chase (part of) an item: one of the item codes of :mod:`decision`, in the item's currency.

    :param until: the day from which it no longer holds, where that is known
    """

    code: str
    amount: Decimal
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A posted, unreconciled receivable line; each instalment of a payment term is one item.

    An unpaid installment of a payment plan is one, too, with an id of its own: see ``AccountFacts.installments``.

    :param sent_steps: every step that was spoken about this item, in any order
    :param resumed_on: the day from which the item may be chased again after an agreement about it ended

    >>> item = OpenItem(1, date(2026, 5, 1), "USD", Decimal("110"), Decimal("100"),
    ...                 exclusions=(Exclusion("disputed", Decimal("33")),))
    >>> item.chaseable_currency, item.chaseable
    (Decimal('77'), Decimal('70'))
    """

    item_id: int
    due_date: date
    currency: str
    residual_currency: Decimal
    residual: Decimal
    sent_steps: tuple[SentStep, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    kind: str = LEDGER
    resumed_on: date | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Tell items apart: ids are unique within their kind."""
        return self.kind, self.item_id

    @property
    def chaseable_currency(self) -> Decimal:
        """What may be asked for, in the item's currency: the residual less every silent part, never below zero."""
        if not self.exclusions:
            return self.residual_currency
        excluded = sum((exclusion.amount for exclusion in self.exclusions), ZERO)
        return max(self.residual_currency - excluded, ZERO)

    @property
    def chaseable(self) -> Decimal:
        """The same in company currency, at the item's booked rate."""
        if not self.exclusions:
            return self.residual
        return proportion(self.residual, self.chaseable_currency, self.residual_currency)


@dataclass(frozen=True, slots=True)
class Credit:
    """An open credit note or a payment that is not applied yet, as a positive amount."""

    item_id: int
    currency: str
    amount_currency: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One customer in one company on one day.

    :param items: the open lines of the ledger
    :param installments: what is unpaid of active payment plans, as items; the lines they lie over are silent in return
    :param contacts: dates on which the customer was contacted, whatever the channel; a call that still waits
        for the collector is no contact yet
    :param channels: the channels that can reach the customer (a valid e-mail address, a postal address, ...)
    :param resumed_on: the day on which the last pause ended
    :param automatic_today: an automatic message was prepared today already; there is one voice a day
    :param is_manual: a person asked for this message, so timing, caps and review do not stand in its way
    """

    customer_id: int
    items: tuple[OpenItem, ...] = ()
    credits: tuple[Credit, ...] = ()
    installments: tuple[OpenItem, ...] = ()
    contacts: tuple[date, ...] = ()
    channels: frozenset[str] = frozenset({"email", "letter", "call"})
    excluded: bool = False
    paused_until: date | None = None
    resumed_on: date | None = None
    automatic_today: bool = False
    is_manual: bool = False

    def only(self, item_ids: Collection[int]) -> "AccountFacts":
        """Return the facts for a message about chosen lines of the ledger alone.

        What was not chosen stays in the account, wholly silent, so that a policy's minimum share is taken of the same
        balance; installments of payment plans have a ladder and a day of their own.

        >>> may, june = (OpenItem(n, date(2026, n, 1), "EUR", Decimal(10), Decimal(10)) for n in (5, 6))
        >>> selected = AccountFacts(9, items=(may, june)).only({6})
        >>> [(item.item_id, str(item.chaseable_currency)) for item in selected.items]
        [(5, '0'), (6, '10')]
        """
        items = (
            item
            if item.item_id in item_ids
            else replace(item, exclusions=(Exclusion(NOT_SELECTED, item.residual_currency),))
            for item in self.items
        )
        return replace(self, items=tuple(items), installments=())


@dataclass(frozen=True, slots=True)
class Scope:
    """What one decision looks at, and on whose behalf it is made.

    :param is_manual: a person asked for the message, so timing, caps and review do not stand in its way
    :param without: ids of communications that are looked at as if they had not been made
    :param selected: ids of the journal items that a person selected, the message is about nothing else; None: about all
    :param cutoff_date: items due before it are left out; None: the company's own date; `date.min`: none
    """

    is_manual: bool = False
    without: frozenset[int] = frozenset()
    selected: frozenset[int] | None = None
    cutoff_date: date | None = None


#: The nightly run's own view.
EVERYTHING = Scope()
