"""The outcome of a delivery: of one recipient by the mail server's reply, of a communication by its recipients."""

from collections.abc import Collection
from datetime import timedelta

PLANNED, SENDING, SENT, UNKNOWN, FAILED, CANCELLED = "planned", "sending", "sent", "unknown", "failed", "cancelled"

#: Why a recipient failed: its address is wrong, or anything else.
ADDRESS, TECHNICAL = "address", "technical"

#: How often a delivery that the mail server refuses for now is attempted: for more than four days.
MAX_ATTEMPTS = 30

#: Waiting times after refusals for now, in minutes; the last one repeats.
RETRY_MINUTES = (5, 10, 20, 40, 80, 160, 240)


def communication_state(states: Collection[str]) -> str | None:
    """Return the state of a communication with recipients in these states; ``None`` without recipients.

    It is sent when at least one recipient got it and none is pending, and failed only when nobody got it. While some
    are pending and others were reached, or may have been, its delivery goes on: it is ``sending``.

    >>> communication_state(["sent", "failed"]), communication_state(["unknown", "failed"])
    ('sent', 'unknown')
    >>> communication_state(["sent", "planned"]), communication_state(["failed", "planned"])
    ('sending', 'planned')
    """
    found = set(states)
    if SENDING in found:
        return SENDING
    if PLANNED in found:
        return SENDING if found & {SENT, UNKNOWN} else PLANNED
    return next((state for state in (SENT, UNKNOWN, FAILED, CANCELLED) if state in found), None)


def retry_delay(attempts: int) -> timedelta | None:
    """Return how long to wait after this number of refusals for now; ``None``: it is not tried again.

    >>> [str(retry_delay(attempts)) for attempts in (1, 2, 7, 30)]
    ['0:05:00', '0:10:00', '4:00:00', 'None']
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])
