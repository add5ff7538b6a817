"""Translated texts of the codes of ``core``: refusals, states and counts as customers and staff read them."""

from odoo.tools.translate import LazyTranslate

from .core import decision as codes
from .core.credit import exposure, features, insurance, limit, recommendation, request, review, risks, rules, score
from .core.disputes import attachment, dispute
from .core.late_charges import refusal as late_charge
from .core.plans import schedule as plan_schedule
from .core.portal import allocation
from .core.promises import request as promise_request
from .core.recovery import allowance, commission, eligibility, placement, settlement, write_off
from .core.worklist import priority

_lt = LazyTranslate(__name__)

#: The status of an item on the customer page.
ITEM_STATUSES = {
    codes.PAYMENT_PENDING: _lt("Payment is being processed"),
    codes.DISPUTED: _lt("In dispute"),
    codes.PROMISE_OPEN: _lt("Payment promised"),
    codes.PLAN_ACTIVE: _lt("In a payment plan"),
    codes.PLACED: _lt("With an agency"),
    codes.SETTLEMENT_OPEN: _lt("Settlement agreed"),
    codes.OUR_PAYMENT: _lt("Payment to you"),
}

#: Shown to customers when the items they selected cannot be paid.
PAYMENT_REFUSALS = {
    allocation.NOTHING_SELECTED: _lt("Nothing is selected. Select what you would like to pay."),
    allocation.UNKNOWN_ITEM: _lt("A selected item is no longer open or is already being paid. Please choose again."),
    allocation.MIXED_CURRENCIES: _lt("Please pay one currency at a time."),
    allocation.BAD_AMOUNT: _lt(
        "Please enter an amount greater than zero, as in 1250.50, with no more decimals than the currency has."
    ),
    allocation.TOO_MUCH: _lt("An amount is higher than the amount due. Please choose again."),
    allocation.PARTIAL_REFUSED: _lt(
        "Invoices can only be paid in full here. Please contact us if you need another solution."
    ),
    allocation.BELOW_MINIMUM: _lt(
        "An amount is below the minimum partial payment. Please enter a higher amount, or pay in full."
    ),
    allocation.COVERED_BY_CREDIT: _lt("Your credits cover your selection: there is nothing left to pay."),
    allocation.BUSY: _lt("Your account is being updated. Please try again in a moment."),
    allocation.NOT_COVERED: _lt("Your credits do not cover your selection any more. Please choose again."),
}

#: Shown to customers who started more on a day than the policy allows; %(number)s is its limit.
LIMIT_TEXTS = {
    "promise": _lt("You have already made as many promises as possible today (%(number)s)."),
    "dispute": _lt("You have already reported as many problems as possible today (%(number)s)."),
    "plan": _lt("You have already requested as many payment plans as possible today (%(number)s)."),
    "withdrawal": _lt("You have already withdrawn as many disputes as possible today (%(number)s)."),
    "consent": _lt("You have already changed the automatic payment as often as possible today (%(number)s)."),
    "message": _lt("You have already sent as many messages as possible today (%(number)s)."),
    "request": _lt("You have already sent as many requests as possible today (%(number)s)."),
    "choice": _lt("You have already selected items to pay as often as possible today (%(number)s)."),
    "transaction": _lt("You have already started as many online payments as possible today (%(number)s)."),
    "credit": _lt("You have already used your credits as often as possible today (%(number)s)."),
    "document": _lt("You have already downloaded as many documents as possible today (%(number)s)."),
    "limit": _lt("You have already asked for another credit limit as often as possible today (%(number)s)."),
    "upload": _lt("Your files are larger than what you can still send today (in total: %(number)s MB)."),
    "visitor": _lt("Too much was sent from your internet connection today."),
}

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
    placement.NO_REASON: _lt("Enter the reason."),
    placement.EXCLUSIVE: _lt(
        "The agency alone may collect until %(day)s. Ask it to agree; a collections manager can recall the case then."
    ),
}

