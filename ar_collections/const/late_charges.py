"""Late charges: conventions, states, and what happens to them."""

from ..core.late_charges import charge, days, interest

#: Which rate counts where it changes during the delay; see `core/late_charges/interest.py`.
LATE_CHARGE_CONVENTIONS = [
    (interest.SPLIT, "Rate of each day"),
    (interest.AT_DEFAULT, "Rate of the first day in delay"),
    (interest.AT_PAYMENT, "Rate of the day of payment"),
    (interest.COMPOUND, "Compounded monthly"),
]

DAY_COUNTS = [
    (days.ACT_365, "Actual days / 365"),
    (days.ACT_ACT, "Actual days / actual year"),
    (days.THIRTY_360, "Months of 30 days / 360"),
]

#: The state of a late charge: what `core/late_charges/charge.py` says of it, and what became of it.
LATE_CHARGE_STATES = [
    (charge.NOTHING, "Nothing to charge"),
    (charge.WAITING, "Not charged yet"),
    (charge.GRACE, "Days of grace"),
    (charge.PAID_IN_TIME, "Paid in time"),
    (charge.BELOW_MINIMUM, "Below the minimum"),
    (charge.HELD, "Agreed on, placed or blocked"),
    (charge.DUE, "To be charged"),
    ("charged", "Charged"),
    ("waived", "Waived"),
]

LATE_CHARGE_INVOICING = [
    ("manual", "By hand, from the list"),
    ("own", "An invoice of its own, drafted automatically"),
    ("next", "On the next draft invoice, automatically"),
]

#: What a credit note for an invoice means for the interest until then.
LATE_CHARGE_CREDITS = [
    ("start", "From the due date: it was never owed"),
    ("day", "From its own date"),
]
