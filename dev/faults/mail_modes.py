"""What the faulty mail server does with a connection and with a message."""

import random
from enum import Enum, auto


class Connection(Enum):
    """What happens to a connection."""

    SERVE = auto()
    #: Served, but for a moment afterwards nobody listens on the port.
    SERVE_THEN_REFUSE = auto()
    #: Reset before the greeting.
    RESET = auto()
    #: 421 in place of the greeting.
    UNAVAILABLE = auto()
    #: No greeting, until the client gives up.
    SILENT = auto()


class Message(Enum):
    """What happens to a message."""

    ACCEPT = auto()
    #: 421 at MAIL, then the connection is closed.
    CLOSING_AT_MAIL = auto()
    #: No answer to MAIL, until the client gives up.
    STALL_AT_MAIL = auto()
    #: 451 at RCPT; the next attempt for the recipient is accepted.
    GREYLIST = auto()
    #: The connection is closed at RCPT.
    CLOSE_AT_RCPT = auto()
    #: The connection is reset before the end of the message.
    DROP_IN_DATA = auto()
    #: After the final dot, the connection is closed without an answer; the message is lost.
    DROP_AFTER_DATA = auto()
    #: The same, but the message is accepted.
    ACCEPT_AND_DROP = auto()
    #: No answer to the final dot, until the client gives up; the message is accepted.
    ACCEPT_AND_STALL = auto()


CONNECTION_WEIGHTS = {
    Connection.SERVE: 80,
    Connection.SERVE_THEN_REFUSE: 8,
    Connection.RESET: 4,
    Connection.UNAVAILABLE: 5,
    Connection.SILENT: 3,
}
MESSAGE_WEIGHTS = {
    Message.ACCEPT: 62,
    Message.CLOSING_AT_MAIL: 6,
    Message.STALL_AT_MAIL: 2,
    Message.GREYLIST: 12,
    Message.CLOSE_AT_RCPT: 4,
    Message.DROP_IN_DATA: 4,
    Message.DROP_AFTER_DATA: 4,
    Message.ACCEPT_AND_DROP: 4,
    Message.ACCEPT_AND_STALL: 2,
}

#: Beginnings of addresses that are refused for ever, also by a server without faults: 550 at RCPT, 554 after DATA.
UNKNOWN_USER, UNWANTED = "gone", "unwanted"


class RandomModes:
    """Chooses modes at random.

    :param int seed: the same seed gives the same sequence
    :param is_faulty: function that returns whether there are faults at the moment
    """

    def __init__(self, seed, is_faulty=lambda: True):
        self.random = random.Random(seed)
        self.is_faulty = is_faulty

    def connection(self):
        """Return the mode of the next connection."""
        return self._choose(CONNECTION_WEIGHTS) if self.is_faulty() else Connection.SERVE

    def message(self):
        """Return the mode of the next message."""
        return self._choose(MESSAGE_WEIGHTS) if self.is_faulty() else Message.ACCEPT

    def _choose(self, weights):
        (mode,) = self.random.choices(list(weights), list(weights.values()))
        return mode
