"""Refusals of requests for a higher credit limit on the customer page."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Shown to customers whose request for a higher limit cannot be taken.
CREDIT_PAGE_REFUSALS = {
    "bad_amount": _lt("Please enter the limit you need as an amount greater than zero, such as 15000."),
    "not_higher": _lt("Please enter an amount above your present limit."),
    "no_text": _lt("Please tell us what you need the limit for."),
    "refused": _lt("We cannot take this request here. Please write or call us."),
}
