"""The states of payments that customers reported, and how they say they paid."""

from ..core.reported_payments import report

REPORTED_PAYMENT_STATES = [
    (report.OPEN, "Expected"),
    (report.SETTLED, "Settled"),
    (report.NOT_FOUND, "Not Found"),
    (report.WITHDRAWN, "Withdrawn"),
]

REPORTED_PAYMENT_METHODS = [
    ("transfer", "Bank transfer"),
    ("card", "Card"),
    ("check", "Check"),
    ("cash", "Cash"),
    ("other", "Other"),
]
