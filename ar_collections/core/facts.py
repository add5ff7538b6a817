"""The facts about one customer that the reminder decision is based on, as frozen values.

Signs and units: debts are positive; credits are positive, too, and kept in a list of their own. ``residual`` is in
company currency, ``residual_currency`` in the item's own currency.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .money import ZERO, proportion
from .payments import RegisteredPayment, UnmatchedPayment
from .workdays import WorkCalendar

#: The kinds of open items: a journal item, or an installment of a payment plan that covers journal items.
LEDGER, INSTALLMENT = "ledger", "installment"

#: Exclusion code of an item that is money we paid to the customer, such as a refund that is not matched with its credit
#: note yet: no debt, but not settled either.
OUR_PAYMENT = "our_payment"

#: Exclusion code of an item whose payment a person blocked in Odoo: it is owed, and nobody asks for it until it is
#: unblocked.
PAYMENT_BLOCKED = "payment_blocked"

#: Exclusion code that holds for one message alone: a person selected other items for it.
NOT_SELECTED = "not_selected"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reminder schedule. A later step is more severe.

    :param days: number of days relative to the due date, negative before it
    :param minimum_days_overdue: the message lists only items that are at least this number of days late
    """

    step_id: int
    days: int
    channel: str = "email"
    minimum_days_overdue: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of one credit policy. Amounts in company currency; zero or ``None`` disables a rule.

    :param steps: the reminder schedule of invoices, in order of their days
    :param installment_steps: the reminder schedule of payment plan installments, in order of their days
    :param entry_step_id: the highest step at which an item enters the schedule late; ``None``, or one that is not among
        the steps: the first after the due date
    :param minimum_share: of the open balance, in percent
    :param review_above: messages that request more than this amount wait for approval
    :param unmatched_hold_days: for how long a payment that is not matched yet holds automatic reminders
    :param mention_unmatched: reminders name the payments that are not matched yet
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
    unmatched_hold_days: int = 0
    mention_unmatched: bool = False

    def steps_of(self, item: "OpenItem") -> tuple[Step, ...]:
        """Return the steps of the reminder schedule that applies to the item."""
        return self.steps if item.kind == LEDGER else self.installment_steps


@dataclass(frozen=True, slots=True)
class SentStep:
    """A step that was sent for an item, with the step's ``days``, so that it stays valid when the schedule changes."""

    step_id: int
    days: int
    day: date


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason to send no reminders of (part of) an item.

    :param code: one of the item codes of :mod:`.decision`, or ``NOT_SELECTED``
    :param amount: the excluded part, in the item's currency
    :param until: the day from which the exclusion no longer holds, where that is known
    """

    code: str
    amount: Decimal
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A posted, unreconciled receivable line; each installment of a payment term is one item.

    An unpaid installment of a payment plan is one, too, with an id of its own: see ``AccountFacts.installments``.

    :param sent_steps: every step that was sent for this item, in any order
    :param kind: ``LEDGER`` or ``INSTALLMENT``
    :param resumed_on: the day from which reminders of the item may be sent again after an agreement about it ended
    :param returned_on: the day on which a payment of the item came back, or a credit on it was undone, the last time
    :param assumed: why the invoice is reminded although nothing shows that it arrived: a state of
        :mod:`.invoicing.arrival`, where the policy asks for it
    :param member_id: the account that owes it, where another one is asked to pay: see :mod:`.reminders.group`

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
    returned_on: date | None = None
    assumed: str | None = None
    member_id: int | None = None

    @property
    def debtor_currency(self) -> tuple[int | None, str]:
        """What credits are set off within: the debtor and the currency."""
        return self.member_id, self.currency

    @property
    def key(self) -> tuple[str, int]:
        """The identity of the item: ids are unique within their kind only."""
        return self.kind, self.item_id

    @property
    def is_debt(self) -> bool:
        """Whether the customer owes it; our own payments to the customer are open items, too."""
        return not self.has(OUR_PAYMENT)

    def has(self, code: str) -> bool:
        """Return whether a part of it, or all of it, is excluded for this reason."""
        return any(exclusion.code == code for exclusion in self.exclusions)

    @property
    def chaseable_currency(self) -> Decimal:
        """What may be requested, in the item's currency: the residual less every excluded part, never below zero."""
        if not self.exclusions:
            return self.residual_currency
        excluded = sum((exclusion.amount for exclusion in self.exclusions), ZERO)
        return max(self.residual_currency - excluded, ZERO)

    def left_out(self) -> "OpenItem":
        """Return the item fully excluded by a choice; what we paid to the customer is still no debt."""
        of_itself = () if self.is_debt else self.exclusions
        return replace(self, exclusions=(*of_itself, Exclusion(NOT_SELECTED, self.residual_currency)))

    def without(self, left_out: Collection[str]) -> Decimal:
        """Return what is open without the parts that are excluded for these reasons, in the item's currency.

        >>> parts = (Exclusion("disputed", Decimal(30)), Exclusion("promise_open", Decimal(50)))
        >>> OpenItem(1, date(2026, 5, 1), "EUR", Decimal(100), Decimal(100), exclusions=parts).without({"disputed"})
        Decimal('70')

        :param left_out: codes of exclusions
        """
        parts = (exclusion.amount for exclusion in self.exclusions if exclusion.code in left_out)
        return max(self.residual_currency - sum(parts, ZERO), ZERO)

    @property
    def chaseable(self) -> Decimal:
        """What may be requested, in company currency at the item's booked rate."""
        if not self.exclusions:
            return self.residual
        return proportion(self.residual, self.chaseable_currency, self.residual_currency)