#: Shown to customers and staff when a promise is refused; %(days)s, %(open)s and %(share)s are limits of the policy.
PROMISE_REFUSALS = {
    promise_request.NOTHING_SELECTED: _lt("Nothing is selected. Select at least one invoice."),
    promise_request.UNKNOWN_ITEM: _lt("One of the invoices is no longer open. Please choose again."),
    promise_request.NOTHING_FREE: _lt(
        "One of the invoices is already being paid or covered by another agreement. Please deselect it."
    ),
    promise_request.ALREADY_PROMISED: _lt("A payment is already promised for one of the invoices. Please deselect it."),
    promise_request.MIXED_CURRENCIES: _lt("One promise covers one currency. Please make a promise for each."),
    promise_request.BAD_AMOUNT: _lt(
        "Please enter amounts greater than zero, as in 1250.50, with no more decimals than the currency has."
    ),
    promise_request.TOO_MUCH: _lt("An amount is higher than the amount due. Please enter a lower amount."),
    promise_request.BAD_DATE: _lt("Please enter the date of the payment."),
    promise_request.PAST_DATE: _lt("The date has passed. Please choose today or a later day."),
    promise_request.BEYOND_HORIZON: _lt("The date is too far ahead: at most %(days)s days from today are possible."),
    promise_request.TOO_MANY_OPEN: _lt("There are already open promises for other payments (maximum: %(open)s)."),
    promise_request.TOO_MANY_BROKEN: _lt(
        "Earlier promises were not kept. Please contact us before making another one."
    ),
    promise_request.ABOVE_SHARE: _lt(
        "Promises may cover at most %(share)s %% of the open amount. Please enter a lower amount."
    ),
    promise_request.VETOED: _lt("A payment as late as this cannot be agreed for one of the invoices."),
}

#: The states of a dispute, as customers read them.
DISPUTE_STATES_FOR_CUSTOMERS = {
    dispute.NEW: _lt("Received"),
    dispute.REVIEW: _lt("Under review"),
    dispute.ACCEPTED: _lt("Accepted"),
    dispute.PARTLY: _lt("Partly accepted"),
    dispute.REJECTED: _lt("Not accepted"),
    dispute.WITHDRAWN: _lt("Withdrawn"),
}

#: Shown to customers and staff when a dispute is refused.
DISPUTE_REFUSALS = {
    dispute.NOTHING_SELECTED: _lt("Nothing is selected. Select what is wrong and enter an amount."),
    dispute.UNKNOWN_ITEM: _lt("A selected item is no longer open. Please choose again."),
    dispute.PAID_ITEM: _lt("A selected item is already paid. Please contact us if it was paid by mistake."),
    dispute.ALREADY_DISPUTED: _lt("A selected item is already in dispute. We will contact you about it."),
    dispute.MIXED_CURRENCIES: _lt("Please choose items of one currency at a time."),
    dispute.BAD_AMOUNT: _lt(
        "Please enter an amount greater than zero, as in 1250.50, with no more decimals than the currency has."
    ),
    dispute.TOO_MUCH: _lt(
        "An amount is higher than the open amount that is not yet in dispute. Please enter a lower amount."
    ),
    dispute.NO_REASON: _lt("Please choose what is wrong."),
    dispute.NO_TEXT: _lt("Please tell us in a few words what is wrong."),
    dispute.TOO_MANY_OPEN: _lt(
        "There are already as many open disputes as possible. Please wait for our answer, or contact us."
    ),
    dispute.TOO_MANY_ON_ITEM: _lt(
        "A selected item is already in several open disputes. Please wait for our answer, or contact us."
    ),
    dispute.BELOW_MINIMUM: _lt(
        "An amount is too small for a dispute. Please enter a higher amount, leave it empty for the full amount, or "
        "contact us."
    ),
    dispute.BUSY: _lt("Your account is being used in another window. Please wait a moment and send it again."),
    attachment.TOO_MANY_FILES: _lt("Please attach no more than 5 files."),
    attachment.FILE_TOO_LARGE: _lt("A file is larger than 10 MB. Please send a smaller one."),
    attachment.FILES_TOO_LARGE: _lt("The files are larger than 25 MB in total. Please send fewer or smaller files."),
    attachment.FILE_EMPTY: _lt("One of the files is empty. Please select it again."),
    attachment.FILE_KIND: _lt(
        "A file has a type we do not accept. Please send PDF, images (PNG, JPEG, HEIC), text or office documents."
    ),
}

