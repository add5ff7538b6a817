"""Refusals of placements, settlements, allowances and write-offs."""

from odoo.tools.translate import LazyTranslate

from ..core.recovery import allowance, commission, eligibility, insolvency, placement, settlement, write_off

_lt = LazyTranslate(__name__)

#: Shown to staff when the commission of an agency is no agreement.
COMMISSION_REFUSALS = {
    commission.BAD_PERCENT: _lt(
        "Percentages are between 0 and 100, also a rate with the highest addition for age. Correct the commission."
    ),
    commission.SAME_START: _lt("Two rows of the commission begin at the same amount or age. Remove one of them."),
    commission.NO_FIRST_RATE: _lt(
        "The commission has no rate from the amount 0 on. Add one: with it alone the commission is flat."
    ),
}

#: Why a debt is not handed to an agency, or why it is.
ELIGIBILITY_TEXTS = {
    eligibility.NOT_DUE: _lt("Not overdue yet"),
    eligibility.TOO_EARLY: _lt("Not late enough for the policy"),
    eligibility.TOO_SMALL: _lt("Below the minimum of the policy"),
    eligibility.STEPS_LEFT: _lt("The last reminder was not sent yet"),
    eligibility.DEADLINE_RUNS: _lt("The time to answer the last reminder has not passed"),
    eligibility.HELD: _lt(
        "An item is paid, disputed, promised, in a payment plan, excluded from reminders or proposed already. "
        "End that first, or leave the item out."
    ),
    eligibility.LAPSED: _lt("Past the limitation date"),
}

#: Shown to staff when a placement cannot be changed; %(day)s is the end of the exclusive period.
PLACEMENT_REFUSALS = {
    placement.OWN_PROPOSAL: _lt("You proposed this placement: another credit manager approves it."),
    placement.NO_AUTHORITY: _lt(
        "The amount is higher than you may write off, and so hand over: ask a credit manager who may decide about it."
    ),
    placement.NO_REASON: _lt("Enter the reason."),
    placement.EXCLUSIVE: _lt(
        "The agency alone may collect until %(day)s. Ask it to agree; a collections manager can recall the case then."
    ),
}

#: Shown to staff whose entry about an insolvency is refused.
INSOLVENCY_REFUSALS = {
    insolvency.FUTURE_OPENING: _lt("The opening is in the future: enter the day of the court's decision."),
    insolvency.NO_LAST_DAY: _lt("Enter the last day of the moratorium: reminders resume after it."),
    insolvency.LAST_DAY_EARLY: _lt("The last day of the moratorium is before the opening."),
    insolvency.DEADLINE_EARLY: _lt("The deadline to file the claim is before the opening."),
    insolvency.NO_REASON: _lt("Enter the reason."),
    insolvency.WRONG_OUTCOME: _lt("These proceedings have ended already: reload the page."),
}

#: Shown to staff whose allowance cannot be computed.
ALLOWANCE_REFUSALS = {
    allowance.BAD_RATE: _lt("A loss rate is between 0 and 100 percent."),
    allowance.NO_HISTORY: _lt(
        "There is no history to read loss rates from: no invoice was due in the year before. Enter the rates instead."
    ),
    allowance.FACTOR_REASON: _lt("Enter the reason why losses will be higher or lower than in the past."),
    allowance.BAD_FACTOR: _lt("The factor cannot be negative; 1 means as in the past."),
    allowance.BAD_AMOUNT: _lt("An insured amount cannot be negative."),
}

#: Shown to staff whose settlement is refused.
SETTLEMENT_REFUSALS = {
    settlement.NOTHING_SELECTED: _lt(
        "Nothing of these items can be settled: they are paid, disputed, promised, in a payment plan, placed or "
        "excluded. End that first."
    ),
    settlement.NOT_OVERDUE: _lt("Only overdue items can be settled: leave out what is not due yet."),
    settlement.NOT_POSITIVE: _lt("Enter an agreed amount above zero; a debt that is given up is written off instead."),
    settlement.NOT_REDUCED: _lt("The agreed amount is not below what is owed: record a promise instead."),
    settlement.PAST_DATE: _lt("The last day to pay has passed: choose today or a later day."),
    settlement.NO_REASON: _lt("Enter a reason."),
    settlement.OWN_REQUEST: _lt(
        "You requested this settlement yourself: another credit manager has to decide, or you withdraw it."
    ),
    settlement.NO_AUTHORITY: _lt(
        "The released amount is higher than you may write off: ask a credit manager who may decide about it."
    ),
    settlement.CHANGED: _lt(
        "What is owed has changed since the request: withdraw it and request the settlement again."
    ),
    settlement.NOT_OPEN: _lt(
        "Only a settlement that is approved, not paid yet and before its last day is offered to the customer."
    ),
    settlement.OFFERED: _lt("The customer got this offer already: write a message from the customer account instead."),
    settlement.CONTESTED: _lt(
        "An item is disputed or with an agency by now: resolve that first, or withdraw the settlement."
    ),
    settlement.UNREACHED: _lt(
        "The customer has neither an email address that works nor a postal address: enter one on the contact."
    ),
    settlement.NOT_STARTED: _lt(
        "Nothing is sent to customers before collections are activated for the company, in the preview of reminders."
    ),
}

#: Shown to staff whose write-off is refused.
WRITE_OFF_REFUSALS = {
    write_off.NOTHING_SELECTED: _lt("Nothing is open of what you selected: select open invoices."),
    write_off.NOT_POSITIVE: _lt("Enter an amount above zero; leave items out that are not written off."),
    write_off.ABOVE_OPEN: _lt("More than is open cannot be written off: enter at most the open amount."),
    write_off.ITEM_CHANGED: _lt(
        "The invoice was changed, canceled or paid since the request: withdraw it and make a new write-off."
    ),
    write_off.NO_REASON: _lt("Enter a reason."),
    write_off.FUTURE_DATE: _lt("The accounting date is in the future: choose today or an earlier day."),
    write_off.OWN_WRITE_OFF: _lt(
        "You requested this write-off yourself: another credit manager has to decide, or you withdraw it."
    ),
    write_off.NO_AUTHORITY: _lt(
        "The amount is higher than you may write off: ask a credit manager who may decide about it."
    ),
}
