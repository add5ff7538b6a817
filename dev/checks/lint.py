"""`make lint`: style (ruff), guidelines (pylint-odoo, oca-checks-odoo-module), JavaScript (ESLint), well-formed XML.

Every check runs, even if one fails.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from lxml import etree

from dev.setup.console import run_tool
from dev.setup.node import node_environ
from dev.setup.paths import DEV, ESLINT, ROOT, addons, odoo_addons

GUIDELINES_LEFT_OUT = [
    "manifest-required-author",  # asks for the OCA, which does not maintain this project
    "consider-merging-classes-inherited",  # a large model is split over files by domain
]

#: Checks disabled for tests: pylint-odoo recognizes test files only directly in `tests/`.
TESTS_MAY = ["odoo-addons-relative-import", "translation-required"]

#: What `oca-checks-odoo-module` would find, too; `--fix` mends much of the rest.
MODULE_CHECKS_LEFT_OUT = [
    "prefer-readme-rst",  # all our documents are Markdown
    "xml-tag-position",  # would move the loop or the condition of a tag behind its class
]

#: Rules for JavaScript besides those of Odoo's own configuration.
JAVASCRIPT_RULES = "{curly: [error, all], eqeqeq: [error, smart], no-var: error, prefer-const: error}"


def main():
    """Run every check; return the exit status."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [*pool.map(_run, _get_commands()), _parse_xml()]
    return 0 if all(results) else 1


def _get_commands():
    """Return (title, command) of each check; those that take longest come first."""
    names = [addon.name for addon in addons()]
    python = [sys.executable, "-m"]
    left_out, tests_left_out = ",".join(GUIDELINES_LEFT_OUT), ",".join(GUIDELINES_LEFT_OUT + TESTS_MAY)
    return [
        ("pylint (tests)", [*python, "pylint", f"--disable={tests_left_out}", *_test_folders()]),
        ("pylint", [*python, "pylint", f"--disable={left_out}", "--ignore=tests", *names]),
        ("ESLint", _get_javascript_command(names)),
        ("oca-checks-odoo-module", _get_module_command(names)),
        ("ruff check", [*python, "ruff", "check", "--quiet", "."]),
        ("ruff format", [*python, "ruff", "format", "--check", "."]),
    ]


def _get_javascript_command(names):
    return [
        shutil.which("node", path=node_environ()["PATH"]) or "node",
        ESLINT / "node_modules" / "eslint" / "bin" / "eslint.js",
        *("--no-eslintrc", "--no-ignore", "--report-unused-disable-directives", "--max-warnings=0"),
        f"--config={odoo_addons() / 'test_lint' / 'tests' / 'eslintrc'}",
        f"--rule={JAVASCRIPT_RULES}",
        *(f"{name}/static" for name in names if any((ROOT / name / "static").rglob("*.js"))),
    ]


def _get_module_command(names):
    checks = f"--disable={','.join(MODULE_CHECKS_LEFT_OUT)}"
    return [sys.executable, "-m", "oca_pre_commit_hooks.cli", checks, *(f"{name}/__manifest__.py" for name in names)]


def _run(check):
    """Run a tool over the checkout; return whether it found nothing.

    :param check: (title, command)
    """
    title, command = check
    start = time.monotonic()
    environ = {**os.environ, "PYLINTHOME": str(DEV / "pylint")}
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    said = done.stdout + done.stderr if done.returncode else ""
    _report(said, title, done.returncode == 0, start)
    return done.returncode == 0


def _test_folders():
    """Return the tests of the add-ons, as far as they have any."""
    folders = [addon / "tests" for addon in addons()]
    return [str(folder.relative_to(ROOT)) for folder in folders if folder.is_dir()]


def _parse_xml():
    """Parse the XML files of the add-ons; return whether all of them are well-formed."""
    start = time.monotonic()
    errors = []
    for path in (path for addon in addons() for path in sorted(addon.rglob("*.xml"))):
        try:
            etree.parse(path)
        except etree.XMLSyntaxError as error:
            errors.append(f"{path.relative_to(ROOT)}:{error.lineno}: {error.msg}\n")
    _report("".join(errors), "XML", not errors, start)
    return not errors


def _report(said, title, is_ok, start):
    """Print what a check said and its result, at once, because several run at the same time."""
    print(f"{said}{title} ... {'ok' if is_ok else 'FAILED'} {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    run_tool(main)
