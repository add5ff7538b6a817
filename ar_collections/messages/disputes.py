"""Disputes: their states as customers read them, and refusals."""

from odoo.tools.translate import LazyTranslate

from ..core.disputes import attachment, dispute

_lt = LazyTranslate(__name__)

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
    dispute.REJECTED_BEFORE: _lt(
        "We have already answered a dispute about a selected item. Please reply to our answer, or contact us."
    ),
    dispute.WITHDRAWN_BEFORE: _lt("Disputes about a selected item were withdrawn before. Please contact us."),
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
