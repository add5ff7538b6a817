"""The states of an invoice that is to be sent, why one waits, and what follows from its emails and from errors."""

from collections.abc import Collection
from datetime import datetime, timedelta

# --- When the invoices of a policy are sent ---
OFF = "off"

POSTING = "posting"

DAILY = "daily"

# --- The states ---
WAITING = "waiting"

#: A check failed, or something is missing; see the reasons.
HELD = "held"

#: The customer gets it on paper, or by a way that people take.
PRINT = "print"

#: A process has taken it. The state is committed before anything is sent, so that a crash is visible.
SENDING = "sending"

#: Its emails are in the mail queue.
QUEUED = "queued"

SENT = "sent"

FAILED = "failed"

#: A crash, or an error after which it may have been sent: it is not sent again by itself.
UNKNOWN = "unknown"

#: A person decided not to send it.
NOT_TO_SEND = "not_to_send"

#: What the scheduled action looks at.
OPEN = (WAITING, HELD, PRINT)

#: Nothing is done about these any more.
ENDED = (SENT, NOT_TO_SEND)

# --- Why it is not sent yet ---
#: Not looked at when it was posted, because our part of posting failed.
MISSED = "missed"

DRAFT = "draft"

CANCELED = "canceled"

INACTIVE = "inactive"

SWITCHED_OFF = "switched_off"

CHANGED = "changed"

CREDITED = "credited"

REVIEW = "review"

#: Dated long before it was posted, as imported invoices are.
OLD = "old"

REFERENCE = "reference"

UPLOAD = "upload"

OTHER = "other"

NO_RECEIVER = "no_receiver"

WITH_ODOO = "with_odoo"

RETRY = "retry"

#: Sending methods of Odoo that are known here; others are web services of e-invoicing or letters.
EMAIL = "email"

MANUAL = "manual"

#: How often an invoice is tried by itself that failed before anything can have left.
MAX_ATTEMPTS = 3

#: The same where only another transaction was in the way.
MAX_CONFLICTS = 10

#: What cannot be sent yet is judged again after this time; less than an hour, so that each hourly run does it.
JUDGED_FOR = timedelta(minutes=50)

#: A process that took an invoice so long ago has died, or hangs; its lock tells which.
CRASHED_AFTER = timedelta(minutes=5)


def after_error(
    steps: Collection[str],
    attempts: int,
    *,
    is_refused: bool = False,
    is_conflict: bool = False,
    has_begun: bool = True,
) -> str:
    """Return the state after an error while an invoice was generated and sent.

    Emails leave after the transaction, so that none has left where it failed; a web service may have been called.

    :param steps: sending methods, and the e-invoicing that Odoo does on top of them, such as to a tax office
    :param attempts: how often it was tried, this time included
    :param is_refused: the error is a sentence for people, as where a web service refused the invoice
    :param is_conflict: another transaction was in the way
    :param has_begun: False: Odoo's sending was not called yet

    >>> after_error({"email"}, 1, is_refused=True), after_error({"email"}, 3)
    ('waiting', 'failed')
    >>> after_error({"email", "peppol"}, 1, is_refused=True), after_error({"email", "tax_office"}, 1)
    ('failed', 'unknown')
    """
    if not has_begun or set(steps) <= {EMAIL}:
        return WAITING if attempts < (MAX_CONFLICTS if is_conflict else MAX_ATTEMPTS) else FAILED
    return FAILED if is_refused else UNKNOWN


def after_mails(mails: Collection[tuple[str, bool]], made: int, delivered: int) -> str:
    """Return the state that follows from the emails of an invoice, one for each recipient.

    What was sent may be deleted by Odoo, what was not by people; so it is counted what was delivered.

    :param mails: of the emails that are left: state of `mail.mail` and whether its delivery began without a known end
    :param made: number of emails that were made
    :param delivered: number of those that a mail server took

    >>> after_mails([], 1, 1), after_mails([], 1, 0), after_mails([("sent", False), ("outgoing", False)], 2, 1)
    ('sent', 'unknown', 'queued')
    >>> after_mails([("exception", False)], 2, 1), after_mails([("exception", True), ("exception", False)], 2, 0)
    ('failed', 'unknown')
    """
    left = {state for state, _began in mails}
    if "outgoing" in left:
        return QUEUED
    if ("exception", True) in mails:
        return UNKNOWN
    if left & {"exception", "cancel"}:
        return FAILED
    return SENT if delivered >= made else UNKNOWN


def next_turn(mode: str, hour: int, now: datetime) -> datetime:
    """Return when an invoice is sent that is posted now.

    :param mode: :data:`POSTING` or :data:`DAILY`
    :param hour: of the day, 0 to 23
    :param now: local time of the company, without time zone

    >>> next_turn("posting", 8, datetime(2026, 6, 10, 17, 30))
    datetime.datetime(2026, 6, 10, 17, 30)
    >>> next_turn("daily", 18, datetime(2026, 6, 10, 17, 30)), next_turn("daily", 8, datetime(2026, 6, 10, 8, 0))
    (datetime.datetime(2026, 6, 10, 18, 0), datetime.datetime(2026, 6, 11, 8, 0))
    """
    if mode != DAILY:
        return now
    turn = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return turn if turn > now else turn + timedelta(days=1)
