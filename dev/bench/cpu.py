"""What a call costs: seconds on the clock, CPU seconds of this process and its database connection, queries."""

import dataclasses
import gc
import os
import statistics
import time
from pathlib import Path

from odoo import sql_db

from dev.setup.console import Problem

#: Measured so often where a call can be repeated; the middle one counts.
REPEATS = 3


@dataclasses.dataclass(frozen=True)
class Cost:
    """Cost of a call.

    ``seconds`` on the clock, ``cpu`` seconds of this process and of the PostgreSQL backend of its connection, number
    of ``queries``, and the ``result`` of the call.
    """

    seconds: float
    cpu: float
    queries: int
    result: object = None


def cost_of(env, call, *arguments):
    """Call a function with Odoo's cache empty; return its cost."""
    env.cr.commit()
    gc.collect()
    backend = _find_backend(env)
    queries, start, cpu = sql_db.sql_counter, time.perf_counter(), time.process_time() + _read_cpu(backend)
    result = call(env, *arguments)
    env.flush_all()
    return Cost(
        time.perf_counter() - start,
        time.process_time() + _read_cpu(backend) - cpu,
        sql_db.sql_counter - queries,
        result,
    )


def median_cpu(env, call, *arguments):
    """Return the CPU seconds of a call, the median of several."""
    return statistics.median(cost_of(env, call, *arguments).cpu for _ in range(REPEATS))


def _find_backend(env):
    """Return the file with the CPU times of the connection's PostgreSQL backend; parallel workers are turned off.

    :raise Problem: where PostgreSQL runs on another machine
    """
    env.cr.execute("SET max_parallel_workers_per_gather = 0")
    env.cr.execute("SELECT pg_backend_pid()")
    (pid,) = env.cr.fetchone()
    path = Path(f"/proc/{pid}/stat")
    if not path.is_file():
        raise Problem("CPU times are measured with PostgreSQL on this machine: leave PGHOST out.")
    return path


def _read_cpu(backend):
    """Return the CPU seconds, user and system, of a process."""
    fields = backend.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
