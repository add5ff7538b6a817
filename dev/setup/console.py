"""Messages on the console: one line per step with its duration, and problems with a way to solve them."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time


class Problem(Exception):
    """An error that the user can correct; the message says how."""


@contextlib.contextmanager
def step(title):
    """Print `title`, run the block, then add how long it took.

    >>> with step("Counting"):  # doctest: +ELLIPSIS
    ...     pass
    Counting ... 0.0 s
    """
    is_alone = threading.current_thread() is threading.main_thread()
    print(title, end=" ... " if is_alone else " ...\n", flush=True)
    start = time.monotonic()
    end = "" if is_alone else f"{title} ... "  # several steps at once: the line of the beginning is gone
    try:
        yield
    except BaseException:
        print(f"{end}failed", flush=True)
        raise
    print(f"{end}{time.monotonic() - start:.1f} s", flush=True)


def run_logged(command, log, hint="", **options):
    """Run a command whose output goes to a file, to be shown only if it fails.

    :param Path log: the file; it is started afresh
    :param str hint: how to solve it, added to the message of a failure
    :raise Problem: with the end of the output, if the command fails or does not exist
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("wb") as output:
            subprocess.run(
                [str(part) for part in command],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **options,
            )
    except FileNotFoundError as error:
        raise Problem(f"{command[0]} is not on this machine. {hint}") from error
    except subprocess.CalledProcessError as error:
        raise Problem(f"{tail(log)}\n{command[0]} failed ({error.returncode}), see {log}. {hint}") from error


def tail(log, lines=15):
    """Return the last lines of a text file."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def is_disk_full(error):
    """Return whether an error says that the disk is full, also one of many copied files.

    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device")), is_disk_full(OSError(errno.EPERM, "No"))
    (True, False)
    """
    return error.errno == errno.ENOSPC or os.strerror(errno.ENOSPC) in str(error)


def run_tool(main):
    """Run the `main` of a tool and exit: with its return value, or 1 after printing a :class:`Problem`.

    SIGTERM becomes a normal exit, so that context managers stop the servers they started.
    """
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    try:
        sys.exit(main())
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if not is_disk_full(error):
            raise
        print("\nNo space left on this disk. `make clean` removes the databases of earlier runs.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
