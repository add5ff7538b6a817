"""What the ladder answers: codes, never sentences. The words for them live in ``const.py``, translated."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .facts import EVERYTHING, AccountFacts, Credit, OpenItem, Rules, Scope, Step

# --- The customer is contacted ---
STEP_REACHED = "step_reached"

#: The message is prepared, but a person must approve it first.
NEEDS_REVIEW = "needs_review"

# --- (Part of) an item is silent ---
PAYMENT_PENDING = "payment_pending"

DISPUTED = "disputed"

PROMISE_OPEN = "promise_open"

PLAN_ACTIVE = "plan_active"

#: Of an installment, not of a line of the ledger.
AUTOPAY_AGREED = "autopay_agreed"

PLACED = "placed"

EXCLUDED = "excluded"

BEFORE_CUTOFF = "before_cutoff"

#: The order in which an item's silence is reported when several reasons hold.
ITEM_CODES = (
    PAYMENT_PENDING, DISPUTED, PROMISE_OPEN, AUTOPAY_AGREED, PLAN_ACTIVE, PLACED, EXCLUDED, BEFORE_CUTOFF,
)  # fmt: skip

#: Of these, what was agreed on or is on its way: it cannot be promised, disputed or planned a second time.
AGREED_CODES = (PAYMENT_PENDING, DISPUTED, PROMISE_OPEN, PLAN_ACTIVE, PLACED)

# --- The customer stays in peace today ---
NOTHING_DUE = "nothing_due"

COVERED_BY_CREDIT = "covered_by_credit"

BELOW_MINIMUM = "below_minimum"

PAUSED = "paused"

TOO_SOON = "too_soon"

NOT_A_WORKDAY = "not_a_workday"

NO_ADDRESS = "no_address"

ALREADY_SENT = "already_sent"

#: Set by the run, not by the ladder: the company's safe start allows no more messages today.
DAILY_RAMP = "daily_ramp"

NOT_ACTIVE = "not_active"

#: Set where the customer has open items, but no credit policy applies.
NO_POLICY = "no_policy"

SEND, REVIEW, NO_CONTACT = "send", "review", "no_contact"


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item that the message lists; ``step_id`` is the step it uses up, ``None`` when it is only listed."""

    item: OpenItem
    step_id: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one customer today, and why.

    :param step: the step that sets channel and tone of the message (also of one held back by timing)
    :param items: what the message lists, oldest due date first
    :param credits: what is set off against it
    :param amounts_due: per currency, what the customer is asked to pay: items less credits, always positive
    """

    action: str
    code: str
    step: Step | None = None
    items: tuple[ListedItem, ...] = ()
    credits: tuple[Credit, ...] = ()
    amounts_due: tuple[tuple[str, Decimal], ...] = ()

    @property
    def has_message(self) -> bool:
        """Tell whether a message is prepared, to go out at once or after review."""
        return self.action != NO_CONTACT


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """A contact that lies ahead if nobody pays."""

    day: date
    decision: Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one customer, with what it was made from."""

    facts: AccountFacts
    rules: Rules
    decision: Decision
    scope: Scope = EVERYTHING
