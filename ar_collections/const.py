"""Words for the codes of ``core``: the selections that staff read."""

from .core import decision as codes

CHANNELS = [("email", "E-mail"), ("letter", "Letter"), ("call", "Call")]
TONES = [("friendly", "Friendly"), ("firm", "Firm"), ("formal", "Formal")]

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
]

#: Why a prepared communication was given up: the ladder's codes, and what people or the queue do.
CANCEL_REASONS = DECISION_CODES[2:] + [
    ("outdated", "Replaced: the account changed"),
    ("skipped", "Skipped by staff"),
    ("rejected", "Rejected in review"),
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
