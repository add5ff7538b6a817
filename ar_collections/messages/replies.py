"""What is suspicious about a reply, and the first words of the collector's task."""

from odoo.tools.translate import LazyTranslate

from ..const.replies import FLAG_BANK_DETAILS, FLAG_LINK_NEW_ADDRESS, FLAG_NEW_CONTACT
from ..core.replies import domains, kinds

_lt = LazyTranslate(__name__)

#: Each gets `sender` (the domain of the sender, or the address named) and `known` (the domain that it looks like).
REPLY_FLAGS = {
    FLAG_BANK_DETAILS: _lt(
        "Bank details are mentioned. Change nothing because of a mail: call a number that you knew before. Our own "
        "bank details in messages come from the books only."
    ),
    FLAG_LINK_NEW_ADDRESS: _lt(
        "A payment link is wanted by an address that is none of this customer's. Whoever has a link sees the account."
    ),
    FLAG_NEW_CONTACT: _lt(
        "%(sender)s is named as a new contact. Its domain is none of this customer's, or the sender is unknown."
    ),
    domains.ONE_OFF: _lt("The sender's domain %(sender)s is one letter off %(known)s."),
    domains.SAME_LOOK: _lt("The sender's domain %(sender)s looks like %(known)s, but is another one."),
    domains.OTHER_ENDING: _lt("The sender's domain %(sender)s has another ending than %(known)s."),
    domains.ADDED: _lt("The sender's domain %(sender)s is %(known)s with something added."),
}

#: How the collector's task about a reply begins; `words` are the customer's.
REPLY_TASKS = {
    kinds.BANK_DETAILS: _lt("Bank details mentioned: %(words)s"),
    kinds.DISPUTE: _lt("Disputes an invoice: %(words)s"),
    kinds.PAID: _lt("Says it is paid: %(words)s"),
    kinds.PROMISE: _lt("Will pay: %(words)s"),
    kinds.STOP: _lt("Wants no more emails: %(words)s"),
    kinds.PAYMENT_LINK: _lt("Wants a payment link: %(words)s"),
    kinds.COPY: _lt("Wants a copy: %(words)s"),
    kinds.WRONG_CONTACT: _lt("Wrong contact: %(words)s"),
    kinds.UNCLEAR: _lt("Answer: %(words)s"),
}