@dataclass(frozen=True, slots=True)
class Credit:
    """An open credit note or an unapplied payment; amounts positive, ``amount`` in company currency.

    :param member_id: as of an item
    """

    item_id: int
    currency: str
    amount_currency: Decimal
    amount: Decimal
    member_id: int | None = None

    @property
    def debtor_currency(self) -> tuple[int | None, str]:
        """What it is set off within, see ``OpenItem.debtor_currency``."""
        return self.member_id, self.currency


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One customer in one company on one day.

    :param items: the open journal items
    :param credits: open credit notes and unapplied payments, as the ledger shows them
    :param setoff: the credits that are set off against the items, where they differ from ``credits``: less what we
        paid back to the customer, and with what counts in another branch
    :param registered: payments without a journal entry, also those that have not arrived in time
    :param installments: unpaid installments of active payment plans, as items; the journal items they cover are
        excluded in return
    :param contacts: dates on which the customer was contacted, whatever the channel; a call that the collector has
        not made yet does not count
    :param channels: the channels that can reach the customer (a valid e-mail address, a postal address, ...)
    :param excluded: no reminders are sent to the customer at all
    :param archived: the customer's contact is archived
    :param delivery_unknown: whether an earlier message was delivered is unknown, and a person must find out
    :param is_insolvent: insolvency proceedings of the customer are running, so that it is not asked to pay for others;
        known of payers only
    :param unmatched: payments, credit notes and bank statement lines that are not matched yet
    :param paused_until: the day on which a pause of reminders ends
    :param resumed_on: the day on which the last pause ended
    :param automatic_today: an automatic message was prepared today already; there is at most one a day
    :param is_manual: a person requested this message, so timing, contact caps and review do not apply
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
    archived: bool = False
    delivery_unknown: bool = False
    is_insolvent: bool = False
    setoff: tuple[Credit, ...] | None = None
    registered: tuple[RegisteredPayment, ...] = ()
    unmatched: tuple[UnmatchedPayment, ...] = ()

    @property
    def usable_credits(self) -> tuple[Credit, ...]:
        """The credits that cover the customer's items."""
        return self.credits if self.setoff is None else self.setoff

    def only(self, item_ids: Collection[int], installment_ids: Collection[int] = ()) -> "AccountFacts":
        """Return the facts for a message about selected journal items alone.

        The others stay in the account, fully excluded, so that a policy's minimum share is still calculated from the
        whole balance. Other installments are left out: they have a schedule and dates of their own.

        >>> may, june = (OpenItem(n, date(2026, n, 1), "EUR", Decimal(10), Decimal(10)) for n in (5, 6))
        >>> selected = AccountFacts(9, items=(may, june)).only({6})
        >>> [(item.item_id, str(item.chaseable_currency)) for item in selected.items]
        [(5, '0'), (6, '10')]
        >>> [item.item_id for item in AccountFacts(9, installments=(may, june)).only((), {5}).installments]
        [5]
        """
        items = (item if item.item_id in item_ids else item.left_out() for item in self.items)
        installments = tuple(item for item in self.installments if item.item_id in installment_ids)
        return replace(self, items=tuple(items), installments=installments)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one decision takes into account, and whether a person requested it.

    :param is_manual: a person requested the message, so timing, contact caps and review do not apply
    :param without: ids of communications that are treated as if they did not exist
    :param selected: ids of the journal items that the message is limited to, by a person's selection; ``None``: all
    :param installments: ids of the installments of payment plans that go with the selected items
    :param cutoff_date: items due before it are excluded; ``None``: the company's own date; ``date.min``: none is
    :param is_judged: promises past their deadline and plans with missed installments count as judged, as the night of
        that day will do it; otherwise they exclude their items until they are judged
    :param has_unmatched: money that is not matched is read; it is needed for a decision alone
    """

    is_manual: bool = False
    without: frozenset[int] = frozenset()
    selected: frozenset[int] | None = None
    installments: frozenset[int] = frozenset()
    cutoff_date: date | None = None
    is_judged: bool = False
    has_unmatched: bool = True


#: The scope of the nightly run: all items, by the company's settings.
EVERYTHING = Scope()

#: What the items and balances are read with where nothing is decided about the customer.
ITEMS_ONLY = Scope(has_unmatched=False)
