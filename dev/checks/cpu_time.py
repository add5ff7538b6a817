"""Seconds of CPU time, user and system: how expensive something is, whatever else the machine does meanwhile."""

import os
from pathlib import Path

from dev.setup.postgres import PGDATA


def python_seconds():
    """Return what this process has used, and all it started that ended: Odoo, pytest, browsers."""
    return sum(os.times()[:4])


def postgres_seconds():
    """Return what our PostgreSQL server has used, with all its connections; 0 if it does not run."""
    try:
        server = int((PGDATA / "postmaster.pid").read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return 0
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
        if int(path.parent.name) == server:
            ticks += sum(map(int, fields[11:15]))  # with its children that ended
        elif int(fields[1]) == server:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
