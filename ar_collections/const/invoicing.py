"""Invoices that go out: what happened to them, and whether they arrived."""

from ..core.invoicing import arrival

#: What happened to an invoice.
ARRIVAL_KINDS = [
    (arrival.SENT, "Sent"),
    (arrival.CONFIRMED, "Received"),
    (arrival.BOUNCED, "Bounced"),
    (arrival.FAILED, "Failed"),
    (arrival.VIEWED, "Viewed"),
    (arrival.PRINTED, "Printed"),
    (arrival.MARKED, "Marked as delivered"),
    (arrival.REQUESTED, "Requested again"),
    (arrival.TOLD, "Collector notified"),
]

#: Whether an invoice arrived, by what happened to it.
ARRIVAL_STATES = [
    (arrival.NOT_SENT, "Not sent"),
    (arrival.SENT, "Sent"),
    (arrival.DELIVERED, "Delivered"),
    (arrival.BOUNCED, "Bounced"),
    (arrival.FAILED, "Failed"),
    (arrival.VIEWED, "Viewed"),
    (arrival.PRINTED, "Printed (assumed)"),
]

#: What a policy does about invoices of which nothing shows that they arrived.
ARRIVAL_RULES = [
    (arrival.OFF, "Remind anyway"),
    (arrival.WAIT, "Wait, and give the collector a task"),
    (arrival.ASSUME, "Remind, and record why it is assumed"),
]
