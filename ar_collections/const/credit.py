"""Credit control: rules, statuses, requests, classes, findings, exceptions, and risks."""

from ..core.credit import effect, exceptions, experience, features, limit, review, risks, rules, score

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
CREDIT_CAUSES = [*CREDIT_RULES, (rules.FORCED, "Held by a person"), (rules.INSOLVENT, "Insolvency proceedings")]

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
