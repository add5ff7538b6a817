"""Refusals of what customers type into the form of automatic payments."""

from odoo.tools.translate import LazyTranslate

from ..core.autopay import typed_options as typed

_lt = LazyTranslate(__name__)

#: Why an entry cannot be read; each says what to enter instead. See ``AUTOPAY_REFUSALS`` for what was read.
AUTOPAY_ENTRY_REFUSALS = {
    typed.BAD_AMOUNT: _lt(
        "Please enter the maximum as an amount greater than zero, as in 1250.50, or leave it empty for no maximum."
    ),
    typed.NO_KIND: _lt("Please choose at least one kind of invoice."),
}
