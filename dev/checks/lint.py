"""`make lint`: style (ruff), Odoo's guidelines (pylint-odoo), well-formed XML. Every check runs, even if one fails."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from lxml import etree

from dev.setup.console import run_tool
from dev.setup.paths import DEV, ROOT, addons

GUIDELINES_LEFT_OUT = [
    "manifest-required-author",  # asks for the OCA, which does not maintain this project
    "consider-merging-classes-inherited",  # a large model is split over files by domain
]

#: Checks disabled for tests: pylint-odoo recognizes test files only directly in `tests/`.
TESTS_MAY = ["odoo-addons-relative-import", "translation-required"]


def main():
    """Run every check; return the exit status."""
    names = [addon.name for addon in addons()]
    commands = [
        ("ruff", "check", "--quiet", "."),
        ("ruff", "format", "--check", "."),
        ("pylint", f"--disable={','.join(GUIDELINES_LEFT_OUT)}", "--ignore=tests", *names),
        ("pylint", f"--disable={','.join(GUIDELINES_LEFT_OUT + TESTS_MAY)}", *_test_folders()),
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [*pool.map(_run, commands), _parse_xml()]
    return 0 if all(results) else 1


def _run(command):
    """Run a Python tool over the checkout; return whether it found nothing."""
    start = time.monotonic()
    environ = {**os.environ, "PYLINTHOME": str(DEV / "pylint")}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environ, check=False, capture_output=True, text=True
    )
    print(done.stdout + done.stderr, end="")  # at once, because several tools run at the same time
    _report(" ".join(command[:2]) if command[0] == "ruff" else command[0], done.returncode == 0, start)
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
            errors.append(f"{path.relative_to(ROOT)}:{error.lineno}: {error.msg}")
    print(*errors, sep="\n", end="\n" if errors else "")
    _report("XML", not errors, start)
    return not errors


def _report(title, is_ok, start):
    print(f"{title} ... {'ok' if is_ok else 'FAILED'} {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    run_tool(main)
