"""`make clean`: remove databases, e-mails and logs under `.dev/`; Odoo and the virtual environment stay.

Runs with the standard library alone, also where the server does not start any more. On a server that `PGHOST` names it
drops the databases whose files are in this checkout.
"""

import contextlib
import os
import shutil
import signal
import time

from dev.setup.console import Problem, run_logged, run_tool, step
from dev.setup.locks import is_last_user
from dev.setup.paths import DATA, DEV, LOG, MAILS, POSTGRES, ROOT, VENV_PYTHON

#: How long a server may take to stop, in seconds.
PATIENCE = 30


def main():
    """Remove what the next command makes anew; return the exit status.

    :raise Problem: where something is left
    """
    try:
        _clean()
    except PermissionError as error:
        raise Problem(f"{error}\nRun `make clean` as the user that {DEV} belongs to, or as root.") from error
    return 0


def _clean():
    DEV.mkdir(exist_ok=True)
    with (DEV / "postgres.users").open("a") as users:
        if not is_last_user(users):
            raise Problem("Another make in this checkout uses the databases: stop it first, or wait for its end.")
        with step("Removing databases, e-mails and logs"):
            if os.environ.get("PGHOST"):
                _drop_elsewhere()
            _stop_server()
            for folder in (POSTGRES, DATA, MAILS, LOG, DEV / "faults"):
                _remove(folder)
            for lock in DEV.glob("*template*.lock"):
                lock.unlink()


def _drop_elsewhere():
    """Drop the databases on the server that `PGHOST` names whose files are in this checkout.

    :raise Problem: if it cannot be reached
    """
    names = sorted(folder.name for folder in (DATA / "filestore").glob("*"))
    if names:
        hint = "Unset PGHOST to remove what is in this checkout alone; the databases then stay on that server."
        run_logged([VENV_PYTHON, "-m", "dev.setup.drop", *names], LOG / "drop.log", hint, cwd=ROOT)


def _remove(folder):
    """Remove a folder if there is one.

    :raise Problem: where it is still there, as where it belongs to another user, or is a link
    """
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        raise Problem(f"{folder} cannot be removed: delete it as the user that it belongs to, or as root.")


def _stop_server():
    """Stop a server that a killed command left.

    :raise Problem: if it does not end
    """
    pid_file = POSTGRES / "data" / "postmaster.pid"
    if not pid_file.is_file():
        return
    number = int(pid_file.read_text().split("\n", 1)[0])
    if not _is_server(number):
        return
    os.kill(number, signal.SIGINT)  # a fast shutdown, in the words of PostgreSQL
    end = time.monotonic() + PATIENCE
    while _is_server(number):
        if time.monotonic() > end:
            raise Problem(f"The PostgreSQL server, process {number}, does not stop.")
        time.sleep(0.1)


def _is_server(number):
    """Return whether that process lives and is the server of this checkout, which its command names."""
    with contextlib.suppress(OSError), open(f"/proc/{number}/cmdline", "rb") as command:
        return os.fsencode(POSTGRES) in command.read()
    return False


if __name__ == "__main__":
    run_tool(main)
