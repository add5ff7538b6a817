"""Refusals of automatic payments."""

from odoo.tools.translate import LazyTranslate

from ..core.autopay import options

_lt = LazyTranslate(__name__)

#: Shown to customers whose choice for automatic payments is refused; %(most)s is the highest number of days.
AUTOPAY_REFUSALS = {
    options.BAD_TIME: _lt("Please choose when your invoices are paid."),
    options.BAD_DAYS_BEFORE: _lt("Please enter how many days before the due date: 1 to %(most)s."),
    options.BAD_MONTH_DAY: _lt("Please enter a day of the month: 1 to 31."),
    options.BAD_MAXIMUM: _lt("A maximum cannot be below zero. Leave it empty for no maximum."),
    options.MONTH_BELOW_CHARGE: _lt(
        "The maximum for a month is below the maximum for one payment. Please raise the first or lower the second."
    ),
    options.BAD_KIND: _lt("One of the kinds of invoices is not available any more. Please choose again."),
    options.NO_NAME: _lt("Please enter your name and confirm that you agree."),
    options.NO_METHOD: _lt("This payment method cannot be used here. Please choose another one."),
    options.CLOSED_ACCOUNT: _lt("This account is closed; please contact us."),
    options.TERMS_CHANGED: _lt("The terms have changed in the meantime. Please read them again."),
}
