"""States with their legal transitions, and the selections shown to staff."""

from .core import decision as codes
from .core.communications import outcome
from .core.credit import effect, exceptions, experience, features, limit, review, risks, rules, score
from .core.disputes import dispute
from .core.late_charges import charge, days, interest
from .core.matching import matching
from .core.plans import schedule as plan_schedule
from .core.promises import judgement
from .core.recovery import eligibility, placement, settlement, write_off

#: The external id of the lowest role, which may read everything; see security/groups.xml.
GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"

CHANNELS = [("email", "Email"), ("letter", "Letter"), ("call", "Call")]

TONES = [("friendly", "Friendly"), ("firm", "Firm"), ("formal", "Formal")]

#: Salespeople are notified of reminders in these tones.
SERIOUS_TONES = ("firm", "formal")

DECISION_CODES = [
    (codes.STEP_REACHED, "Reminder due"),
    (codes.NEEDS_REVIEW, "Waiting for review"),
    (codes.NOTHING_DUE, "Nothing is due"),
    (codes.COVERED_BY_CREDIT, "Covered by open credits"),
    (codes.BELOW_MINIMUM, "Below the policy's minimum"),
    (codes.PAYMENT_PENDING, "A payment is being processed"),
    (codes.DISPUTED, "Disputed"),
    (codes.PROMISE_OPEN, "Payment is promised"),
    (codes.PLAN_ACTIVE, "In a payment plan"),
    (codes.AUTOPAY_AGREED, "Paid automatically"),
    (codes.PLACED, "Placed with an agency"),
    (codes.SETTLEMENT_OPEN, "A settlement is agreed"),
    (codes.EXCLUDED, "Excluded from reminders"),
    (codes.OUR_PAYMENT, "Payment to the customer, not matched"),
    (codes.SMALL_DIFFERENCE, "Small difference"),
    (codes.BEFORE_CUTOFF, "Due before the cut-off date"),
    (codes.RECENTLY_ENTERED, "Too soon after it was entered"),
    (codes.UNMATCHED_PAYMENT, "Payment to match first"),
    (codes.PAUSED, "Paused"),
    (codes.ARCHIVED, "Customer is archived"),
    (codes.DELIVERY_UNKNOWN, "Earlier delivery is unclear"),
    (codes.NO_STEPS, "The reminder schedule has no steps"),
    (codes.TOO_SOON, "Too soon after the last contact"),
    (codes.NOT_A_WORKDAY, "Not a working day"),
    (codes.NO_ADDRESS, "No usable address"),
    (codes.ALREADY_SENT, "Waiting for next step"),
    (codes.DAILY_RAMP, "Daily limit reached"),
    (codes.MESSAGE_FAILED, "The email template fails"),
    (codes.NOT_ACTIVE, "Collections are not activated"),
    (codes.NO_POLICY, "No credit policy applies"),
]

#: Why a prepared communication was cancelled: the codes of decisions, and what staff or the check before sending do.
CANCEL_REASONS = DECISION_CODES[2:] + [
    ("outdated", "Replaced by a newer message"),
    ("skipped", "Skipped by staff"),
    ("rejected", "Rejected in review"),
]

#: The notices to customers about agreements; each has a mail template ``mail_template_<code>``.
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
    ("terms_announced", "Terms: announced"),
]

#: The messages that a person writes to a customer besides the schedule; they use no step and have no template.
WRITTEN = [
    ("repeat", "Reminder sent again"),
    ("copies", "Copies of invoices"),
    ("message", "Message"),
]

