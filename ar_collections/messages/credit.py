"""Credit control: reasons, refusals, and advice, for staff."""

from odoo.tools.translate import LazyTranslate

from ..core.credit import exposure, features, insurance, limit, recommendation, request, review, risks, rules, score

_lt = LazyTranslate(__name__)

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
    rules.LIMIT_EXPIRED: _lt("The review of the credit limit is %(days)s days overdue."),
    rules.INSURANCE_EXPIRED: _lt("The credit insurance ended %(days)s days ago."),
    rules.NOT_INSURED: _lt("The credit insurance does not cover further deliveries: %(detail)s."),
    rules.OVERDUE: _lt("%(amount)s is overdue, the oldest item for %(days)s days."),
    rules.TERMS_TOO_LONG: _lt("Payment terms of %(days)s days; risk class %(detail)s may have %(allowed)s."),
    rules.RISK_CLASS: _lt("The risk class is %(detail)s."),
    rules.BROKEN_PROMISE: _lt("Broken promises: %(count)s."),
    rules.BROKEN_PLAN: _lt("Broken payment plans: %(count)s."),
    rules.RETURNED_PAYMENT: _lt("Returned payments: %(count)s."),
    rules.CHARGEBACK: _lt("Chargebacks: %(count)s."),
    rules.FORCED: _lt("Held by a credit manager; the hold ends on %(until)s."),
    rules.INSOLVENT: _lt("Insolvency proceedings were opened on %(detail)s."),
    rules.READY_TO_RELEASE: _lt("What caused the hold is gone; a credit manager has to release it."),
}

#: The same where the number of days is one.
CREDIT_REASONS_OF_ONE_DAY = {
    rules.LIMIT_EXPIRED: _lt("The review of the credit limit is one day overdue."),
    rules.INSURANCE_EXPIRED: _lt("The credit insurance ended one day ago."),
    rules.OVERDUE: _lt("%(amount)s is overdue, the oldest item for one day."),
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
