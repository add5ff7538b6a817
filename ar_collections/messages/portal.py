"""What customers read about items and payments on their page."""

from odoo.tools.translate import LazyTranslate

from ..core import decision as codes
from ..core.portal import allocation

_lt = LazyTranslate(__name__)

#: The status of an item on the customer page.
ITEM_STATUSES = {
    codes.PAYMENT_BLOCKED: _lt("Payment on hold"),
    codes.PAYMENT_PENDING: _lt("Payment is being processed"),
    codes.PAYMENT_REPORTED: _lt("Payment reported"),
    codes.DISPUTED: _lt("In dispute"),
    codes.PROMISE_OPEN: _lt("Payment promised"),
    codes.AUTOPAY_AGREED: _lt("Paid automatically"),
    codes.PLAN_ACTIVE: _lt("In a payment plan"),
    codes.PLACED: _lt("With an agency"),
    codes.INSOLVENT: _lt("In insolvency proceedings"),
    codes.SETTLEMENT_OPEN: _lt("Settlement agreed"),
    codes.OUR_PAYMENT: _lt("Payment to you"),
}

#: Shown to customers when the items they selected cannot be paid.
PAYMENT_REFUSALS = {
    allocation.NOTHING_SELECTED: _lt("Nothing is selected. Select what you would like to pay."),
    allocation.UNKNOWN_ITEM: _lt(
        "A selected item is no longer open, is on hold or is already being paid. Please choose again."
    ),
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
    allocation.AGREEMENT_ENDED: _lt(
        "The agreed amount was paid, is being paid, or can no longer be paid. Below you see what is still open."
    ),
    allocation.NOT_COVERED: _lt("Your credits do not cover your selection any more. Please choose again."),
}

#: Shown to customers who started more on a day than the policy allows; %(number)s is its limit.
LIMIT_TEXTS = {
    "promise": _lt("You have already made as many promises as possible today (%(number)s)."),
    "reported": _lt("You have already reported as many payments as possible today (%(number)s)."),
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
    "copy": _lt("You have already requested as many copies of documents as possible today (%(number)s)."),
    "limit": _lt("You have already asked for another credit limit as often as possible today (%(number)s)."),
    "ability": _lt("You have already told us about your situation as often as possible today (%(number)s)."),
    "upload": _lt("Your files are larger than what you can still send today (in total: %(number)s MB)."),
    "visitor": _lt("Too much was sent from your internet connection today."),
}
