"""Set up what a make target needs, all of it under `.dev/`: `python3 -m dev.setup test`.

Runs with the system's Python and the standard library alone. What exists already is not changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys

from dev.setup import axe, eslint, node, odoo_source
from dev.setup.console import Problem, run_logged, run_tool, step
from dev.setup.locks import locked
from dev.setup.paths import DEV, LOG, ROOT, VENV, VENV_PYTHON, odoo_home

RANGES = ROOT / "requirements.txt"
PINS = ROOT / "requirements-dev.txt"
CHROME_NAMES = ["google-chrome", "chromium", "chromium-browser", "google-chrome-stable"]  # those Odoo's tests look for


def main():
    """Set up for the target named on the command line; see `NEEDS`."""
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        raise Problem("Python 3.10 to 3.13 is supported; say which with `make PYTHON=python3.12 …`.")
    with locked(DEV / "setup.lock"):
        for ensure in NEEDS[sys.argv[1]]:
            ensure()


def ensure_venv():
    """Create the virtual environment, again whenever the requirements or the Python change."""
    stamp = VENV / "requirements.sha256"
    wanted = hashlib.sha256(sys.version.encode() + b"".join(path.read_bytes() for path in (PINS, RANGES))).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    _ensure_ensurepip()
    with step("Creating the virtual environment"):
        run_logged([sys.executable, "-m", "venv", "--clear", VENV], LOG / "venv.log")
    with step("Installing Python packages"):
        # The pins are complete and chosen to work together; the ranges of requirements.txt are then only checked.
        _pip_install("--no-deps", f"--requirement={PINS}")
        _pip_install(f"--requirement={RANGES}")
    stamp.write_text(wanted)


def ensure_odoo():
    """Fetch Odoo's source, unless `ODOO_HOME` says where there is one."""
    if not os.environ.get("ODOO_HOME"):
        odoo_source.fetch()
    odoo_home()


def ensure_wkhtmltopdf():
    """Install `wkhtmltopdf`, with which Odoo prints letters, unless there is one.

    Where it cannot be installed, everything else works without: Debian 13 and later do not have it, and users may not
    install packages.
    """
    if shutil.which("wkhtmltopdf"):
        return
    hint = "Or put a wkhtmltopdf of wkhtmltopdf.org on the PATH."
    if _may_install() and _has_debian_package("wkhtmltopdf") is not False:
        try:
            _install_debian_package("wkhtmltopdf", hint)
        except Problem:
            if _has_debian_package("wkhtmltopdf"):
                raise
        else:
            return
    advice = _describe_installing("wkhtmltopdf") + hint
    print(f"\nNo wkhtmltopdf: letters are printed once there is one. {advice}", flush=True)


def ensure_browser():
    """Install a browser for Odoo's browser tours, unless there is one."""
    if not any(map(shutil.which, CHROME_NAMES)):
        names = ", ".join(CHROME_NAMES)
        _install_debian_package("chromium", f"Any of these on the PATH will do: {names}. `make test-fast` needs none.")


def ensure_axe():
    """Fetch axe-core, with which a browser test looks for accessibility faults; npm comes with Node.js."""
    if not axe.is_there():
        node.ensure()
        axe.fetch()


def ensure_eslint():
    """Install ESLint and what it runs on."""
    node.ensure()
    eslint.fetch()


def _pip_install(*arguments):
    hint = "PyPI must be reachable; another index: set PIP_INDEX_URL."
    run_logged([VENV_PYTHON, "-m", "pip", "install", *arguments], LOG / "pip.log", hint)


def _ensure_ensurepip():
    """Make sure that `python3 -m venv` works: Debian keeps a part of it in a package of its own."""
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode:
        _install_debian_package("python3-venv", "Or use another Python: `make PYTHON=…`.")


def _install_debian_package(name, hint):
    """Install a package with apt, which needs root; tell other users what to run.

    :param str hint: what else can be done
    """
    if not _may_install():
        raise Problem(f"{name} is needed. {_describe_installing(name)}{hint}")
    install = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "--yes", "--no-install-recommends", name]
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing {name}"):
        try:
            run_logged(install, LOG / f"apt-install-{name}.log", env=environ)
        except Problem:  # the package lists may be missing or out of date
            run_logged(["apt-get", "update"], LOG / "apt-get-update.log", hint, env=environ)
            run_logged(install, LOG / f"apt-install-{name}.log", hint, env=environ)


def _may_install():
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _describe_installing(name):
    """Return how to install a package, as a sentence; nothing where the machine has no such package."""
    if not shutil.which("apt-get") or _has_debian_package(name) is False:
        return ""
    return f"Run `sudo apt-get install --no-install-recommends {name}`. "


def _has_debian_package(name):
    """Return whether the machine's package lists have a package; None without any lists."""
    if not shutil.which("apt-cache"):
        return None
    known = subprocess.run(["apt-cache", "show", "--quiet=1", name], check=False, capture_output=True).stdout
    lists = subprocess.run(["apt-cache", "show", "--quiet=1", "bash"], check=False, capture_output=True).stdout
    return bool(known) if lists else None


NEEDS = {
    "lint": [ensure_venv, ensure_odoo, ensure_eslint],
    "test": [ensure_venv, ensure_odoo, ensure_wkhtmltopdf, ensure_browser, ensure_axe],
    "test-fast": [ensure_venv, ensure_odoo, ensure_wkhtmltopdf],
    "test-core": [ensure_venv, ensure_odoo, ensure_wkhtmltopdf],
    "demo": [ensure_venv, ensure_odoo, ensure_wkhtmltopdf],
    "replay": [ensure_venv, ensure_odoo],
    "bench": [ensure_venv, ensure_odoo],
    "bench-jobs": [ensure_venv, ensure_odoo],
    "faults": [ensure_venv, ensure_odoo],
    "charges": [ensure_venv, ensure_odoo],
    "hostile": [ensure_venv, ensure_odoo],
    "i18n": [ensure_venv, ensure_odoo],
    "screenshots": [ensure_venv, ensure_odoo, ensure_wkhtmltopdf, ensure_browser],
}

if __name__ == "__main__":
    run_tool(main)
