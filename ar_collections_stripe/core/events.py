"""What handlers of events say beside done and not ours."""


class NotYet(Exception):
    """An event may be about a record that another transaction has not committed yet: it is handled again soon."""
