"""What :func:`.reminders.decide.decide` returns: codes, never sentences; ``const/`` has their translated texts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .facts import EVERYTHING, OUR_PAYMENT, PAYMENT_BLOCKED, AccountFacts, Credit, OpenItem, Rules, Scope, Step
from .money import ZERO
from .payments import UnmatchedPayment

# --- The customer is contacted ---
STEP_REACHED = "step_reached"

#: The message is prepared, but a person must approve it first.
NEEDS_REVIEW = "needs_review"

# --- (Part of) an item is excluded from reminders ---
PAYMENT_PENDING = "payment_pending"

#: The customer says to have paid it, and the money is looked for.
PAYMENT_REPORTED = "payment_reported"

DISPUTED = "disputed"

PROMISE_OPEN = "promise_open"

PLAN_ACTIVE = "plan_active"

#: It is going to be charged automatically: an item of an account, or an installment of a payment plan.
AUTOPAY_AGREED = "autopay_agreed"

PLACED = "placed"

#: The debt is from before the opening of the customer's insolvency: it is claimed in the proceedings alone.
INSOLVENT = "insolvent"

#: A reduced amount was agreed by a day, or paid in time while the rest is not credited yet.
SETTLEMENT_OPEN = "settlement_open"

EXCLUDED = "excluded"

#: What is left of the item is the remainder of a rounding, within the policy's tolerance or a discount taken in time.
SMALL_DIFFERENCE = "small_difference"

BEFORE_CUTOFF = "before_cutoff"

#: The customer has not known of the invoice for long: it was entered, or sent, a few days ago.
RECENTLY_ENTERED = "recently_entered"

#: Nothing shows that the customer got the invoice, and the policy waits for it, see :mod:`.invoicing.arrival`.
NOT_ARRIVED = "not_arrived"

#: The order in which an item's exclusions are reported when several hold.
ITEM_CODES = (
    INSOLVENT, PAYMENT_BLOCKED, PAYMENT_PENDING, PAYMENT_REPORTED, DISPUTED, PROMISE_OPEN, AUTOPAY_AGREED, PLAN_ACTIVE,
    PLACED, SETTLEMENT_OPEN, EXCLUDED, OUR_PAYMENT, SMALL_DIFFERENCE, BEFORE_CUTOFF, RECENTLY_ENTERED,
    NOT_ARRIVED,
)  # fmt: skip

#: The subset that was agreed on, is being paid, is blocked or is no debt of the customer: such a part cannot be
#: promised, disputed or planned again.
AGREED_CODES = (
    INSOLVENT, PAYMENT_BLOCKED, PAYMENT_PENDING, PAYMENT_REPORTED, DISPUTED, PROMISE_OPEN, PLAN_ACTIVE, PLACED,
    SETTLEMENT_OPEN, OUR_PAYMENT,
)  # fmt: skip

#: The subset that says from when a reminder may list an item, and nothing about whether it is asked for: statements and
#: the customer page, which ask for what is not due yet as well, ask for it, see :mod:`.customers.owed`.
TIMING_CODES = (RECENTLY_ENTERED, NOT_ARRIVED)

#: The subset that is being paid, or was paid as the customer says: of a payment plan it covers the oldest installments.
COVERING_CODES = (PAYMENT_PENDING, PAYMENT_REPORTED)

# --- The customer is not contacted today ---
NOTHING_DUE = "nothing_due"

COVERED_BY_CREDIT = "covered_by_credit"

BELOW_MINIMUM = "below_minimum"

PAUSED = "paused"

#: The contact itself is archived: somebody left the company's books, but still owes.
ARCHIVED = "archived"

#: Nobody knows whether an earlier message was delivered, and a person has not answered yet.
DELIVERY_UNKNOWN = "delivery_unknown"

#: The reminder schedule has no steps.
NO_STEPS = "no_steps"

#: Money of the customer is not matched yet: it may be the payment that the reminder would ask for.
UNMATCHED_PAYMENT = "unmatched_payment"

TOO_SOON = "too_soon"

NOT_A_WORKDAY = "not_a_workday"

NO_ADDRESS = "no_address"

ALREADY_SENT = "already_sent"

#: Set by the nightly run, not by the decision: the company's daily limit for a new start is used up.
DAILY_RAMP = "daily_ramp"

#: Set by the nightly run, not by the decision: the email template fails, as it did for others before.
MESSAGE_FAILED = "message_failed"

NOT_ACTIVE = "not_active"

#: Another account pays for the customer, and is reminded of its items, see :mod:`.reminders.group`.
PAYER_REMINDED = "payer_reminded"

#: Another account pays for the customer, and is not contacted as a whole, see :mod:`.reminders.group`.
PAYER_HELD = "payer_held"

#: The account pays for others, and none of these may be reminded as a whole, see :mod:`.reminders.group`.
MEMBERS_HELD = "members_held"

#: Set where the customer has open items, but no credit policy applies.
NO_POLICY = "no_policy"

SEND, REVIEW, NO_CONTACT = "send", "review", "no_contact"


def in_order(found: Collection[str]) -> list[str]:
    """Return the codes of exclusions in the order in which they are reported.

    Codes that another module added come first, by name.

    >>> in_order({"disputed", "payment_pending", "embargo"})
    ['embargo', 'payment_pending', 'disputed']
    """
    return [*sorted(set(found) - set(ITEM_CODES)), *(code for code in ITEM_CODES if code in found)]


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item that the message lists; ``step_id`` is the step that is recorded for it, ``None``: it is only listed."""

    item: OpenItem
    step_id: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one customer today, and why.

    :param action: ``SEND``, ``REVIEW`` or ``NO_CONTACT``
    :param code: the reason: one of this module's codes
    :param step: the step that sets channel and tone of the message (also of one deferred by timing)
    :param items: what the message lists, oldest due date first
    :param credits: open credits in the currencies of the items, which are set off against them
    :param amounts_due: (currency, amount) that the customer is asked to pay: items less credits, always positive
    :param until: the day on which the reason not to contact ends, where that is known
    :param unmatched: payments that the message names, because they are not matched yet
    """

    action: str
    code: str
    step: Step | None = None
    items: tuple[ListedItem, ...] = ()
    credits: tuple[Credit, ...] = ()
    amounts_due: tuple[tuple[str, Decimal], ...] = ()
    until: date | None = None
    unmatched: tuple[UnmatchedPayment, ...] = ()

    @property
    def has_message(self) -> bool:
        """Whether a message is prepared, to be sent at once or after review."""
        return self.action != NO_CONTACT

    @property
    def company_total(self) -> Decimal:
        """The amount that the message requests, in company currency."""
        items = sum((entry.item.chaseable for entry in self.items), ZERO)
        return items - sum((credit.amount for credit in self.credits), ZERO)


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """A future contact with the customer, as it will be if nothing is paid until then."""

    day: date
    decision: Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one customer, with the facts, rules and scope it was made from.

    :param is_todays: the decision is that of the day; not where a step is sent early, or a limit of the company holds
    :param own: for an account that pays for others, its own facts: ``facts`` are those of the group
    :param payer: for an account that another one pays for, the verdict about that one
    """

    facts: AccountFacts
    rules: Rules
    decision: Decision
    scope: Scope = EVERYTHING
    is_todays: bool = True
    own: AccountFacts | None = None
    payer: "Verdict | None" = None

    @property
    def account(self) -> AccountFacts:
        """The facts of the customer alone, also where it pays for others."""
        return self.own or self.facts
