"""What the add-on agrees on with Stripe: versions, limits, and the events that it handles."""

#: API version of our own calls, and of the events that our endpoint gets. Odoo's `payment_stripe` keeps its own, older
#: one: it reads parts of a payment intent that newer versions do not have.
API_VERSION = "2026-10-28.endive"

#: Seconds after which a request to Stripe is given up, and how often the SDK repeats one that had no answer.
TIMEOUT, RETRIES = 10, 2

#: Largest body of an event, in bytes. Stripe's own events stay far below.
BODY_MAX = 512 * 1024

#: Age of a signature, in seconds, after which it is refused; and how far a clock may be ahead.
TOLERANCE, AHEAD = 300, 60

#: {type of event: method of `ar.stripe.event` that handles it}.
HANDLERS = {
    "payment_intent.succeeded": "_handle_payment_intent",
    "payment_intent.processing": "_handle_payment_intent",
    "payment_intent.payment_failed": "_handle_payment_intent",
    "payment_intent.canceled": "_handle_payment_intent",
    "charge.refunded": "_handle_charge",
    "charge.refund.updated": "_handle_refund",
    "refund.updated": "_handle_refund",
    "refund.failed": "_handle_refund",
    "payment_method.detached": "_handle_payment_method",
    "charge.dispute.created": "_handle_dispute",
    "charge.dispute.updated": "_handle_dispute",
    "charge.dispute.closed": "_handle_dispute",
    "charge.dispute.funds_withdrawn": "_handle_dispute",
    "charge.dispute.funds_reinstated": "_handle_dispute",
}

#: Minutes until an event that could not be handled is tried again, by number of attempts; after the last one a person
#: looks. Together about two days.
BACK_OFF = (1, 5, 30, 120, 360, 720, 1440)

#: Minutes after which our own request that led to an event is over: Odoo ends it after two minutes by default.
NEW_MINUTES = 2

#: Days for which Stripe keeps the events that it could not deliver.
CATCH_UP_DAYS = 30

#: Days without any event, while payments were made, after which the endpoint is taken to be broken.
SILENT_DAYS = 3

#: Days for which a provider that was switched off is watched after its last payment: cards are disputed for 120 days,
#: in some cases for longer, and SEPA debits come back for 8 weeks.
WATCHED_DAYS = 180

#: Statuses of a dispute in which nothing is left to decide. All others are open, also those that we do not know.
WON, LOST = ("won", "warning_closed", "prevented"), ("lost",)

#: Days before Stripe's own deadline by which the evidence is to be ready.
MARGIN_DAYS = 2