#: What a payment that is not matched was probably made for.
MATCH_CODES = [
    (matching.REFERENCE, "Number in the reference"),
    (matching.EXACT_AMOUNT, "Exact amount"),
    (matching.DISCOUNTED_AMOUNT, "Amount less discount"),
    (matching.ALL_DUE, "Total due"),
    (matching.ALL_OVERDUE, "Total overdue"),
    (matching.ALL_OPEN, "Whole balance"),
    (matching.SOME_ITEMS, "Sum of some items"),
    (matching.AMBIGUOUS, "Ambiguous"),
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

PLACEMENT_STATES = [
    (placement.READY, "Proposed"),
    (placement.PLACED, "Placed"),
    (placement.ACCEPTED, "Accepted"),
    (placement.PARTLY_PAID, "Partly Paid"),
    (placement.DISPUTED, "Disputed"),
    (placement.LEGAL, "In Court"),
    (placement.PAID, "Paid"),
    (placement.SETTLED, "Settled"),
    (placement.UNCOLLECTIBLE, "Uncollectible"),
    (placement.INSOLVENT, "Insolvent"),
    (placement.REFUSED, "Refused"),
    (placement.RECALLED, "Recalled"),
    (placement.WITHDRAWN, "Withdrawn"),
]

SETTLEMENT_STATES = [
    (settlement.REQUESTED, "To Approve"),
    (settlement.OPEN, "Open"),
    (settlement.PAID, "Paid in Time"),
    (settlement.MISSED, "Missed"),
    (settlement.REJECTED, "Rejected"),
    (settlement.WITHDRAWN, "Withdrawn"),
]

PLACEMENT_REASONS = [
    (eligibility.ALL_STEPS_SENT, "Policy: late and reminded"),
    (eligibility.LIMITATION_NEAR, "Limitation date is near"),
    ("manual", "Decided by a manager"),
]

AGENCY_KINDS = [("agency", "Collection agency"), ("lawyer", "Lawyer")]

AGENCY_DELIVERIES = [("email", "Email"), ("download", "Download")]

#: The files of a hand-over whose fields an agency may name differently.
PACK_FILES = [("case", "Case"), ("invoices", "Invoices")]

#: The fields of these files, in their order.
PACK_COLUMNS = {
    "case": (
        "case_reference", "client_number", "placed_on", "currency", "amount_placed", "amount_open", "oldest_due_date",
        "limitation_date", "description", "creditor_name", "creditor_vat", "debtor_type", "debtor_name",
        "debtor_registration", "debtor_street", "debtor_zip", "debtor_city", "debtor_state", "debtor_country",
        "debtor_email", "debtor_phone", "debtor_language",
    ),
    "invoices": (
        "case_reference", "invoice_number", "invoice_date", "due_date", "currency", "amount_original",
        "amount_paid_before", "amount_placed", "amount_open", "payment_reference", "order_reference",
        "limitation_date",
    ),
}  # fmt: skip

PACK_FIELDS = [(name, name) for name in dict.fromkeys((*PACK_COLUMNS["case"], *PACK_COLUMNS["invoices"]))]

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

#: Why a communication was not delivered, to all of its recipients or to one.
FAILURES = [
    ("address", "Invalid address"),
    ("technical", "Technical error"),
    ("not_delivered", "Not delivered"),
]

#: How a link to the customer page left.
LINK_ORIGINS = [
    ("message", "Message"),
    ("letter", "Letter"),
    ("copied", "Copied by staff"),
    ("preview", "Preview by staff"),
    ("earlier", "Before version 1.4"),
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
    ("disputes", "Disputes an invoice"),
    ("wants_plan", "Payment plan requested"),
    ("left_message", "Left a message"),
    ("not_reached", "Not reached"),
    ("wrong_number", "Wrong number"),
]

CALLS_REACHED = ("reached", "promised", "will_pay", "disputes", "wants_plan")

CALLS_UNREACHED = ("left_message", "not_reached", "wrong_number")

#: Headers of automatic replies: name -> the values that mark one, or None where any value does.
AUTO_REPLY_HEADERS = {
    "Auto-Submitted": ("auto-replied", "auto-generated", "auto-notified"),
    "Precedence": ("auto_reply",),
    "X-Autoreply": None,
    "X-Autorespond": None,
}

#: The code of the step that passes on what nobody can do any more, see `ar.handover`.
NOBODY_CAN = "handover"

#: The steps of the nightly run in their order: (code, model, method). See `ar.nightly`.
NIGHTLY_STEPS = [
    ("identities", "ar.customer", "_carry_over_company"),
    (NOBODY_CAN, "ar.handover", "_hand_over_company"),
    ("assignment", "ar.assignment.rule", "_assign_company"),
    ("promises", "ar.promise", "_judge_company"),
    ("plans", "ar.payment.plan", "_advance_company"),
    ("placements", "ar.placement", "_judge_company"),
    ("settlements", "ar.settlement", "_judge_company"),
    ("disputes", "ar.dispute", "_escalate_overdue"),
    ("exceptions", "ar.credit.exception", "_end_company"),
    ("credit", "ar.customer", "_refresh_credit_company"),
    ("scores", "ar.customer", "_refresh_scores_company"),
    ("terms", "ar.credit.terms", "_announce_company"),
    ("late_charges", "ar.late.charge", "_accrue_company"),
    ("write_offs", "ar.write.off", "_find_money_company"),
    ("reminders", "ar.customer", "_remind_company"),
    ("snapshots", "ar.metric.snapshot", "_take_missing"),
    ("forecast", "ar.payment.behavior", "_store_company"),
    ("review", "ar.customer", "_review_data_company"),
    ("risks", "ar.credit.risk", "_rebuild_company"),
    ("problems", "ar.problem", "_notify_new"),
]

WRITE_OFF_KINDS = [
    (write_off.SMALL, "Small difference"),
    (write_off.BAD_DEBT, "Bad debt"),
]

WRITE_OFF_REASONS = [
    ("small", "Small difference"),
    ("insolvent", "Insolvent"),
    ("not_found", "Cannot be found"),
    ("no_means", "No means to pay"),
    ("statute_barred", "Limitation period has passed"),
    ("costs", "Costs exceed the debt"),
    ("agency", "Agency closed the case"),
    ("other", "Other"),
]

WRITE_OFF_STATES = [
    ("open", "To approve"),
    ("posted", "Written off"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("reversed", "Reversed"),
]

#: What a hold means for a document; see `core/credit/effect.py`.
CREDIT_EFFECTS = [
    (effect.NOTHING, "Nothing"),
    (effect.INFORM, "Inform"),
    (effect.WARN, "Warn"),
    (effect.BLOCK, "Block"),
]

#: The rules of a credit policy; see `core/credit/rules.py`.
CREDIT_RULES = [
    (rules.OVER_LIMIT, "Over the limit"),
    (rules.OVER_GROUP_LIMIT, "Over the limit of the group"),
    (rules.LIMIT_USED, "Limit almost used"),
    (rules.LIMIT_EXPIRED, "Review of the limit overdue"),
    (rules.OVERDUE, "Overdue"),
    (rules.NOT_INSURED, "Not covered by the insurance"),
    (rules.INSURANCE_EXPIRED, "Insurance expired"),
    (rules.TERMS_TOO_LONG, "Payment terms too long"),
    (rules.RISK_CLASS, "Risk class"),
    (rules.BROKEN_PROMISE, "Broken promises"),
    (rules.BROKEN_PLAN, "Broken payment plans"),
    (rules.RETURNED_PAYMENT, "Returned payments"),
    (rules.CHARGEBACK, "Chargebacks"),
]

#: What causes a hold: a rule, or a person.
CREDIT_CAUSES = [*CREDIT_RULES, (rules.FORCED, "Held by a person")]

#: For how many days a customer has been on hold: (highest number of days, label).
HOLD_AGES = [
    ("7", "Up to 7 days"),
    ("30", "8 to 30 days"),
    ("90", "31 to 90 days"),
    ("more", "More than 90 days"),
]

CREDIT_STATUSES = [(rules.GOOD, "Good"), (rules.WARNING, "Warning"), (rules.HOLD, "On hold")]

#: The status as it is shown: a hold that waits for a person is told apart.
CREDIT_STATES = [*CREDIT_STATUSES, ("ready", "Ready to release")]

CREDIT_PERCENT_BASES = [(rules.OF_RECEIVABLES, "Open receivables"), (rules.OF_LIMIT, "Credit limit")]

CREDIT_SCOPES = [
    (rules.CUSTOMER, "One customer"),
    (rules.SEGMENT, "Customers of a policy"),
    (rules.ALL, "All customers"),
]

CREDIT_LIMIT_KINDS = [(limit.NO_LIMIT, "No limit"), (limit.CASH_ONLY, "Cash only"), (limit.AMOUNT, "Amount")]

#: What is requested: another limit for good, one until a day, or the first limit of a customer without an account.
CREDIT_REQUEST_KINDS = [
    ("limit", "Credit limit"),
    ("temporary", "Temporary limit"),
    ("account", "Open an account"),
]

CREDIT_REQUEST_STATES = [
    ("open", "To decide"),
    ("second", "Second approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
]

RISK_CLASSES = [(name, name) for name in score.CLASSES]

RISK_SOURCES = [
    (score.SCORED, "Score"),
    (score.NO_HISTORY, "Too few payments"),
    (score.OVERRIDDEN, "Set manually"),
]

RISK_TRENDS = [(experience.BETTER, "Better"), (experience.STEADY, "Steady"), (experience.WORSE, "Worse")]

RISK_FEATURES = [
    (features.PAYMENT_DAYS, "Average delay"),
    (features.LATE_SHARE, "Invoices paid late"),
    (features.WORST_DELAY, "Longest delay"),
    (features.TREND, "Trend of the last three months"),
    (features.AGREEMENTS_KEPT, "Promises and installments kept"),
    (features.RETURNED_PAYMENTS, "Payments returned or declined"),
    (features.DISPUTES_REJECTED, "Disputes rejected"),
    (features.SHORT_PAYMENTS, "Short payments"),
    (features.UTILIZATION, "Use of the credit limit"),
    (features.RELATION_MONTHS, "Length of the relation"),
    (features.IDLE_MONTHS, "Time since the last invoice"),
]

#: What the review of customer data finds, see `core/credit/review.py`.
DATA_FINDINGS = [
    (review.NO_ADDRESS, "No address for reminders"),
    (review.FAILED_ADDRESS, "Address does not work"),
    (review.BLOCKED_ADDRESS, "Address wants no emails"),
    (review.NO_PHONE, "No phone number"),
    (review.ARCHIVED_CONTACT, "Archived contact in use"),
    (review.NO_VAT, "VAT number missing"),
    (review.WRONG_VAT, "VAT number malformed"),
    (review.SAME_VAT, "Same VAT number"),
    (review.SAME_EMAIL, "Same email address"),
    (review.SAME_NAME, "Same name"),
    (review.OTHER_NAME, "Billed below another's name"),
    (review.NOT_CONFIRMED, "Data not confirmed"),
    (review.NOT_SENT, "Invoice never sent"),
    (review.SENDING_FAILED, "Sending of invoice failed"),
    (review.OLD_CREDIT, "Old unapplied credit"),
    (review.NO_TERMS, "No payment terms"),
    (review.NO_REVIEW, "Limit without review date"),
    (review.REVIEW_LATE, "Review of limit overdue"),
]

#: What people let a customer have although the rules say otherwise, see `core/credit/exceptions.py`.
CREDIT_EXCEPTIONS = [
    (exceptions.EXCLUSION, "Exclusion from a credit rule"),
    (exceptions.HOLD, "Held by a person"),
    (exceptions.RELEASE, "Held document released"),
    (exceptions.RISK_CLASS, "Risk class set manually"),
    (exceptions.TEMPORARY_LIMIT, "Temporary limit"),
    (exceptions.RAISED, "Limit raised manually"),
    (exceptions.ABOVE_RECOMMENDED, "Limit above the recommended one"),
    (exceptions.INSURER_CONSENT, "Consent of the insurer"),
    (exceptions.POLICY, "Policy set manually"),
    (exceptions.PAUSE, "Reminders paused"),
    (exceptions.NO_REMINDERS, "Excluded from reminders"),
]

#: What could cost money now, see `core/credit/risks.py`.
CREDIT_RISKS = [
    (risks.CONCENTRATION, "Concentration"),
    (risks.OVER_LIMIT, "Over the limit"),
    (risks.UNINSURED, "Not insured"),
    (risks.COVER_ENDS, "Cover ends"),
    (risks.INSURER_DATE, "Date of the insurer"),
    (risks.CLASS_WORSE, "Risk class got worse"),
    (risks.BROKEN_PROMISE, "Broken promises"),
    (risks.NOT_SENT, "Invoices did not arrive"),
    (risks.UNMATCHED, "Money not matched"),
    (risks.FEED_STILL, "Bank feed stands still"),
]

TERMS_STATES = [
    ("draft", "Draft"),
    ("announced", "Announced"),
    ("applied", "Applied"),
    ("withdrawn", "Withdrawn"),
]

DATA_FINDING_STATES = [("open", "Open"), ("ignored", "Ignored"), ("solved", "Solved")]

#: The kinds of problems: the steps of the nightly run, and what happens at other times. See `ar.problem`.
PROBLEMS = [
    ("identities", "Changed identities of customers"),
    (NOBODY_CAN, "Tasks of users who left"),
    ("assignment", "Assignment of collectors"),
    ("promises", "Promises to pay"),
    ("plans", "Payment plans"),
    ("placements", "Placements"),
    ("settlements", "Settlements"),
    ("disputes", "Disputes"),
    ("exceptions", "Exceptions that end"),
    ("credit", "Credit limits and exposures"),
    ("credit_rules", "Credit rules"),
    ("scores", "Risk scores"),
    ("terms", "Announced terms"),
    ("late_charges", "Late charges"),
    ("write_offs", "Write-offs"),
    ("policies", "Credit policies"),
    ("reminders", "Reminders"),
    ("snapshots", "KPI snapshots"),
    ("forecast", "Cash forecast"),
    ("review", "Review of customer data"),
    ("risks", "Risk register"),
    ("problems", "List of problems"),
    ("delivery", "Delivery of messages"),
    ("letters", "Printing of letters"),
    ("autopay", "Automatic payments"),
]

#: Which rate counts where it changes during the delay; see `core/late_charges/interest.py`.
LATE_CHARGE_CONVENTIONS = [
    (interest.SPLIT, "Rate of each day"),
    (interest.AT_DEFAULT, "Rate of the first day in delay"),
    (interest.AT_PAYMENT, "Rate of the day of payment"),
    (interest.COMPOUND, "Compounded monthly"),
]

DAY_COUNTS = [
    (days.ACT_365, "Actual days / 365"),
    (days.ACT_ACT, "Actual days / actual year"),
    (days.THIRTY_360, "Months of 30 days / 360"),
]

#: The state of a late charge: what `core/late_charges/charge.py` says of it, and what became of it.
LATE_CHARGE_STATES = [
    (charge.NOTHING, "Nothing to charge"),
    (charge.WAITING, "Not charged yet"),
    (charge.GRACE, "Days of grace"),
    (charge.PAID_IN_TIME, "Paid in time"),
    (charge.BELOW_MINIMUM, "Below the minimum"),
    (charge.DUE, "To be charged"),
    ("charged", "Charged"),
    ("waived", "Waived"),
]

LATE_CHARGE_INVOICING = [
    ("manual", "By hand, from the list"),
    ("own", "An invoice of its own, drafted automatically"),
    ("next", "On the next draft invoice, automatically"),
]

#: What a credit note for an invoice means for the interest until then.
LATE_CHARGE_CREDITS = [
    ("start", "From the due date: it was never owed"),
    ("day", "From its own date"),
]
