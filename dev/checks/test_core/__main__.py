"""`make test-core`: our add-ons change nothing of what Odoo's own tests check.

Makes two databases, one of them with our add-ons, runs Odoo's tests in both at the same time, prints both results
side by side, and fails on any difference, or on what Odoo's tests of its guidelines find in our add-ons. Meanwhile
uninstalls and reinstalls our add-ons after some use. Reads `SHORT`
(non-empty: the reduced form of CI), `TESTS` (what to compare instead, as in `sale/tests/test_sale_order.py`) and `KEEP`
(non-empty: keep the databases).
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dev.checks.cpu_time import python_seconds
from dev.checks.test_core import guidelines, report
from dev.checks.test_core.suites import LEFT_OUT, MODULES, SHORT_CLASSES, SHORT_SUITES, SUITES, files
from dev.setup import database
from dev.setup.console import Problem, run_tool, step, tail
from dev.setup.odoo_command import create_from_template, install, write_configuration
from dev.setup.paths import LOG, ROOT, addons, odoo_addons, odoo_environ
from dev.setup.postgres import database_server
from dev.setup.scratch import TEMPLATE_MODULES


def main():
    """Compare; return the exit status."""
    name = f"ar_core_{int(time.time())}_{os.getpid()}"
    sides = {report.WITHOUT: f"{name}_without", report.WITH: f"{name}_with"}
    with database_server():
        try:
            return _check(sides, f"{name}_removal")
        finally:
            for side in sides.values():
                if os.environ.get("KEEP"):
                    database.keep(side)
                    print(f"Kept the database {side}.")
                else:
                    database.drop(side)


def _check(sides, removed):
    """Compare, and meanwhile uninstall and reinstall in a database of its own; return the exit status."""
    try:
        for name in (*sides.values(), removed):
            create_from_template(name, MODULES, base=TEMPLATE_MODULES)
        with _removing(removed) as removal:
            status = _compare(sides)
            return removal.wait() or status
    finally:
        database.drop(removed)


@contextlib.contextmanager
def _removing(name):
    """Uninstall and reinstall in a database meanwhile; in the end nothing of it runs, and its log is printed.

    It is a session of its own, because it starts Odoo: ending the first process alone would leave the others.
    """
    log = LOG / f"{name}.log"
    with log.open("wb") as output:
        removal = subprocess.Popen(
            _get_removal_command(name),
            env=odoo_environ(),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield removal
    finally:
        with contextlib.suppress(ProcessLookupError):  # all of them have ended
            os.killpg(removal.pid, signal.SIGKILL)
        removal.wait()
        print(log.read_text())


def _get_removal_command(name):
    return [sys.executable, "-m", "dev.checks.test_core.removal", name]


def _compare(sides):
    """Run the tests in both databases and print what they say; return the exit status."""
    modules = [addon.name for addon in addons()]
    with step(f"Installing {', '.join(modules)} into one of them"):
        install(sides[report.WITH], modules)
    for side in sides.values():
        database.stop_autovacuum(side)
    with step("Running Odoo's tests in both databases"), ThreadPoolExecutor() as pool:
        guided = pool.submit(guidelines.check, sides[report.WITH])  # meanwhile: most of it needs no database
        results, found = _run(sides), guided.result()
    print(report.table(results))
    differences = report.differences(results)
    print("\n".join(differences) or "Both databases give the same outcome for every test. Browser tours were skipped.")
    print(found or "Our add-ons pass Odoo's tests of its guidelines.")
    print(f"CPU time: {python_seconds():.0f} s in Python.")
    return 1 if differences or found else 0


def _run(sides):
    """Run the tests on both sides at the same time.

    :return: {side: {"outcomes": {test: outcome}, "details": {test: traceback}}}
    :raise Problem: where a side ended without a result
    """
    started = {side: _start(name) for side, name in sides.items()}
    results = {}
    try:
        for side, process in started.items():
            process.wait()
            path = LOG / f"outcomes-{sides[side]}.json"
            if not path.is_file():
                raise Problem(f"{tail(LOG / f'core-{sides[side]}.log')}\nThe tests did not end {side}.")
            results[side] = json.loads(path.read_text())
    finally:
        for process in started.values():
            process.terminate()
            process.wait()
    return results


def _start(name):
    """Start Odoo's tests in a database; return the process."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "--tb=short"),
        *("-p", "no:cacheprovider", "-p", "dev.checks.pytest_speed", "-p", "dev.checks.test_core.pytest_outcomes"),
        f"--odoo-config={write_configuration()}",
        f"--odoo-database={name}",
        "--odoo-http",
        "--odoo-log-level=critical",
        f"--outcomes={LOG / f'outcomes-{name}.json'}",
        f"-k={' and '.join(f'not {test}' for test in LEFT_OUT)}",
        *map(str, _tests()),
    ]
    # Tables without statistics make PostgreSQL compile queries that take a moment; compiling takes much longer.
    environ = {**odoo_environ(), "PGOPTIONS": "-c jit=off"}
    with (LOG / f"core-{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, env=environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def _tests():
    """Return what pytest is to collect."""
    core = odoo_addons()
    if chosen := shlex.split(os.environ.get("TESTS", "")):
        return [core / test for test in chosen]
    if os.environ.get("SHORT"):
        return [*files(core, SHORT_SUITES), *(core / test for test in SHORT_CLASSES)]
    return files(core, SUITES)


if __name__ == "__main__":
    run_tool(main)
