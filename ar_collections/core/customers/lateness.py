"""How late a payment was: days from the due date, within bounds."""

#: What one payment can say: at most this many days before and after its due date. A due date that was mistyped by
#: years would move every average by months.
MOST_EARLY, MOST_LATE = -365, 730


def bounded_days(days: int) -> int:
    """Return days late, negative before the due date, within the bounds.

    >>> bounded_days(12), bounded_days(-13_000), bounded_days(36_500)
    (12, -365, 730)
    """
    return max(MOST_EARLY, min(days, MOST_LATE))
