"""The mark of our own call of Odoo's sending, which no remote caller can make."""

from dataclasses import dataclass


@dataclass(eq=False)
class Claim:
    """The context of a call that sends an invoice, and how far it came.

    :param sending_id: of `ar.invoice.sending`
    :param steps: sending methods, and the e-invoicing that Odoo does on top of them
    :param is_taken: it was judged, and the state `sending` is committed
    :param has_begun: Odoo's sending was called
    :param has_returned: it ended without an error
    """

    sending_id: int
    steps: frozenset[str] = frozenset()
    is_taken: bool = False
    has_begun: bool = False
    has_returned: bool = False
