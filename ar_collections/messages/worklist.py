"""Why a customer is on the worklist, and where in it."""

from odoo.tools.translate import LazyTranslate

from ..core.worklist import priority

_lt = LazyTranslate(__name__)

#: The parts of a customer's priority, as staff read them.
PRIORITY_PARTS = {
    priority.OVERDUE: _lt("%(amount)s to collect"),
    priority.AGE: _lt("%(number)s days late"),
    priority.RISK: _lt("Bad debtor, or risk class E"),
    priority.BROKEN_PROMISE: _lt("Broken promises (%(number)s)"),
    priority.LATE_DISPUTE: _lt("Disputes past their deadline (%(number)s)"),
    priority.DUE_SOON: _lt("%(amount)s overdue soon"),
    priority.NO_ADDRESS: _lt("No usable address"),
    priority.NOT_REACHED: _lt("Not reached (calls: %(number)s)"),
    priority.NOT_CONTACTED: _lt("No contact for %(number)s days"),
}

#: Matters that need a person's attention, as the dashboard lists them.
ATTENTION = {
    "broken": _lt("Promises not kept, still unpaid"),
    "dispute": _lt("Disputes past their deadline"),
    "plan": _lt("Payment plans to approve"),
    "review": _lt("Reminders to review"),
    "undelivered": _lt("Undelivered messages"),
    "address": _lt("Customers without a usable address"),
    "problem": _lt("Problems of the nightly run and of deliveries"),
    "unmatched": _lt("Payments to match first"),
    "unassigned": _lt("Overdue customers without a collector"),
}
