"""Selections shown to staff."""

from .core import billing

BILLING_MODES = [
    (billing.OFF, "No, people invoice"),
    (billing.DELIVERY, "When delivered"),
    (billing.WEEKLY, "Once a week"),
    (billing.MONTHLY, "Once a month"),
]

LEFT_OUT_REASONS = [
    (billing.NOTHING, "Nothing to invoice"),
    (billing.ON_HOLD, "On hold"),
    (billing.REFERENCE, "Customer reference missing"),
    (billing.UNDONE, "Invoiced before, then canceled or credited"),
    (billing.CREDIT, "A credit note would result"),
    (billing.NOT_POSTED, "The invoice is drafted but could not be posted"),
    (billing.ERROR, "Error"),
]
