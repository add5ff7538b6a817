"""The steps of the nightly run, and the kinds of problems they report."""

from .worklist import NOBODY_CAN

#: The steps of the nightly run in their order: (code, model, method). See `ar.nightly`.
NIGHTLY_STEPS = [
    ("identities", "ar.customer", "_carry_over_company"),
    (NOBODY_CAN, "ar.handover", "_hand_over_company"),
    ("assignment", "ar.assignment.rule", "_assign_company"),
    ("promises", "ar.promise", "_judge_company"),
    ("plans", "ar.payment.plan", "_advance_company"),
    ("placements", "ar.placement", "_judge_company"),
    ("settlements", "ar.settlement", "_judge_company"),
    ("insolvency", "ar.insolvency", "_expire_company"),
    ("disputes", "ar.dispute", "_escalate_overdue"),
    ("exceptions", "ar.credit.exception", "_end_company"),
    ("credit", "ar.customer", "_refresh_credit_company"),
    ("scores", "ar.customer", "_refresh_scores_company"),
    ("terms", "ar.credit.terms", "_announce_company"),
    ("late_charges", "ar.late.charge", "_accrue_company"),
    ("write_offs", "ar.write.off", "_find_money_company"),
    ("reminders", "ar.customer", "_remind_company"),
    ("snapshots", "ar.metric.snapshot", "_take_missing"),
    ("forecast", "ar.payment.behavior", "_store_company"),
    ("review", "ar.customer", "_review_data_company"),
    ("risks", "ar.credit.risk", "_rebuild_company"),
    ("problems", "ar.problem", "_notify_new"),
]

#: The kinds of problems: the steps of the nightly run, and what happens at other times. See `ar.problem`.
PROBLEMS = [
    ("identities", "Changed identities of customers"),
    (NOBODY_CAN, "Tasks of users who left"),
    ("assignment", "Assignment of collectors"),
    ("promises", "Promises to pay"),
    ("plans", "Payment plans"),
    ("placements", "Placements"),
    ("settlements", "Settlements"),
    ("insolvency", "Insolvencies"),
    ("disputes", "Disputes"),
    ("exceptions", "Exceptions that end"),
    ("credit", "Credit limits and exposures"),
    ("credit_rules", "Credit rules"),
    ("scores", "Risk scores"),
    ("terms", "Announced terms"),
    ("late_charges", "Late charges"),
    ("write_offs", "Write-offs"),
    ("policies", "Credit policies"),
    ("reminders", "Reminders"),
    ("snapshots", "KPI snapshots"),
    ("forecast", "Cash forecast"),
    ("review", "Review of customer data"),
    ("risks", "Risk register"),
    ("problems", "List of problems"),
    ("delivery", "Delivery of messages"),
    ("letters", "Printing of letters"),
    ("autopay", "Automatic payments"),
    ("autopay_limits", "Limits of automatic payments"),
]
