"""`make bench`: speed and memory by the number of open invoices, in one process.

Measured are the nightly run, beside the least that its mails cost; sending, beside plain mails; a night without
messages; credit control; screens; and Odoo's own work on invoices with our add-on, beside a database without it. CPU
seconds are those of Python and its PostgreSQL backend.

Reads `SIZES` (numbers of open invoices, default 2000 and 20000), `OUT` (a file for the result) and `KEEP` (non-empty:
keep the databases). Prints JSON.
"""

import contextlib
import json
import os
import statistics
import sys
from pathlib import Path

from dev.bench.sizes import compare, read_sizes, slope
from dev.setup import database
from dev.setup.console import run_tool, step
from dev.setup.odoo_command import create_from_template, forget_environment, odoo_environment
from dev.setup.postgres import database_server
from dev.setup.scratch import TEMPLATE_MODULES, scratch_database

DEFAULT_SIZES = "2000 20000"


def main():
    """Measure every size; return the exit status."""
    sizes = read_sizes(os.environ.get("SIZES") or DEFAULT_SIZES)
    with contextlib.redirect_stdout(sys.stderr), database_server(), scratch_database("bench") as base:
        measured = [_bench(base, size) for size in sizes]
        flows = _bench_flows(base)
    for size in measured:
        size.update(flows)  # they do not depend on the size
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
        database.keep(name) if os.environ.get("KEEP") else database.drop(name)


def _bench_flows(base):
    """Measure Odoo's own work in a copy of the database with our add-on, and before and after in one without it.

    A process gets faster, or slower, as it goes on: the mean of the two without is compared.
    """
    from dev.bench.flows import LIMITED, UNLIMITED, measure_flows  # Odoo can be imported only now

    with_us, without = f"{base}_with", f"{base}_without"
    results = []
    try:
        database.copy(base, with_us)
        create_from_template(without, TEMPLATE_MODULES)
        for name in (without, with_us, without):
            with (
                step(f"Measuring Odoo's own work ({name.rpartition('_')[2]} our add-on)"),
                odoo_environment(name) as env,
            ):
                results.append(measure_flows(env))
            forget_environment(name)
    finally:
        for name in (without, with_us):
            database.drop(name)
    first, ours, last = results
    mean = {flow: tuple(map(statistics.mean, zip(first[flow], last[flow], strict=True))) for flow in first}
    mean[LIMITED] = mean[UNLIMITED]  # there are no limits without our add-on
    return compare(ours, mean)


def _measure(env, size):
    from dev.bench.data import fill, prepare_company  # Odoo can be imported only now
    from dev.bench.measures import measure

    prepare_company(env)
    today = env.company._ar_today()
    with step(f"Creating {size} open invoices"):
        customers = fill(env, size, today)
    with step(f"Measuring {size} open invoices"):
        result = {"invoices": size, "customers": customers, **measure(env, today)}
    print(json.dumps(result))  # a larger size may take long: show what is known so far
    return result


if __name__ == "__main__":
    run_tool(main)
