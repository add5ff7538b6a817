"""Refusals of promises to pay."""

from odoo.tools.translate import LazyTranslate

from ..core.promises import request as promise_request

_lt = LazyTranslate(__name__)

#: Shown to customers and staff when a promise is refused; %(days)s, %(open)s and %(share)s are limits of the policy.
PROMISE_REFUSALS = {
    promise_request.NOTHING_SELECTED: _lt("Nothing is selected. Select at least one invoice."),
    promise_request.UNKNOWN_ITEM: _lt("One of the invoices is no longer open. Please choose again."),
    promise_request.ENDED: _lt("This promise can no longer be changed here. Please contact us."),
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
    promise_request.WITHDRAWN_BEFORE: _lt(
        "A promise for one of the invoices was withdrawn before. Please contact us to agree on another date."
    ),
    promise_request.VETOED: _lt("A payment as late as this cannot be agreed for one of the invoices."),
}
