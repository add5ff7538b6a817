"""Words for the codes of ``core``: the selections that staff read."""

from odoo.tools.translate import LazyTranslate

from .core import allocation, priority
from .core import decision as codes

_lt = LazyTranslate(__name__)

CHANNELS = [("email", "E-mail"), ("letter", "Letter"), ("call", "Call")]
TONES = [("friendly", "Friendly"), ("firm", "Firm"), ("formal", "Formal")]

DECISION_CODES = [
    (codes.STEP_REACHED, "Step reached"),
    (codes.NEEDS_REVIEW, "Waiting for review"),
    (codes.NOTHING_DUE, "Nothing is due"),
    (codes.COVERED_BY_CREDIT, "Covered by open credits"),
    (codes.BELOW_MINIMUM, "Below the policy's minimum"),
    (codes.PAYMENT_PENDING, "An online payment is being processed"),
    (codes.DISPUTED, "Disputed"),
    (codes.PROMISE_OPEN, "Payment is promised"),
    (codes.PLAN_ACTIVE, "In a payment plan"),
    (codes.PLACED, "Placed with an agency"),
    (codes.EXCLUDED, "Excluded from reminders"),
    (codes.BEFORE_CUTOFF, "Older than the start of collections"),
    (codes.PAUSED, "Paused"),
    (codes.TOO_SOON, "Too soon after the last contact"),
    (codes.NOT_A_WORKDAY, "Not a working day"),
    (codes.NO_ADDRESS, "No usable address"),
    (codes.ALREADY_SPOKEN, "Nothing new to say yet"),
    (codes.DAILY_RAMP, "Daily limit of the safe start reached"),
    (codes.NOT_ACTIVE, "Collections are not activated"),
    (codes.NO_POLICY, "No credit policy applies"),
]

#: Why a prepared communication was given up: the ladder's codes, and what people or the queue do.
CANCEL_REASONS = DECISION_CODES[2:] + [
    ("outdated", "Replaced by a newer message"),
    ("skipped", "Skipped by staff"),
    ("rejected", "Rejected in review"),
]

#: What customers are told about their agreements; each has a mail template of that name.
NOTICES = [
    ("promise_confirmed", "Promise: confirmed"),
    ("promise_due", "Promise: due tomorrow"),
    ("promise_broken", "Promise: not kept"),
    ("dispute_received", "Dispute: received"),
    ("dispute_review", "Dispute: under review"),
    ("dispute_resolved", "Dispute: resolved"),
    ("plan_proposed", "Payment plan: proposed"),
    ("plan_accepted", "Payment plan: agreed"),
    ("plan_refused", "Payment plan: not possible"),
    ("plan_broken", "Payment plan: ended, not kept"),
    ("plan_completed", "Payment plan: completed"),
    ("charge_announced", "Payment plan: automatic payment announced"),
    ("charge_failed", "Payment plan: automatic payment failed"),
]

PLAN_STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("completed", "Completed"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]

COMMUNICATION_STATES = [
    ("review", "Waiting for review"),
    ("planned", "Planned"),
    ("sending", "Being handed over"),
    ("unknown", "Delivery unknown"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("skipped", "Skipped"),
]

#: Legal moves of a communication: from -> to. Anything else is refused and logged.
COMMUNICATION_MOVES = {
    "review": {"planned", "cancelled", "skipped"},
    "planned": {"sending", "sent", "failed", "cancelled", "skipped"},
    "sending": {"sent", "failed", "unknown", "planned"},
    "unknown": {"sent", "failed"},
    "sent": {"failed"},
    "failed": set(),
    "cancelled": set(),
    "skipped": set(),
}
#: Still to be spoken: the next run or the gate may give it up.
WAITING_STATES = ("review", "planned")
#: The step is used up: it is never spoken about the item again.
SPOKEN_STATES = ("sending", "unknown", "sent", "skipped")
#: The customer heard from us (or may have).
CONTACT_STATES = ("sending", "unknown", "sent")
#: The step is free again.
FREE_STATES = ("failed", "cancelled")

#: What customers read beside an item on their page.
ITEM_STATUSES = {
    codes.PAYMENT_PENDING: _lt("Payment is being processed"),
    codes.DISPUTED: _lt("In dispute"),
    codes.PROMISE_OPEN: _lt("Payment promised"),
    codes.PLAN_ACTIVE: _lt("In a payment plan"),
    codes.PLACED: _lt("With an agency"),
}

#: What customers read when a choice cannot be paid.
PAYMENT_REFUSALS = {
    allocation.NOTHING_CHOSEN: _lt("Nothing is chosen yet. Tick what you would like to pay."),
    allocation.UNKNOWN_ITEM: _lt(
        "Something you chose is no longer open, or is being paid already. Please choose again."
    ),
    allocation.MIXED_CURRENCIES: _lt("Please pay one currency at a time."),
    allocation.BAD_AMOUNT: _lt("Please enter an amount greater than zero, with digits only."),
    allocation.TOO_MUCH: _lt("An amount is higher than what is left to pay. Please choose again."),
    allocation.PARTIAL_REFUSED: _lt(
        "Invoices can only be paid in full here. Please contact us if you need another way."
    ),
    allocation.BELOW_MINIMUM: _lt("An amount is below the smallest part payment. Please enter more, or pay the whole."),
    allocation.COVERED_BY_CREDIT: _lt("Your credits cover what you chose: there is nothing left to pay."),
}

#: How a call ended.
CALL_RESULTS = [
    ("reached", "Reached"),
    ("promised", "Promised to pay"),
    ("will_pay", "Will pay"),
    ("disputes", "Disputes"),
    ("wants_plan", "Wants a payment plan"),
    ("left_message", "Left a message"),
    ("not_reached", "Not reached"),
    ("wrong_number", "Wrong number"),
]
CALLS_REACHED = ("reached", "promised", "will_pay", "disputes", "wants_plan")
CALLS_UNREACHED = ("left_message", "not_reached", "wrong_number")

#: Headers of mails that nobody wrote: name -> values that say so in a word, or None where the header alone says it.
AUTO_REPLY_HEADERS = {
    "Auto-Submitted": ("auto-replied", "auto-generated", "auto-notified"),
    "Precedence": ("auto_reply",),
    "X-Autoreply": None,
    "X-Autorespond": None,
}

#: What each part of a customer's priority is about, as staff read it.
PRIORITY_PARTS = {
    priority.OVERDUE: _lt("%(amount)s to collect"),
    priority.AGE: _lt("%(number)s days late"),
    priority.RISK: _lt("Bad debtor"),
    priority.BROKEN_PROMISE: _lt("Broken promises (%(number)s)"),
    priority.LATE_DISPUTE: _lt("Disputes past their deadline (%(number)s)"),
    priority.DUE_SOON: _lt("%(amount)s late soon"),
    priority.NO_ADDRESS: _lt("No usable address"),
    priority.NOT_REACHED: _lt("Nobody reached (calls: %(number)s)"),
    priority.NOT_CONTACTED: _lt("No contact for %(number)s days"),
}