#: Shown to staff when a payment plan is invalid.
PLAN_ERRORS = {
    plan_schedule.NOTHING_SELECTED: _lt("Nothing is selected. Select the items of the plan."),
    plan_schedule.MIXED_CURRENCIES: _lt("A payment plan is in one currency. Create one for each currency."),
    plan_schedule.NOT_FREE: _lt(
        "A selected item has been paid or is part of another agreement. Reload the page and choose again."
    ),
    plan_schedule.BAD_AMOUNT: _lt(
        "Amounts must be greater than zero, as in 1250.50, with no more decimals than the currency has."
    ),
    plan_schedule.BAD_SUM: _lt("The installments do not add up to the total. Check the down payment and the number."),
    plan_schedule.BAD_COUNT: _lt("Choose a number of installments from 1 to 120."),
    plan_schedule.PAST_DATE: _lt("An installment date is in the past. Choose today or a later date."),
    plan_schedule.VETOED: _lt("Payments as late as this cannot be agreed for one of the items."),
}

#: The policy's limits that a payment plan may exceed with a credit manager's approval.
PLAN_EXCESSES = {
    plan_schedule.BELOW_MINIMUM: _lt("The total is below the minimum plan amount."),
    plan_schedule.TOO_MANY: _lt("There are more installments than the policy allows."),
    plan_schedule.TOO_LONG: _lt("The plan runs longer than the policy allows."),
    plan_schedule.TOO_SMALL: _lt("The installments are below the minimum installment."),
    plan_schedule.LOW_DOWN_PAYMENT: _lt("The first payment is below the down payment required by the policy."),
    plan_schedule.STARTS_LATE: _lt("The first installment is more than a month away."),
    plan_schedule.NO_POLICY: _lt("No credit policy applies to this customer."),
}

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

#: The parts of an exposure, as staff read them.
EXPOSURE_PARTS = {
    exposure.RECEIVABLES: _lt("Open receivables"),
    exposure.CREDITS: _lt("Unapplied credits"),
    exposure.DRAFTS: _lt("Draft invoices"),
    exposure.ORDERS: _lt("Orders not invoiced"),
    exposure.UNSETTLED: _lt("Payments that may come back"),
    exposure.GUARANTEE: _lt("Guarantee"),
    exposure.PREPAID: _lt("Prepaid"),
    exposure.INSURED: _lt("Insured"),
}

#: Why a customer has a credit status, as staff read it; customers never do.
CREDIT_REASONS = {
    rules.OVER_LIMIT: _lt("The credit limit is exceeded by %(amount)s."),
    rules.OVER_GROUP_LIMIT: _lt("The credit limit of the group is exceeded by %(amount)s."),
    rules.LIMIT_USED: _lt("%(percent)s %% of the credit limit is used."),
    rules.LIMIT_EXPIRED: _lt("The review of the credit limit is overdue, by days: %(days)s."),
    rules.INSURANCE_EXPIRED: _lt("The credit insurance ended %(days)s days ago."),
    rules.NOT_INSURED: _lt("The credit insurance does not cover further deliveries: %(detail)s."),
    rules.OVERDUE: _lt("%(amount)s overdue, the oldest for %(days)s days."),
    rules.TERMS_TOO_LONG: _lt("Payment terms of %(days)s days; risk class %(detail)s may have %(allowed)s."),
    rules.RISK_CLASS: _lt("The risk class is %(detail)s."),
    rules.BROKEN_PROMISE: _lt("Broken promises: %(count)s."),
    rules.BROKEN_PLAN: _lt("Broken payment plans: %(count)s."),
    rules.RETURNED_PAYMENT: _lt("Returned payments: %(count)s."),
    rules.CHARGEBACK: _lt("Chargebacks: %(count)s."),
    rules.FORCED: _lt("Held by a credit manager; the hold ends on %(until)s."),
    rules.READY_TO_RELEASE: _lt("What caused the hold is gone; a credit manager has to release it."),
}

