"""`make bench`: speed and memory of one nightly run by the number of open invoices, in one process.

Reads `SIZES` (numbers of open invoices, default 2000 and 20000), `OUT` (a file for the result) and `KEEP` (non-empty:
keep the databases). Prints JSON.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

from dev.bench.sizes import read_sizes, slope
from dev.setup import database
from dev.setup.console import run_tool, step
from dev.setup.odoo_command import forget_environment, odoo_environment
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database

DEFAULT_SIZES = "2000 20000"


def main():
    """Measure every size; return the exit status."""
    sizes = read_sizes(os.environ.get("SIZES") or DEFAULT_SIZES)
    with contextlib.redirect_stdout(sys.stderr), database_server(), scratch_database("bench") as base:
        measured = [_bench(base, size) for size in sizes]
    result = {"sizes": measured, "run_slope": slope(measured)}
    text = json.dumps(result, indent=2)
    print(text)
    if os.environ.get("OUT"):
        Path(os.environ["OUT"]).write_text(text + "\n")
    return 0


def _bench(base, size):
    """Measure one size in a copy of the database without customers."""
    name = f"{base}_{size}"
    try:
        database.copy(base, name)
        with odoo_environment(name) as env:
            return _measure(env, size)
    finally:
        forget_environment(name)  # every size starts alike
        if not os.environ.get("KEEP"):
            database.drop(name)


def _measure(env, size):
    from dev.bench.data import fill, prepare_company, working_day  # Odoo can be imported only now
    from dev.bench.measures import measure

    prepare_company(env)
    today = working_day(env)
    with step(f"Creating {size} open invoices"):
        customers = fill(env, size, today)
    with step(f"Measuring {size} open invoices"):
        result = {"invoices": size, "customers": customers, **measure(env, today)}
    print(json.dumps(result))  # a larger size may take long: show what is known so far
    return result


if __name__ == "__main__":
    run_tool(main)
