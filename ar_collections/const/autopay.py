"""Automatic payments of accounts: when invoices are charged."""

from ..core.autopay import options, selection

CHARGE_TIMES = [
    (options.DUE_DATE, "On the due date"),
    (options.DAYS_BEFORE, "Days before the due date"),
    (options.MONTH_DAY, "On a day of the month"),
]

#: Why an invoice is not charged.
AUTOPAY_SKIPPED = [
    (selection.OVER_CHARGE, "Above the maximum per payment"),
    (selection.OVER_MONTH, "Above the maximum per month"),
]
