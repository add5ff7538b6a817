"""What is found out about deliveries together, before each of them."""

import datetime
from dataclasses import dataclass, field

#: The number of deliveries whose facts are read together.
GROUP = 50

#: How long the facts of a group are used. Changes of what a customer's facts are read from are noticed before each
#: delivery; those of settings that many customers share (a schedule, a calendar, an absence) after this time.
VALID_FOR = datetime.timedelta(seconds=10)


@dataclass
class Prepared:
    """One delivery of which the check before sending would change nothing, by the facts of its group.

    No remote caller can pass one in a context: only this process makes them.
    """

    #: Hash of the rows that the facts were read from, see `ar.facts._read_versions`, and how to read it again.
    version: str
    statement: str
    #: The same without the communication itself, where it has several recipients: each delivery changes that.
    rest: str | None
    #: The company's date, and the moment (UTC) until which all of this may be used.
    today: datetime.date
    until: datetime.datetime
    #: The plain-text part of the message, and its recipient.
    text: str
    to: str
    address: str
    #: What other domains store with the delivery, by their own names.
    values: dict = field(default_factory=dict)
    #: Whether it was found to be still true, in the transaction of the delivery.
    holds: bool = False
