"""Payment plans: states of plans and installments, and how often one pays."""

from ..core.plans import schedule as plan_schedule

PLAN_STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("completed", "Completed"),
    ("broken", "Broken"),
    ("cancelled", "Canceled"),
]

PLAN_FREQUENCIES = [
    (plan_schedule.WEEK, "Every week"),
    (plan_schedule.TWO_WEEKS, "Every two weeks"),
    (plan_schedule.MONTH, "Every month"),
]

INSTALLMENT_STATES = [
    ("open", "Open"),
    ("partly", "Partly paid"),
    ("paid", "Paid"),
    ("late", "Late"),
    ("missed", "Missed"),
]
