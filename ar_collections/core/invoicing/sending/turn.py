"""What a turn of sending learns where invoices fail one after the other: the cause is none of them."""

from dataclasses import dataclass
from datetime import timedelta

#: After so many failures in a row the others wait.
FAILURES = 20

#: How long they wait; then one of them is tried.
PAUSE = timedelta(hours=1)


@dataclass
class Turn:
    """A turn of the scheduled action in one company.

    What failed may need a person, as where a web service refused it. So a turn ends after some failures in a row, the
    next one comes after a pause, and ends with its first failure, until an invoice leaves.

    :param is_suspect: the turn before ended so, and nothing was sent since
    :param is_paused: that was a moment ago: only what a person has decided about meanwhile is tried
    :param failures: in a row

    >>> turn = Turn()
    >>> [turn.fail() for _invoice in range(20)].index(True)
    19
    >>> turn = Turn(is_suspect=True)
    >>> turn.take(), turn.fail(), turn.is_over
    (True, False, False)
    >>> Turn(is_suspect=True).fail()
    True
    """

    is_suspect: bool = False
    is_paused: bool = False
    failures: int = 0
    is_over: bool = False

    def take(self) -> bool:
        """Note that an invoice was sent; return whether the turn was suspect until now."""
        was_suspect, self.is_suspect, self.failures = self.is_suspect, False, 0
        return was_suspect

    def fail(self) -> bool:
        """Note that an invoice failed; return whether the turn is over with it."""
        self.failures += 1
        self.is_over = self.is_suspect or self.failures >= FAILURES
        return self.is_over
