"""Communications and their recipients: states with legal transitions, channels, calls, and answers."""

from ..core.communications import outcome

CHANNELS = [("email", "Email"), ("letter", "Letter"), ("call", "Call")]

TONES = [("friendly", "Friendly"), ("firm", "Firm"), ("formal", "Formal")]

#: Salespeople are notified of reminders in these tones.
SERIOUS_TONES = ("firm", "formal")

#: The notices to customers about agreements; each has a mail template ``mail_template_<code>``.
NOTICES = [
    ("promise_confirmed", "Promise: confirmed"),
    ("promise_due", "Promise: due tomorrow"),
    ("promise_broken", "Promise: not kept"),
    ("payment_not_found", "Reported payment: not found"),
    ("dispute_received", "Dispute: received"),
    ("dispute_review", "Dispute: under review"),
    ("dispute_resolved", "Dispute: resolved"),
    ("plan_proposed", "Payment plan: proposed"),
    ("plan_accepted", "Payment plan: agreed"),
    ("plan_refused", "Payment plan: not possible"),
    ("plan_broken", "Payment plan: ended, not kept"),
    ("plan_completed", "Payment plan: completed"),
    ("settlement_offered", "Settlement: offered"),
    ("autopay_announced", "Payment plan: automatic payment announced"),
    ("autopay_failed", "Payment plan: automatic payment failed"),
    ("autopay_started", "Automatic payments: agreed"),
    ("autopay_ended", "Automatic payments: ended"),
    ("autopay_expiring", "Automatic payments: method expires"),
    ("account_autopay_announced", "Automatic payments: charge announced"),
    ("account_autopay_failed", "Automatic payments: charge failed"),
    ("account_autopay_skipped", "Automatic payments: above the maximum"),
    ("autopay_returned", "Automatic payments: charge returned"),
    ("terms_announced", "Terms: announced"),
    ("placement_made", "Placement: debt handed over"),
    ("account_statement", "Statement of account"),
    ("payment_receipt", "Payment: received"),
]

#: Notices that are no contact in the sense of the contact limits: they announce a charge or a method that expires, or
#: confirm what the customer has just done, such as a payment. They neither use a customer's turn nor wait for it.
UNLIMITED_NOTICES = (
    "autopay_announced", "account_autopay_announced", "autopay_started", "autopay_ended", "autopay_expiring",
    "payment_receipt",
)  # fmt: skip

#: Notices that give way: while they wait in the queue they take no reminder's turn, and they wait for the reminder.
YIELDING_NOTICES = ("account_statement",)

#: Notices whose contents are read again before they are sent, see `ar.renewed.mixin`.
RENEWED_NOTICES = ("account_statement", "payment_receipt")

#: The messages that a person writes to a customer besides the schedule; they use no step and have no template.
WRITTEN = [
    ("repeat", "Reminder sent again"),
    ("copies", "Copies of invoices"),
    ("message", "Message"),
    ("autopay_invite", "Invitation to automatic payments"),
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

#: Why a communication was not delivered, to all of its recipients or to one.
FAILURES = [
    ("address", "Invalid address"),
    ("technical", "Technical error"),
    ("not_delivered", "Not delivered"),
]

#: The states of one recipient of a communication.
RECIPIENT_STATES = [
    (outcome.PLANNED, "Planned"),
    (outcome.SENDING, "Sending"),
    (outcome.SENT, "Sent"),
    (outcome.UNKNOWN, "Delivery unknown"),
    (outcome.FAILED, "Failed"),
    (outcome.CANCELLED, "Canceled"),
]

#: Legal state transitions of a recipient: from -> to.
RECIPIENT_MOVES = {
    outcome.PLANNED: {outcome.SENDING, outcome.FAILED, outcome.CANCELLED},
    outcome.SENDING: {outcome.SENT, outcome.FAILED, outcome.UNKNOWN, outcome.PLANNED},
    outcome.UNKNOWN: {outcome.SENT, outcome.FAILED},
    outcome.SENT: {outcome.FAILED},
    outcome.FAILED: set(),
    outcome.CANCELLED: set(),
}

#: Legal state transitions of a communication: from -> to. Any other is refused and logged.
COMMUNICATION_MOVES = {
    "review": {"planned", "cancelled", "skipped"},
    "planned": {"sending", "sent", "failed", "cancelled", "skipped"},
    "sending": {"sent", "failed", "unknown", "planned"},
    "unknown": {"sent", "failed"},
    "sent": {"failed", "unknown"},
    "failed": set(),
    "cancelled": set(),
    "skipped": set(),
}

#: Not sent yet: the next run or the check before sending may cancel it.
WAITING_STATES = ("review", "planned")

#: The step is used: it is not sent again for the item.
STEP_USED_STATES = ("sending", "unknown", "sent", "skipped")

#: The customer was contacted, or may have been.
CONTACT_STATES = ("sending", "unknown", "sent")

#: The step is free: it may be sent again for the item.
STEP_FREE_STATES = ("failed", "cancelled")

#: The results of a call.
CALL_RESULTS = [
    ("reached", "Reached"),
    ("promised", "Promised to pay"),
    ("will_pay", "Will pay"),
    ("says_paid", "Says it is paid"),
    ("disputes", "Disputes an invoice"),
    ("wants_plan", "Payment plan requested"),
    ("left_message", "Left a message"),
    ("not_reached", "Not reached"),
    ("wrong_number", "Wrong number"),
]

CALLS_REACHED = ("reached", "promised", "will_pay", "says_paid", "disputes", "wants_plan")

CALLS_UNREACHED = ("left_message", "not_reached", "wrong_number")
