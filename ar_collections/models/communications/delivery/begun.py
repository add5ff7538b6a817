"""Deliveries that are begun in one transaction and done in the next, with nothing locked in between."""

import datetime
import time

#: What was begun within this time may be at the moment between the two transactions, where nothing is locked. After it,
#: without a lock, its process has died.
BEGUN = datetime.timedelta(seconds=10)

#: How often a process tries to lock again what it has begun, and the seconds between two attempts. Others hold a lock
#: on it for a moment only, while they find out that they have to leave it.
ATTEMPTS, PAUSE = 50, 0.2


def read_limit(env):
    """Return the moment (UTC, by the clock of the database) after which what was begun may still be in progress."""
    return env.cr.now() - BEGUN


def is_abandoned(record):
    """Return whether the delivery that a record says was begun was left by a process that died.

    :param record: a record that nobody else has locked, last written when its delivery began
    """
    return record.write_date <= read_limit(record.env)


def lock_again(env, lock, commit):
    """Call a function that locks what was just begun until it succeeds; return its result, falsy where it never does.

    :param lock: function without arguments, which returns something falsy where another transaction has the lock
    :param bool commit: False only in tests, which have one transaction
    """
    for _attempt in range(ATTEMPTS):
        if (locked := lock()) or not commit:
            return locked
        env.cr.rollback()  # nothing was written since the commit; the next attempt sees what is stored by then
        time.sleep(PAUSE)
    return None
