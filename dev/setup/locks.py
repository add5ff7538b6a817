"""Locks between processes, so that two `make` at once do not disturb each other.

A lock ends with its process, however that ends; nothing stale stays behind.
"""

import contextlib
import fcntl
import sys
import threading

#: {file: lock} of the threads of this process: they wait for each other without a word, as one says what it does.
_own = {}


@contextlib.contextmanager
def locked(path, shared=False):
    """Hold a lock on a file during the block; wait for it first.

    :param Path path: the file; created if it is missing
    :param bool shared: whether others may hold it at the same time, if they share it as well
    :return: the open file
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = contextlib.nullcontext() if shared else _own.setdefault(str(path), threading.Lock())
    with own, path.open("a") as file:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for another make in this checkout ({path.name}) …", file=sys.stderr)
            fcntl.flock(file, kind)
        yield file


def is_last_user(file):
    """Return whether nobody else shares this lock; if so it is exclusive from here on."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
