"""Automatic payments of accounts: when invoices are charged."""

from ..core.autopay import options

CHARGE_TIMES = [
    (options.DUE_DATE, "On the due date"),
    (options.DAYS_BEFORE, "Days before the due date"),
    (options.MONTH_DAY, "On a day of the month"),
]
