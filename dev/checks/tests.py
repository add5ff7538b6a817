"""`make test`: install our add-ons into fresh databases, upgrade them, run every test.

There are two rounds, see `dev.checks.rounds`: the main add-on alone, then all of them.
`make test-fast` (`--fast`) leaves out the tests with one of the tags in `SLOW_TAGS`.

Without wkhtmltopdf it leaves out the tests that print (tag `ar_print`) and names them.

Fails on a failing or skipped test, and on a warning that our add-ons cause in Odoo's log. Reads `TESTS` (what to
collect instead of everything), `ARGS` (options for pytest) and `KEEP` (non-empty: keep the database).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dev.checks.cpu_time import postgres_seconds, python_seconds
from dev.checks.rounds import find_rounds
from dev.setup import database
from dev.setup.console import Problem, run_logged, run_tool, step
from dev.setup.odoo_command import create_from_template, install, write_configuration
from dev.setup.odoo_log import own_warnings
from dev.setup.paths import LOG, ROOT, find_addons, odoo_environ
from dev.setup.postgres import client_programs, database_server

#: Number of test processes at most, each with a copy of the database; a browser needs a processor of its own.
MOST_PROCESSES = 4
#: The exit status of pytest where it found no test.
NOTHING_COLLECTED = 5
#: Odoo test tags of the tests that `make test-fast` leaves out: browser tours, and histories of random bookings.
SLOW_TAGS = ["ar_tour", "ar_random"]
#: Odoo test tag of the tests that need wkhtmltopdf, which Debian 13 and later do not have.
PRINT_TAG = "ar_print"
#: What the pages of the browser tests load. A test is rolled back, so each would bundle it anew.
BUNDLES = [
    "web.assets_frontend_minimal",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_tests",
    "web.__assets_tests_call__",
    "web.assets_emoji",
    "web.chartjs_lib",
    "portal.assets_chatter",
    "portal.assets_chatter_style",
    "bus.websocket_worker_assets",
    "mail.assets_message_email",
]


def main():
    """Run the rounds of tests; return the exit status."""
    rounds = {f"ar_test_{int(time.time())}_{os.getpid()}_{number}": each for number, each in enumerate(find_rounds())}
    if not _can_print():
        _tell_printing_tests()
    with database_server():
        postgres_before = postgres_seconds()
        try:
            warnings = _prepare_all(rounds)
            statuses = [_run_round(name, each, warnings) for name, each in rounds.items()]
        finally:
            _drop(rounds)
        used = postgres_seconds() - postgres_before
        print(f"CPU time: {python_seconds():.0f} s in Python and browsers, {used:.0f} s in PostgreSQL.")
    _refuse_warnings(warnings)
    # `ARGS` may select tests that only one of the rounds has.
    failed = [status for status in statuses if status not in (0, NOTHING_COLLECTED)]
    return failed[0] if failed else min(statuses)


def _prepare_all(rounds):
    """Make the databases of the rounds, at the same time: Odoo uses one processor to install.

    :return: the warnings of our add-ons, {log: records}
    """
    if len(rounds) == 1:
        found = list(map(_prepare, rounds, rounds.values()))
    else:
        with ThreadPoolExecutor(len(rounds)) as pool:
            found = list(pool.map(_prepare, rounds, rounds.values()))
    return {log: records for logs in found for log, records in logs.items()}


def _drop(names):
    """Drop the databases of the rounds, with the copies that the test processes have made."""
    for name in names:
        if os.environ.get("KEEP"):
            database.keep(name)
            print(f"Kept the database {name}.")
        else:
            for copy in (*database.find(f"{name}-gw"), name):
                database.drop(copy)


def _prepare(name, each):
    """Make the database of a round: install our add-ons, upgrade them, store what the tests share.

    :return: the warnings of our add-ons, as for `_prepare_all`
    """
    modules = list(each.modules)
    create_from_template(name, list(each.template), base=list(each.base))
    with step(f"Installing {', '.join(modules)}"):
        logs = [install(name, modules)]
    if not os.environ.get("TESTS"):
        with step(f"Upgrading {', '.join(modules)}"):
            logs.append(install(name, modules, upgrade=True))
    with step(f"Storing what the tests of {each.tested[0]} share"):
        fixture = [sys.executable, "-m", "dev.checks.fixture", name, *([] if os.environ.get("TESTS") else BUNDLES)]
        run_logged(fixture, LOG / f"fixture-{name}.log", env=_environ(each), cwd=ROOT)
    return {log: found for log in logs if (found := own_warnings(log))}


def _environ(each):
    """Return the environment of a round's processes."""
    return {**odoo_environ(), "AR_TESTED": " ".join(each.tested)}


def _run_round(name, each, warnings):
    """Run pytest on the database of a round; return its exit status.

    :param dict warnings: of our add-ons, {log: records}; those of this round are added
    """
    print(f"\n{', '.join(each.tested)}", flush=True)
    log, environ = LOG / f"tests-{name}.log", _environ(each)
    # Each process makes its copy with PostgreSQL's own programs.
    environ["PATH"] = os.pathsep.join([environ.get("PATH", os.defpath), str(client_programs())])
    status = subprocess.run(_pytest(name, log, each.tests), env=environ, cwd=ROOT, check=False).returncode
    if found := own_warnings(log):
        warnings[log] = found
    if status == 0:
        for log in LOG.glob(f"*-{name}.log"):
            if log not in warnings:
                log.unlink()
    return status


def _pytest(name, log, tests):
    """Return the command that runs the tests."""
    options = [
        "-p",
        "dev.checks.pytest_strict",
        "-p",
        "dev.checks.pytest_filestore",
        "-p",
        "dev.checks.pytest_tags",
        "-p",
        "dev.checks.pytest_speed",
        f"--odoo-config={write_configuration()}",
        f"--odoo-database={name}",
        "--odoo-http",  # without it Odoo's HTTP and browser tests are skipped
        "--odoo-log-level=warn",
        "--odoo-extra",
        f"logfile={log}",
    ]
    if unwanted := [*(SLOW_TAGS if "--fast" in sys.argv[1:] else []), *([] if _can_print() else [PRINT_TAG])]:
        options.append(f"--without-tags={','.join(unwanted)}")
    if not os.environ.get("TESTS"):
        options += [f"--numprocesses={_processes()}", "--dist=worksteal"]
    return [sys.executable, "-m", "pytest", *options, *shlex.split(os.environ.get("ARGS", "")), *tests]


def _can_print():
    return bool(shutil.which("wkhtmltopdf"))


def _tell_printing_tests():
    """Print the names of the tests that are left out for want of wkhtmltopdf."""
    tagged = re.compile(rf'@tagged\([^)]*"{PRINT_TAG}"[^)]*\)\n    def (\w+)')
    for addon in find_addons():
        for path in sorted(addon.rglob("test_*.py")):
            for name in tagged.findall(path.read_text()):
                print(f"Left out, no wkhtmltopdf: {path.relative_to(ROOT)}::{name}")


def _processes():
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def _refuse_warnings(warnings):
    """Refuse warnings and errors that our add-ons caused in Odoo's logs, those of all rounds at once.

    :param dict warnings: {log: records}
    :raise Problem: with the records, if there are any
    """
    if warnings:
        records = "\n".join(record for found in warnings.values() for record in found)
        number, logs = sum(map(len, warnings.values())), ", ".join(map(str, warnings))
        raise Problem(f"{records}\n\nOdoo's log has {number} warning(s) about our add-ons, see {logs}.")


if __name__ == "__main__":
    run_tool(main)
