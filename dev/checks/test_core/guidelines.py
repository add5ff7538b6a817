"""Odoo's own tests of its guidelines, its module `test_lint`, on our add-ons."""

import os
import sys

from dev.setup.console import Problem, run_logged
from dev.setup.odoo_command import write_configuration
from dev.setup.paths import LOG, ROOT, VENV, odoo_addons, odoo_environ

#: Its files that are not run.
LEFT_OUT = {
    "test_checkers.py",  # tests its own checks
    "test_eslint.py",  # `make lint` runs ESLint with the same configuration
    "test_l10n.py",  # is about localizations; none of our add-ons is one
    "test_test_holes.py",  # wants star imports; `test_all_are_collected.py` finds test files that are not imported
}


def check(name):
    """Run the tests in a database in which our add-ons are installed.

    :param str name: of the database
    :return: what they found, empty where it is nothing
    :rtype: str
    """
    log = LOG / f"guidelines-{name}.log"
    # One of the tests starts pylint by its name.
    environ = {**odoo_environ(), "PATH": os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])}
    try:
        run_logged(_get_command(name), log, env=environ, cwd=ROOT)
    except Problem:
        return log.read_text(errors="replace")
    return ""


def _get_command(name):
    folder = odoo_addons() / "test_lint" / "tests"
    return [
        *(sys.executable, "-m", "pytest", "-q", "--tb=short", "--import-mode=importlib"),
        *("-p", "no:cacheprovider", "-p", "dev.checks.pytest_strict", "-p", "dev.checks.test_core.pytest_own_addons"),
        f"--odoo-config={write_configuration()}",
        f"--odoo-database={name}",
        "--odoo-log-level=warn",
        *sorted(str(path) for path in folder.glob("test_*.py") if path.name not in LEFT_OUT),
    ]
