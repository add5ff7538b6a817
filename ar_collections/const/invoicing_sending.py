"""States and reasons of invoices that are to be sent, billing requirements, and when invoices are sent."""

from ..core.invoicing.sending import states

SENDING_MODES = [
    (states.OFF, "No, people send them"),
    (states.POSTING, "When posted"),
    (states.DAILY, "Daily"),
]

SENDING_STATES = [
    (states.WAITING, "To Send"),
    (states.HELD, "On Hold"),
    (states.PRINT, "To Print"),
    (states.SENDING, "Being Sent"),
    (states.QUEUED, "In the Mail Queue"),
    (states.SENT, "Sent"),
    (states.FAILED, "Failed"),
    (states.UNKNOWN, "Unknown"),
    (states.NOT_TO_SEND, "Not to Send"),
]

SENDING_REASONS = [
    (states.MISSED, "Not looked at when it was posted"),
    (states.DRAFT, "Reset to draft"),
    (states.CANCELED, "Canceled"),
    (states.INACTIVE, "Collections are not active"),
    (states.SWITCHED_OFF, "The credit policy sends no invoices"),
    (states.CHANGED, "Changed after it was sent"),
    (states.CREDITED, "Credited before it was sent"),
    (states.REVIEW, "Amount to review"),
    (states.OLD, "Dated long before it was posted"),
    (states.REFERENCE, "Customer reference missing"),
    (states.UPLOAD, "To upload on the customer's portal"),
    (states.OTHER, "Billing requirement to do"),
    (states.NO_RECEIVER, "Nobody to send it to"),
    (states.WITH_ODOO, "Being sent by a colleague"),
    (states.RETRY, "Failed, tried again"),
]

BILLING_REQUIREMENTS = [
    (states.REFERENCE, "Customer Reference on the Invoice"),
    (states.UPLOAD, "Upload on the Customer's Portal"),
    (states.OTHER, "Other"),
]