#: The same for people who may not know the class of a customer: who invoices, sells or delivers, without a role.
CREDIT_REASONS_WITHOUT_CLASS = {
    rules.TERMS_TOO_LONG: _lt("Payment terms of %(days)s days; the customer may have %(allowed)s."),
    rules.RISK_CLASS: _lt("The credit assessment of the customer asks for a decision."),
}

#: Why the insurer covers nothing more, as staff read it.
INSURANCE_GAPS = {
    insurance.DISCRETIONARY_LAPSED: _lt("the discretionary limit ended with negative information"),
    insurance.NOT_HANDED_OVER: _lt("the debt was not handed over to the insurer in time"),
    insurance.NOT_NOTIFIED: _lt("the insurer was not notified in time"),
    insurance.BEYOND_EXTENSION: _lt("an invoice is unpaid beyond the maximum extension period"),
    insurance.TERMS_TOO_LONG: _lt("the payment terms are longer than the insurer allows"),
}

#: What a credit insurer's dates demand, as staff read it.
INSURANCE_STEPS = {
    insurance.STOP_DELIVERIES: _lt("Further deliveries are covered until %(day)s, unless it is paid."),
    insurance.NOTIFY: _lt("The insurer has to be notified by %(day)s."),
    insurance.HAND_OVER: _lt("The debt has to be handed over to the insurer by %(day)s."),
}

#: What the risk register says, by kind; some kinds have two sentences.
RISK_SENTENCES = {
    risks.CONCENTRATION: _lt("%(share)s %% of the receivables are owed by one customer."),
    f"{risks.CONCENTRATION} group": _lt("%(share)s %% of the receivables are owed by one group: %(group)s."),
    risks.OVER_LIMIT: _lt("Exposure %(amount_exposure)s, limit %(amount_limit)s."),
    risks.UNINSURED: _lt("Of %(amount_balance)s owed, %(amount_secured)s is secured."),
    f"{risks.COVER_ENDS} insurance": _lt("The insured limit ends on %(day)s."),
    f"{risks.COVER_ENDS} guarantee": _lt("The guarantee ends on %(day)s."),
    risks.CLASS_WORSE: _lt("Class %(now)s, a quarter ago %(before)s."),
    risks.BROKEN_PROMISE: _lt("Promised for %(day)s, and still open."),
    risks.NOT_SENT: _lt("Never sent, or the email came back; open invoices: %(number)s."),
    risks.UNMATCHED: _lt("%(company)s: %(number)s payments are not matched, the oldest since %(day)s."),
    risks.FEED_STILL: _lt("%(journal)s: nothing since %(day)s, %(number)s days; usually so much came in meanwhile."),
}

#: Why a credit rule cannot be evaluated.
BROKEN_RULES = {
    rules.UNREADABLE: _lt("what it looks at could not be read."),
    rules.MISSING_RATE: _lt("amounts are left out, because their currency has no exchange rate:"),
    rules.UNKNOWN_RULE: _lt("this version does not know it."),
    rules.NO_THRESHOLD: _lt("it has no threshold."),
    limit.NOT_A_NUMBER: _lt("an amount is no number."),
}

