"""Reminders: the codes of decisions, and why a prepared message was cancelled."""

from ..core import decision as codes

DECISION_CODES = [
    (codes.STEP_REACHED, "Reminder due"),
    (codes.NEEDS_REVIEW, "Waiting for review"),
    (codes.NOTHING_DUE, "Nothing is due"),
    (codes.COVERED_BY_CREDIT, "Covered by open credits"),
    (codes.BELOW_MINIMUM, "Below the policy's minimum"),
    (codes.PAYMENT_BLOCKED, "Payment is blocked"),
    (codes.PAYMENT_PENDING, "A payment is being processed"),
    (codes.PAYMENT_REPORTED, "Payment is reported"),
    (codes.DISPUTED, "Disputed"),
    (codes.PROMISE_OPEN, "Payment is promised"),
    (codes.PLAN_ACTIVE, "In a payment plan"),
    (codes.AUTOPAY_AGREED, "Paid automatically"),
    (codes.PLACED, "Placed with an agency"),
    (codes.INSOLVENT, "Insolvency proceedings"),
    (codes.SETTLEMENT_OPEN, "A settlement is agreed"),
    (codes.EXCLUDED, "Excluded from reminders"),
    (codes.OUR_PAYMENT, "Payment to the customer, not matched"),
    (codes.SMALL_DIFFERENCE, "Small difference"),
    (codes.BEFORE_CUTOFF, "Due before the cut-off date"),
    (codes.RECENTLY_ENTERED, "Too soon after it was entered"),
    (codes.NOT_ARRIVED, "No sign that the invoice arrived"),
    (codes.UNMATCHED_PAYMENT, "Payment to match first"),
    (codes.PAUSED, "Paused"),
    (codes.ARCHIVED, "Customer is archived"),
    (codes.DELIVERY_UNKNOWN, "Earlier delivery is unclear"),
    (codes.NO_STEPS, "The reminder schedule has no steps"),
    (codes.TOO_SOON, "Too soon after the last contact"),
    (codes.NOT_A_WORKDAY, "Not a working day"),
    (codes.NO_ADDRESS, "No usable address"),
    (codes.ALREADY_SENT, "Waiting for next step"),
    (codes.PAYER_REMINDED, "Reminded through its payer"),
    (codes.PAYER_HELD, "Its payer is not reminded"),
    (codes.MEMBERS_HELD, "The customers it pays for are not reminded"),
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
    ("payment_undone", "Payment was undone"),
]
