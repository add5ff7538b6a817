"""Drop databases by name, with their files: `python -m dev.setup.drop NAME ...`.

`make clean` runs it where `PGHOST` names a server, because it does without a driver for PostgreSQL itself.
"""

import os
import sys

from dev.setup import database
from dev.setup.console import run_tool
from dev.setup.postgres import ROLE


def main():
    """Drop the databases that the command line names; return the exit status."""
    os.environ.setdefault("PGUSER", ROLE)
    for name in sys.argv[1:]:
        database.drop(name)
    return 0


if __name__ == "__main__":
    run_tool(main)
