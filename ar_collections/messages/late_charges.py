"""Refusals of late charges."""

from odoo.tools.translate import LazyTranslate

from ..core.late_charges import refusal as late_charge

_lt = LazyTranslate(__name__)

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
