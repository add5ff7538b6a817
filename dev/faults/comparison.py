"""What went wrong: the log of the disturbed database against what its mail server accepted, and against the control."""

from collections import Counter, defaultdict
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
FOR_A_PERSON = (State.UNKNOWN, State.FAILED, State.WAITING)
NOT_LOST = (State.QUEUED, State.SENDING, *FOR_A_PERSON)
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


@dataclass(frozen=True)
class Side:
    """What is known about one of the two databases and its mail server."""

    #: list[Entry], in the order of the log
    entries: list
    #: (Message-ID, recipient) of what was accepted for customers, in the order of arrival
    deliveries: list


def compare(here, control):
    """Return what went wrong.

    :param Side here: the disturbed database
    :param Side control: the undisturbed one
    :rtype: Result
    """
    accepted = Counter(here.deliveries)
    result = Result()
    _check_log(here.entries, accepted, result)
    for told, number in sorted(_told(here).items(), key=repr):
        if number > 1:
            result.sent_twice.append(f"{told} was sent {number} times")
    for content, recipient in sorted(_find_lost(here, control, accepted), key=repr):
        states = " ".join(entry.state.name for entry in here.entries if entry.recipient == recipient)
        result.lost.append(f"{content} to {recipient}; states of the messages to this recipient: {states}")
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


def _find_lost(here, control, accepted):
    """Return {(content, recipient)} told in the control, but here neither told nor waiting.

    A recipient who got no message about a content here is not missed while a person is to look after the message to
    another one: in the control that failed, and the customer was written to at the next address. Nor is one whose
    customer waits, because nobody knows whether an earlier message was delivered.
    """
    written, done, for_a_person = set(), set(), set()
    for entry in here.entries:
        told = {(content, entry.recipient) for content in entry.contents}
        written |= told
        if entry.state in NOT_LOST or entry.key in accepted:
            done |= told
        if entry.state in FOR_A_PERSON:
            for_a_person |= entry.contents
    waiting = _find_waiting(here, control)
    missing = {told for told in _told(control).keys() - done if told[1] not in waiting}
    return {told for told in missing if told in written or told[0] not in for_a_person}


def _find_waiting(here, control):
    """Return the recipients whose customer has an unknown delivery: no more messages until a person has answered.

    Recipients of one content belong to one customer.
    """
    unclear = {entry.recipient for entry in here.entries if entry.state == State.UNKNOWN}
    together = defaultdict(set)
    for entry in (*here.entries, *control.entries):
        for content in entry.contents:
            together[content].add(entry.recipient)
    return unclear.union(*(recipients for recipients in together.values() if recipients & unclear))


def _told(side):
    """Return {(content, recipient): how often it was delivered}."""
    accepted, told = Counter(side.deliveries), Counter()
    for entry in set(side.entries):
        for content in entry.contents:
            told[content, entry.recipient] += accepted[entry.key]
    return +told


def _text(entry):
    return f"{entry.message_id} to {entry.recipient} about {sorted(entry.contents, key=repr)}"
