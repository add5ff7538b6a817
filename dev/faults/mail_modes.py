"""What the faulty mail server does with a connection and with a message."""

import random
from enum import Enum, auto


class Service(Enum):
    """How well the server works at a time."""

    GOOD = auto()
    #: Connections and messages fail at random.
    FAULTY = auto()
    #: Every connection fails.
    DOWN = auto()


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
    :param service: function that returns how well the server works at the moment
    """

    def __init__(self, seed, service=lambda: Service.FAULTY):
        self.random = random.Random(seed)
        self.service = service

    def connection(self):
        """Return the mode of the next connection."""
        service = self.service()
        if service == Service.DOWN:
            return Connection.RESET
        return Connection.SERVE if service == Service.GOOD else self._choose(CONNECTION_WEIGHTS)

    def message(self):
        """Return the mode of the next message."""
        return Message.ACCEPT if self.service() == Service.GOOD else self._choose(MESSAGE_WEIGHTS)

    def _choose(self, weights):
        (mode,) = self.random.choices(list(weights), list(weights.values()))
        return mode