#: Shown to staff whose entry about a customer's credit is refused.
CREDIT_REFUSALS = {
    limit.UNKNOWN_KIND: _lt("Choose no limit, cash only or an amount."),
    limit.NOT_A_NUMBER: _lt("Enter an amount as a number."),
    limit.NEGATIVE: _lt("An amount cannot be negative; for customers who get no credit choose cash only."),
    limit.ZERO_AMOUNT: _lt("A limit of zero can mean two things: choose no limit or cash only instead."),
    limit.UNUSED_AMOUNT: _lt("Only a limit of the kind “Amount” has an amount: choose it, or leave the amount empty."),
    limit.NO_END: _lt("Enter the last day; without it this is not valid."),
    limit.ENDED: _lt("The last day has passed already: enter a later one, or remove what has ended."),
    limit.NO_REASON: _lt("Enter a reason."),
    request.CHILD_CONTACT: _lt(
        "The contact belongs to a company, and so does the limit: make the request for that company."
    ),
    request.NO_CHANGE: _lt("This is the limit that the customer has already: enter another one."),
    request.OWN_REQUEST: _lt(
        "You made this request yourself: another credit manager has to decide, or you withdraw it."
    ),
    request.NO_AUTHORITY: _lt(
        "The limit is higher than you may approve: approve less, or ask a credit manager who may approve it."
    ),
    request.SAME_PERSON: _lt(
        "You have approved this limit already, or act for who has: a second person has to approve it."
    ),
    request.ABOVE_REQUESTED: _lt("You cannot approve more than was requested: enter a lower limit, or reject."),
    score.UNKNOWN_CLASS: _lt("Choose a risk class from A to E."),
    score.NEGATIVE_WEIGHT: _lt("A weight cannot be negative; enter 0 for what should not count."),
    score.NO_WEIGHT: _lt("Not all weights can be 0: enter a weight for what should count first."),
    score.BANDS_ORDER: _lt("Enter falling scores from 1 to 100: class A begins above class B, B above C, C above D."),
}

#: Shown to customers whose request for a higher limit cannot be taken.
CREDIT_PAGE_REFUSALS = {
    "bad_amount": _lt("Please enter the limit you need as an amount greater than zero, such as 15000."),
    "not_higher": _lt("Please enter an amount above your present limit."),
    "no_text": _lt("Please tell us what you need the limit for."),
    "refused": _lt("We cannot take this request here. Please write or call us."),
}

#: What a credit manager reads about the customer of a request, in this order.
CREDIT_REQUEST_FACTS = {
    "limit": _lt("Limit now"),
    "exposure": _lt("Exposure"),
    "overdue": _lt("Overdue, credits not deducted"),
    "turnover": _lt("Invoiced in the last 12 months"),
    "terms_days": _lt("Payment terms (days)"),
    "days_beyond_terms": _lt("Days beyond terms"),
    "invoices": _lt("Invoices paid or late in the last 12 months"),
    "proven": _lt("Highest balance paid on time"),
    "kept": _lt("Promises kept"),
    "broken": _lt("Promises and plans broken"),
    "insured": _lt("Insured"),
    "risk_class": _lt("Risk class"),
    "risk_score": _lt("Score"),
}

