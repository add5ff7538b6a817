"""The mark of our own call of Odoo's sending, which no remote caller can make."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """The context of a call that sends an invoice which was taken.

    :param sending_id: of `ar.invoice.sending`
    """

    sending_id: int
