"""What a mail server's refusal of a message is about: the reader's address, or us; and when it stops a company."""

import re
import smtplib
from dataclasses import dataclass, field

from .outcome import ADDRESS, FAILED, PLANNED, TECHNICAL

#: An enhanced status code (RFC 3463) at the beginning of a reply or of the field `Status` of a report.
STATUS = re.compile(r"\s*[245]\.(\d{1,3})\.(\d{1,3})(?![.\d])")

#: The only ones that are about the reader's address: subject 1 without those of the sender, and disabled mailboxes.
#: The others are about us, a policy, the network or the message: `5.7.1 Relay access denied` says nothing of a reader.
SENDER = {(1, 7), (1, 8)}

DISABLED = (2, 1)

#: The mailbox is full: it may be emptied.
FULL = (2, 2)

#: Replies to the recipient without a status that say that there is no such mailbox; 554, 530 and others are about us.
NO_MAILBOX = {550, 551, 553}

#: As many domains refuse in a row before the cause is taken to be ours: two bad addresses may follow each other.
DOMAINS = 3


def read_status(text: str) -> tuple[int, int] | None:
    """Return (subject, detail) of the enhanced status code that a text begins with.

    Subject 0 says nothing: mail servers put it where they got no status themselves.

    >>> read_status("5.7.1 <x@y.example>: Relay access denied")
    (7, 1)
    >>> read_status("nobody of that name"), read_status("5.0.0")
    (None, None)
    """
    found = STATUS.match(text)
    return (int(found[1]), int(found[2])) if found and int(found[1]) else None


def is_about_address(status: tuple[int, int]) -> bool:
    """Return whether an enhanced status code says that the reader's address is wrong.

    >>> [is_about_address(each) for each in ((1, 1), (1, 10), (1, 8), (2, 1), (2, 2), (7, 1), (4, 7))]
    [True, True, False, True, False, False, False]
    """
    return status == DISABLED or (status[0] == 1 and status not in SENDER)


def failure_of_report(status: str | None) -> str:
    """Return why a message came back, by the field `Status` of the report; without one it is the address.

    >>> failure_of_report("5.1.1"), failure_of_report(None), failure_of_report("4.4.7 (expired)")
    ('address', 'address', 'technical')
    """
    known = read_status(status or "")
    return TECHNICAL if known and not is_about_address(known) else ADDRESS


@dataclass(frozen=True)
class Refusal:
    """A reply with which the mail server refused a message to one reader; nothing was delivered.

    :param code: the three digits
    :param text: what follows
    :param at_recipient: the reply is to the reader's address (RCPT), and not to the sender or the text
    """

    code: int
    text: str
    at_recipient: bool

    @property
    def is_certain(self) -> bool:
        """Whether the server says in so many words that the address is wrong.

        >>> Refusal(550, "5.1.1 unknown", True).is_certain, Refusal(550, "unknown", True).is_certain
        (True, False)
        """
        status = read_status(self.text)
        return bool(status) and is_about_address(status)

    @property
    def outcome(self) -> tuple[str, str | None]:
        """(state, failure) of the recipient. Replies of 400 to 499 and full mailboxes are temporary.

        >>> Refusal(451, "", True).outcome, Refusal(550, "5.2.2 over quota", True).outcome
        (('planned', None), ('planned', None))
        >>> Refusal(550, "nobody", True).outcome, Refusal(550, "nobody", False).outcome
        (('failed', 'address'), ('failed', 'technical'))
        >>> Refusal(554, "5.7.1 Relay access denied", True).outcome, Refusal(550, "5.1.1 unknown", False).outcome
        (('failed', 'technical'), ('failed', 'address'))
        """
        status = read_status(self.text)
        if 400 <= self.code < 500 or status == FULL:
            return PLANNED, None
        if status:
            return FAILED, ADDRESS if is_about_address(status) else TECHNICAL
        if self.at_recipient and self.code == 552:
            return PLANNED, None
        return FAILED, ADDRESS if self.at_recipient and self.code in NO_MAILBOX else TECHNICAL


def read_refusal(error: BaseException | None) -> Refusal | None:
    """Return the refusal that an error of `smtplib` stands for; ``None`` where the server did not reply.

    >>> read_refusal(smtplib.SMTPRecipientsRefused({"x@y.example": (550, b"5.1.1 unknown")}))
    Refusal(code=550, text='5.1.1 unknown', at_recipient=True)
    >>> read_refusal(smtplib.SMTPDataError(554, "not this text")), read_refusal(TimeoutError())
    (Refusal(code=554, text='not this text', at_recipient=False), None)
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (550, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return None
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return Refusal(code, text, isinstance(error, smtplib.SMTPRecipientsRefused))


@dataclass
class Turn:
    """What a turn of the mail queue found out about the mail server, for one company.

    Each refusal alone may be about its reader. Where several domains refuse in a row, with no message taken between
    them, we are the cause: the rest waits. After such a turn the next one ends with its first refusal.

    :param is_suspect: the turn before ended so, and no message was taken since
    :param refused: the domains that refused since a message was taken

    >>> turn, denied = Turn(), Refusal(554, "5.7.1 Relay access denied", True)
    >>> [turn.refuse(denied, address) for address in ("a@x.example", "b@x.example", "c@y.example", "d@z.example")]
    [False, False, False, True]
    >>> turn = Turn(is_suspect=True)
    >>> turn.take(), turn.take(), turn.refuse(denied, "a@x.example")
    (True, False, False)
    """

    is_suspect: bool = False
    refused: set[str] = field(default_factory=set)
    is_over: bool = False

    def take(self) -> bool:
        """Note that the server took a message; return whether it was suspected until now."""
        was_suspect, self.is_suspect = self.is_suspect, False
        self.refused.clear()
        return was_suspect

    def refuse(self, refusal: Refusal, address: str) -> bool:
        """Note a refusal; return whether the turn is over with it, and the message waits like the rest."""
        if refusal.is_certain:
            return False  # a server that knows its readers
        self.refused.add(address.rpartition("@")[2].lower())
        self.is_over = self.is_suspect or len(self.refused) >= DOMAINS
        return self.is_over