#: The steps to a recommended limit; each amount is what is recommended up to this step.
RECOMMENDATION_REASONS = {
    recommendation.NEED: _lt("What is owed on average with the turnover, terms and delay: %(amount)s."),
    recommendation.PROVEN: _lt("The highest balance that was paid on time: %(amount)s."),
    recommendation.NEWCOMER: _lt("Too few payments to judge by; the policy allows newcomers %(amount)s."),
    recommendation.CLASS_SHARE: _lt("The share of it that risk class %(risk_class)s may have: %(amount)s."),
    recommendation.CLASS_MAXIMUM: _lt("Risk class %(risk_class)s may have at most %(amount)s."),
    recommendation.CLASS_CASH_ONLY: _lt("Risk class %(risk_class)s buys against payment in advance."),
    recommendation.INSURED: _lt("Not more than is insured: %(amount)s."),
    recommendation.REQUESTED: _lt("Not more than was requested: %(amount)s."),
    recommendation.ROUNDED: _lt("Rounded down to %(amount)s."),
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

#: Shown to staff whose credit rule, exclusion, hold or release is refused.
RULE_REFUSALS = {
    **CREDIT_REFUSALS,
    limit.NOT_A_NUMBER: _lt("Enter days, amounts, percentages and numbers as numbers."),
    limit.NEGATIVE: _lt("Days, amounts, percentages and numbers cannot be negative."),
    rules.UNKNOWN_RULE: _lt("This rule is not known: choose one of the list."),
    rules.NO_THRESHOLD: _lt(
        "Without a threshold it would hold everybody, or nobody: enter days, an amount, a percentage, or classes."
    ),
    rules.UNKNOWN_SCOPE: _lt("Choose for whom the exclusion is made: a customer, the customers of a policy, or all."),
    rules.UNUSED_VALUE: _lt("The rule has no such value: leave it empty."),
}

#: The values of what a score is made of, with the number in tenths; for staff. What is counted stands before the
#: number, which is right for one and for many in every language.
RISK_REASONS = {
    features.PAYMENT_DAYS: _lt("Days from the due date to the payment, on average: %(number)s."),
    features.LATE_SHARE: _lt("%(number)s %% of the invoices were paid late, or are late."),
    features.WORST_DELAY: _lt("Longest delay in days: %(number)s."),
    features.TREND: _lt("Days by which the last three months were paid later than the months before: %(number)s."),
    features.AGREEMENTS_KEPT: _lt("%(number)s %% of the promises and installments were kept."),
    features.RETURNED_PAYMENTS: _lt("Payments that came back or were declined: %(number)s."),
    features.DISPUTES_REJECTED: _lt("Disputes that turned out to be unfounded: %(number)s."),
    features.SHORT_PAYMENTS: _lt("Payments below what was due: %(number)s."),
    features.UTILIZATION: _lt("%(number)s %% of the credit limit are used."),
    features.RELATION_MONTHS: _lt("Months since the first invoice: %(number)s."),
    features.IDLE_MONTHS: _lt("Months since the last invoice: %(number)s."),
}

#: The same where the value is below zero; it is shown without its sign.
RISK_REASONS_EARLY = {
    features.PAYMENT_DAYS: _lt("Days from the payment to the due date, on average: %(number)s."),
    features.WORST_DELAY: _lt("Latest payment, in days before its due date: %(number)s."),
    features.TREND: _lt("Days by which the last three months were paid earlier than the months before: %(number)s."),
}

#: What to do about findings on the data of customers.
DATA_FINDING_ADVICE = {
    review.NO_ADDRESS: _lt("Enter an email address, or street and city for letters."),
    review.FAILED_ADDRESS: _lt("Correct the address, or mark it as valid on the customer account."),
    review.BLOCKED_ADDRESS: _lt("Reminders go there all the same: enter another address, or agree on letters."),
    review.NO_PHONE: _lt("Enter a phone number on the company or one of its contacts."),
    review.ARCHIVED_CONTACT: _lt("Restore the contact, or change the contact of its open invoices."),
    review.NO_VAT: _lt("Enter the VAT number, or / where the company is not subject to VAT."),
    review.WRONG_VAT: _lt("Correct the number or the country."),
    review.SAME_VAT: _lt("Merge the contacts, or make one a contact of the other."),
    review.SAME_EMAIL: _lt("Merge the contacts if they are the same customer; otherwise ignore it."),
    review.SAME_NAME: _lt("Merge the contacts if they are the same customer; otherwise ignore it."),
    review.OTHER_NAME: _lt("Check who owes the invoice: its contact, or the customer it was delivered to."),
    review.NOT_CONFIRMED: _lt("Ask the customer whether the data are still right, then confirm them."),
    review.NOT_SENT: _lt("Send the invoice: nobody pays what was not received."),
    review.SENDING_FAILED: _lt("Correct the address and send the invoice again."),
    review.OLD_CREDIT: _lt("Match the money with invoices, or pay it back."),
    review.NO_TERMS: _lt("Choose the payment terms of the customer."),
    review.NO_REVIEW: _lt("Set the day on which the limit is to be reviewed."),
    review.REVIEW_LATE: _lt("Review the limit and set the next day."),
}

#: What to do about most problems.
NEXT_RUN_ADVICE = _lt(
    "Correct what the message names; the next run tries again. If it says nothing to you, send it to the person who "
    "maintains your Odoo."
)

#: What to do about problems, by code.
PROBLEM_ADVICE = {
    "assignment": _lt(
        "Open the assignment rules of the company and correct the condition that the message names. Until then "
        "customers without a collector stay without one."
    ),
    "promises": NEXT_RUN_ADVICE,
    "plans": NEXT_RUN_ADVICE,
    "disputes": NEXT_RUN_ADVICE,
    "exceptions": _lt(
        "An exception of the customer may hold although its last day has passed. Correct what the message names; the "
        "next run ends it."
    ),
    "credit": _lt(
        "The exposure shown for the customer is that of an earlier day. Correct what the message names; the next run "
        "computes it again."
    ),
    "credit_rules": _lt(
        "A credit rule that cannot be evaluated holds nobody. Open the credit policy and correct the rule; where a "
        "currency has no exchange rate, enter one."
    ),
    "scores": _lt(
        "Score and class shown for the customer are those of an earlier day. Correct what the message names; the next "
        "run computes them again."
    ),
    "terms": _lt(
        "A customer was not told about new terms, or they do not apply yet. Correct what the message names; the next "
        "run tries again."
    ),
    "late_charges": _lt(
        "Late charges shown for the customer are those of an earlier day. Correct what the message names, such as a "
        "missing rate; the next run computes them again."
    ),
    "policies": _lt(
        "Open the credit policy and correct its filter. Until then the policy is skipped: its customers get the next "
        "policy whose filter matches."
    ),
    "placements": _lt(
        "Payments of placed debts are not recorded yet: report none to the agency. Correct what the message names; the "
        "next run reads them again."
    ),
    "settlements": _lt(
        "A settlement is not evaluated: its items are not reminded, and nothing is credited. Correct what the message "
        "names; the next run evaluates it again."
    ),
    "reminders": NEXT_RUN_ADVICE,
    "snapshots": _lt(
        "The key figures of the day are missing in trends; the next run computes them. If it stays, send the message "
        "to the person who maintains your Odoo."
    ),
    "forecast": _lt(
        "The cash forecast is read from the ledger meanwhile, which takes longer. If it stays, send the message to "
        "the person who maintains your Odoo."
    ),
    "review": _lt(
        "The findings on the data of these customers are those of an earlier day. Correct what the message names; the "
        "next run reviews them again."
    ),
    "risks": _lt(
        "A kind of risk in the register is that of an earlier day. Correct what the message names; the next run reads "
        "it again."
    ),
    "problems": NEXT_RUN_ADVICE,
    "delivery": _lt(
        "The message waits. Correct what the message names; it is tried again with the next run of the mail queue."
    ),
    "letters": _lt("Correct what the message names and print the letters of this customer again."),
    "autopay": _lt(
        "Nothing was charged by this attempt; it is repeated within the hour. If it stays, agree on another way to pay "
        "with the customer."
    ),
}

#: Shown where late charges cannot be computed; %(day)s is the first day concerned.
LATE_CHARGE_REFUSALS = {
    late_charge.OVERLAP: _lt("Two rates hold on %(day)s: let the earlier one end the day before."),
    late_charge.GAP: _lt("No rate holds on %(day)s: let the rate before end later, or enter the missing one."),
    late_charge.BAD_RATE: _lt("The rate from %(day)s is no number, or ends before it begins: correct it."),
    late_charge.NO_RATE: _lt(
        "No rate is known for %(day)s: enter it under Configuration > Collections > Reference Rates, or charge only "
        "invoices that were due later."
    ),
    late_charge.BAD_LUMP_SUM: _lt("Lump sums and sizes cannot be negative, and each size has one lump sum."),
}
