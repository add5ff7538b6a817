"""Placements, settlements and write-offs: states, reasons, and the files of the hand-over pack."""

from ..core.recovery import eligibility, insolvency, legal_costs, placement, settlement, write_off

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

INSOLVENCY_KINDS = [
    (insolvency.LIQUIDATION, "Liquidation"),
    (insolvency.REORGANIZATION, "Reorganization"),
    (insolvency.MORATORIUM, "Moratorium"),
]

INSOLVENCY_STATES = [
    (insolvency.OPEN, "Open"),
    (insolvency.CLOSED, "Closed"),
    (insolvency.LIFTED, "Lifted"),
    (insolvency.EXPIRED, "Expired"),
]

PLACEMENT_REASONS = [
    (eligibility.ALL_STEPS_SENT, "Policy: late and reminded"),
    (eligibility.LIMITATION_NEAR, "Limitation date is near"),
    ("manual", "Decided by a manager"),
]

DEBTOR_KINDS = [("company", "Company"), ("person", "Person or sole trader")]

ENCLOSURE_KINDS = [("statement", "Statement of account"), ("file", "File"), ("hand", "Added by hand")]

LEGAL_COST_KINDS = [
    (legal_costs.COURT, "Court fee"),
    (legal_costs.LAWYER, "Lawyer"),
    (legal_costs.AGENCY, "Collection agency"),
    (legal_costs.BAILIFF, "Bailiff"),
    (legal_costs.RETURN, "Returned payment"),
    (legal_costs.OTHER, "Other"),
]

LEGAL_COST_STATES = [
    ("open", "To Charge"),
    ("draft", "Drafted"),
    ("charged", "Charged"),
    ("own", "Not Claimable"),
]

PAYMENT_ORDER_FORMS = [("de", "Germany: order for payment"), ("eu", "European order for payment")]

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
    ("open", "To Approve"),
    ("posted", "Written Off"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("reversed", "Reversed"),
]
