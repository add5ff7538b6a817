"""Refusals of payment plans."""

from odoo.tools.translate import LazyTranslate

from ..core.plans import schedule as plan_schedule

_lt = LazyTranslate(__name__)

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
