"""Refusals of reported payments."""

from odoo.tools.translate import LazyTranslate

from ..core.reported_payments import report

_lt = LazyTranslate(__name__)

#: Shown to customers and staff when a reported payment is not accepted.
REPORT_REFUSALS = {
    report.NOTHING_SELECTED: _lt("Nothing is selected. Select at least one invoice."),
    report.UNKNOWN_ITEM: _lt("One of the invoices is no longer open. Please choose again."),
    report.NOTHING_LEFT: _lt("One of the invoices is already being paid. Please deselect it."),
    report.ALREADY_REPORTED: _lt("A payment is already reported for one of the invoices. Please deselect it."),
    report.REPORTED_BEFORE: _lt(
        "A payment of one of these invoices was reported before, and we could not find it. Please contact us."
    ),
    report.MIXED_CURRENCIES: _lt("Please report payments in one currency at a time."),
    report.BAD_AMOUNT: _lt(
        "Please enter amounts greater than zero, as in 1250.50, with no more decimals than the currency has."
    ),
    report.TOO_MUCH: _lt("An amount is higher than the amount due. Please enter a lower amount."),
    report.BAD_DATE: _lt("Please enter the date on which you paid."),
    report.FUTURE_DATE: _lt("The date is in the future. If you are going to pay later, choose “Pay later” instead."),
}
