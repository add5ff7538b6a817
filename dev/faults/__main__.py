"""`make faults`: simulated days with workers that are killed and a mail server that fails, against a control.

Reads `SEED`, `DAYS` and `KILLS` (at least that many), `SHORT` (non-empty: the short form), `OUT` (a file for the
result) and `KEEP` (non-empty: keep the databases). Prints one line of JSON; fails if something was sent twice, lost,
logged wrongly or is stuck. The findings go to standard error.
"""

import contextlib
import datetime
import json
import os
import random
import shutil
import sys
from pathlib import Path

from dev.faults.company import fill
from dev.faults.comparison import FORBIDDEN, compare
from dev.faults.mail_server import server_process
from dev.faults.nights import DisturbedNights, UndisturbedNights, choose_outage
from dev.faults.parameters import read_parameters
from dev.faults.simulation import Simulation
from dev.faults.workers import now
from dev.replay.history_period import days
from dev.setup import database
from dev.setup.console import run_tool, step
from dev.setup.odoo_command import forget_environment, odoo_environment
from dev.setup.parameters import show_findings
from dev.setup.paths import DEV, LOG
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database

#: The first simulated day, a Monday.
FIRST = datetime.date(2026, 3, 2)
#: Days in which what was left at the end gets done, with a working day among them.
DAYS_AFTER = 4
#: How many findings of each kind are printed.
SHOWN = 10


def main():
    """Run the comparison; return the exit status."""
    parameters = read_parameters()
    print(f"SEED={parameters.seed}", file=sys.stderr, flush=True)
    with contextlib.redirect_stdout(sys.stderr), database_server(), scratch_database("faults") as name:
        result = _run(name, parameters)
    text = json.dumps(result)
    print(text)
    if os.environ.get("OUT"):
        Path(os.environ["OUT"]).write_text(text + "\n")
    if any(result[kind] for kind in FORBIDDEN):
        return 1
    for log in LOG.glob(f"faults-{name}*.log"):
        log.unlink()
    return 0


def _run(name, parameters):
    """Fill the database, live through the days in a copy and in the database itself; return the result."""
    start, simulated = now(), list(days(FIRST, FIRST + datetime.timedelta(days=parameters.days - 1)))
    with step("Creating the company"), odoo_environment(name) as env:
        books = fill(env, parameters, simulated[0], simulated[-1])
    forget_environment(name)
    undisturbed, control = _live_undisturbed(name, books, parameters, simulated)
    disturbed, here = _live_disturbed(name, books, parameters, simulated, undisturbed)
    found = compare(here, control)
    show_findings(found, SHOWN)
    return {
        "seed": parameters.seed,
        "days": parameters.days,
        "kills": disturbed.kills,
        "workers": disturbed.workers,
        "two_at_once": disturbed.two_at_once,
        "messages": len(here.deliveries),
        **{kind: len(findings) for kind, findings in vars(found).items()},
        "seconds": round(now() - start),
    }


def _live_undisturbed(name, books, parameters, simulated):
    """Live through the days in a copy of the database; return the nights and what is known afterwards."""
    outage = choose_outage(random.Random(parameters.seed), simulated)
    with _copy(name) as copy, _simulation(copy, books, parameters.seed) as simulation:
        nights = UndisturbedNights(simulation, outage)
        with step("Living through the days undisturbed"):
            simulation.run(simulated, nights.live)
        return nights, simulation.read(simulated[-1])


def _live_disturbed(name, books, parameters, simulated, measured):
    """Live through the days in the database itself, then through some in which what was left gets done.

    :param UndisturbedNights measured: those of the control
    :return: the nights and what is known afterwards
    """
    last = simulated[-1]
    after = [last + datetime.timedelta(days=number) for number in range(1, DAYS_AFTER + 1)]
    with _simulation(name, books, parameters.seed) as simulation:
        nights = DisturbedNights(simulation, random.Random(parameters.seed), parameters.kills, measured)
        simulation.run(simulated, nights.live)
        simulation.run(after, UndisturbedNights(simulation).live)
        return nights, simulation.read(last)


@contextlib.contextmanager
def _copy(name):
    """Provide a copy of the database during the block; return its name."""
    copy = f"{name}_control"
    try:
        database.copy(name, copy)
        yield copy
    finally:
        database.keep(copy) if os.environ.get("KEEP") else database.drop(copy)


@contextlib.contextmanager
def _simulation(name, books, seed):
    """Open a database for a simulation during the block, with a mail server of its own."""
    folder, log = DEV / "faults" / name, LOG / f"faults-{name}.log"
    folder.mkdir(parents=True)
    try:
        with server_process(folder, seed) as server, odoo_environment(name) as env:
            yield Simulation(env, books, server, log)
    finally:
        forget_environment(name)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    run_tool(main)
