"""States, their moves, and the selections that staff read."""

from .core import decision as codes
from .core.disputes import dispute
from .core.plans import schedule as plan_schedule
from .core.promises import judgement

#: The external id of the group of those who may read everything; see security/groups.xml.
GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"

CHANNELS = [("email", "Email"), ("letter", "Letter"), ("call", "Call")]

TONES = [("friendly", "Friendly"), ("firm", "Firm"), ("formal", "Formal")]

#: From here on it is serious: salespeople hear of it.
SERIOUS_TONES = ("firm", "formal")

DECISION_CODES = [
    (codes.STEP_REACHED, "Reminder due"),
    (codes.NEEDS_REVIEW, "Waiting for review"),
    (codes.NOTHING_DUE, "Nothing is due"),
    (codes.COVERED_BY_CREDIT, "Covered by open credits"),
    (codes.BELOW_MINIMUM, "Below the policy's minimum"),
    (codes.PAYMENT_PENDING, "An online payment is being processed"),
    (codes.DISPUTED, "Disputed"),
    (codes.PROMISE_OPEN, "Payment is promised"),
    (codes.PLAN_ACTIVE, "In a payment plan"),
    (codes.AUTOPAY_AGREED, "Paid automatically"),
    (codes.PLACED, "Placed with an agency"),
    (codes.EXCLUDED, "Excluded from reminders"),
    (codes.BEFORE_CUTOFF, "Due before the cut-off date"),
    (codes.PAUSED, "Paused"),
    (codes.TOO_SOON, "Too soon after the last contact"),
    (codes.NOT_A_WORKDAY, "Not a working day"),
    (codes.NO_ADDRESS, "No usable address"),
    (codes.ALREADY_SENT, "Waiting for next step"),
    (codes.DAILY_RAMP, "Daily limit reached"),
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
    ("autopay_announced", "Payment plan: automatic payment announced"),
    ("autopay_failed", "Payment plan: automatic payment failed"),
]

DISPUTE_STATES = [
    (dispute.NEW, "New"),
    (dispute.REVIEW, "Under review"),
    (dispute.ACCEPTED, "Accepted"),
    (dispute.PARTLY, "Partly accepted"),
    (dispute.REJECTED, "Rejected"),
    (dispute.WITHDRAWN, "Withdrawn"),
]

PLAN_STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("completed", "Completed"),
    ("broken", "Broken"),
    ("cancelled", "Canceled"),
]

PROMISE_STATES = [
    (judgement.OPEN, "Open"),
    (judgement.KEPT, "Kept"),
    (judgement.PARTLY, "Partly Kept"),
    (judgement.BROKEN, "Broken"),
    (judgement.WITHDRAWN, "Withdrawn"),
]

PLAN_FREQUENCIES = [
    (plan_schedule.WEEK, "Every week"),
    (plan_schedule.TWO_WEEKS, "Every two weeks"),
    (plan_schedule.MONTH, "Every month"),
]

INSTALLMENT_STATES = [
    ("open", "Open"),
    ("partly", "Partly paid"),
    ("paid", "Paid"),
    ("late", "Late"),
    ("missed", "Missed"),
]

COMMUNICATION_STATES = [
    ("review", "Waiting for review"),
    ("planned", "Planned"),
    ("sending", "Sending"),
    ("unknown", "Delivery unknown"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Canceled"),
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
STEP_USED_STATES = ("sending", "unknown", "sent", "skipped")

#: The customer heard from us (or may have).
CONTACT_STATES = ("sending", "unknown", "sent")

#: The step is free again.
STEP_FREE_STATES = ("failed", "cancelled")

#: How a call ended.
CALL_RESULTS = [
    ("reached", "Reached"),
    ("promised", "Promised to pay"),
    ("will_pay", "Will pay"),
    ("disputes", "Disputes an invoice"),
    ("wants_plan", "Payment plan requested"),
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
