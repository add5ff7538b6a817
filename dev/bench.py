"""`make bench`: speed and memory of one nightly run by the number of open invoices, in one process.

Reads `SIZES` (numbers of open invoices, default 2000 and 20000), `OUT` (a file for the result) and `KEEP` (non-empty:
keep the databases). Prints JSON.
"""

import contextlib
import gc
import json
import math
import os
import re
import sys
from pathlib import Path

from dev import database
from dev.console import Problem, run_tool, step
from dev.odoo_command import odoo_environment
from dev.postgres import database_server
from dev.scratch import scratch_database

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


def read_sizes(text):
    """Return numbers of invoices, ascending.

    >>> read_sizes("20000, 2000")
    [2000, 20000]
    """
    words = re.split(r"[\s,]+", text.strip())
    if not all(word.isdecimal() and int(word) for word in words):
        raise Problem(f"SIZES={text} are no numbers of invoices: write them as SIZES='2000 20000'.")
    return sorted(set(map(int, words)))


def slope(measured):
    """Return how the run's time grows between the two largest sizes: 1 is linear, 2 quadratic.

    >>> slope([{"invoices": 2000, "run_s": 5.0}, {"invoices": 20000, "run_s": 50.0}])
    1.0
    """
    if len(measured) < 2:
        return None
    small, large = measured[-2:]
    return round(math.log(large["run_s"] / small["run_s"]) / math.log(large["invoices"] / small["invoices"]), 3)


def _bench(base, size):
    """Measure one size in a copy of the database without customers."""
    name = f"{base}_{size}"
    try:
        database.copy(base, name)
        with odoo_environment(name) as env:
            return _measure(env, size)
    finally:
        _forget(name)
        if not os.environ.get("KEEP"):
            database.drop(name)


def _measure(env, size):
    from dev.bench_data import fill, prepare_company, working_day  # Odoo can be imported from here on
    from dev.bench_measures import measure

    prepare_company(env)
    today = working_day(env)
    with step(f"Creating {size} open invoices"):
        customers = fill(env, size, today)
    with step(f"Measuring {size} open invoices"):
        result = {"invoices": size, "customers": customers, **measure(env, today)}
    print(json.dumps(result))  # a larger size may take long: what is known so far is told
    return result


def _forget(name):
    """Close the connections to a database and free what Odoo remembers of it, so that the next size starts even."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    Registry.delete(name)
    sql_db.close_db(name)
    gc.collect()


if __name__ == "__main__":
    run_tool(main)
