"""What our own code knows of a message that is being posted. It is passed on in the context as ``ar_origin``.

No remote caller can make such a value, so that none decides with it how a message is handled.
"""

from enum import Enum


class Origin(Enum):
    """AUTOMATIC: the headers of the mail say that no person wrote it; PAGE: a request made on the customer page."""

    AUTOMATIC = "automatic"
    PAGE = "page"
