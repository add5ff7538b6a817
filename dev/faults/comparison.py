"""What went wrong: the log of the disturbed database against what its mail server accepted, and against the control."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto


class State(Enum):
    """What the log says about a message to a recipient."""

    QUEUED = auto()
    SENDING = auto()
    SENT = auto()
    UNKNOWN = auto()
    FAILED = auto()
    #: For a person, who reviews it or decided against it.
    WAITING = auto()
    CANCELLED = auto()


#: The message was certainly not delivered, says the log.
NOT_DELIVERED = (State.QUEUED, State.FAILED, State.WAITING, State.CANCELLED)
#: The message is still to be sent, or a person knows about it.
NOT_LOST = (State.QUEUED, State.SENDING, State.UNKNOWN, State.FAILED, State.WAITING)
UNSETTLED = (State.QUEUED, State.SENDING)


@dataclass(frozen=True)
class Entry:
    """A message to one recipient in the log.

    `contents` are the items (or the one notice) that it is about, each with its step, in the same form in all copies
    of a database.
    """

    message_id: str
    recipient: str
    state: State
    contents: frozenset

    @property
    def key(self):
        """Return what identifies the message for the mail server."""
        return self.message_id, self.recipient


@dataclass
class Result:
    """The findings by kind; each is a text."""

    sent_twice: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    logged_wrongly: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    unknown_delivered: list = field(default_factory=list)
    stuck: list = field(default_factory=list)


#: The findings that must not be.
FORBIDDEN = ("sent_twice", "lost", "logged_wrongly", "stuck")


def compare(entries, deliveries, control_entries, control_deliveries):
    """Return what went wrong.

    :param entries: list[Entry], the log of the disturbed database
    :param deliveries: list of (Message-ID, recipient) that its mail server accepted, to customers
    :param control_entries: the log of the control
    :param control_deliveries: what the control's mail server accepted
    :rtype: Result
    """
    accepted = Counter(deliveries)
    result = Result()
    _check_log(entries, accepted, result)
    _check_repetitions(entries, accepted, result)
    _check_losses(entries, accepted, control_entries, set(control_deliveries), result)
    return result


def _check_log(entries, accepted, result):
    """Compare each entry with the deliveries."""
    for entry in entries:
        delivered = entry.key in accepted
        if entry.state in UNSETTLED:
            result.stuck.append(f"{_text(entry)} is {entry.state.name}")
        if entry.state == State.UNKNOWN:
            result.unknown.append(_text(entry))
            if delivered:
                result.unknown_delivered.append(_text(entry))
        elif entry.state == State.SENT and not delivered:
            result.logged_wrongly.append(f"{_text(entry)} is SENT, but was never accepted")
        elif entry.state in NOT_DELIVERED and delivered:
            result.logged_wrongly.append(f"{_text(entry)} is {entry.state.name}, but was accepted")
    for message_id, recipient in accepted.keys() - {entry.key for entry in entries}:
        result.logged_wrongly.append(f"{message_id} to {recipient} was accepted, but is not in the log")


def _check_repetitions(entries, accepted, result):
    """Find what a recipient was told more than once at the same step, by one message or by several."""
    for told, number in sorted(_told(entries, accepted).items(), key=repr):
        if number > 1:
            result.sent_twice.append(f"{told} was sent {number} times")


def _check_losses(entries, accepted, control_entries, control_accepted, result):
    """Find what the control told a recipient, and what here is neither told nor waits."""
    known = set(_told(entries, accepted))
    for entry in entries:
        if entry.state in NOT_LOST:
            known.update((content, entry.recipient) for content in entry.contents)
    for told in sorted(_told(control_entries, Counter(control_accepted)).keys() - known, key=repr):
        result.lost.append(f"{told} was sent in the control, but not here")


def _told(entries, accepted):
    """Return {(content, recipient): how often it was delivered}."""
    told = Counter()
    for entry in set(entries):
        for content in entry.contents:
            told[content, entry.recipient] += accepted[entry.key]
    return +told


def _text(entry):
    return f"{entry.message_id} to {entry.recipient} about {sorted(entry.contents, key=repr)}"
