"""Where things are: the checkout, what set-up puts under `.dev/`, and Odoo.

Only the standard library is used, because set-up runs before anything is installed.
"""

import hashlib
import os
import re
from pathlib import Path

from dev.setup.console import Problem

#: The version of Odoo that our add-ons are for.
SERIES = "19.0"
ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / ".dev"
VENV = DEV / "venv"
VENV_PYTHON = VENV / "bin" / "python"
APT = DEV / "apt"
ODOO_PACKAGE = DEV / "odoo"
POSTGRES = DEV / "postgres"
DATA = DEV / "data"
MAILS = DEV / "mails"
LOG = DEV / "log"
AXE = DEV / "axe" / "axe.min.js"
ESLINT = DEV / "eslint"
ODOO_CONF = DEV / "odoo.conf"


def checkout_mark():
    """Return a part of a name that each checkout has of its own."""
    return hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:6]


def addons():
    """Return the folders of our add-ons, the main one first.

    :rtype: list[Path]
    """
    return sorted(manifest.parent for manifest in ROOT.glob("ar_collections*/__manifest__.py"))


def find_addons():
    """Return the folders of those add-ons that the database of the tests is for; `AR_TESTED` names them.

    :rtype: list[Path]
    """
    names = os.environ.get("AR_TESTED", "").split()
    return [addon for addon in addons() if not names or addon.name in names]


def odoo_home():
    """Return the folder to put on PYTHONPATH: the one that holds the package `odoo/`.

    It is `$ODOO_HOME` where that is set, else the Debian package that set-up unpacks.

    :raise Problem: if `$ODOO_HOME` does not hold Odoo
    """
    given = os.environ.get("ODOO_HOME")
    if not given:
        return ODOO_PACKAGE / "usr" / "lib" / "python3" / "dist-packages"
    home = Path(given).expanduser().resolve()
    release = home / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(f"ODOO_HOME={given} holds no odoo/release.py; give an Odoo {SERIES} checkout, or unset it.")
    found = re.search(r"^version_info = \((.+?), (.+?),", release.read_text(), re.MULTILINE)
    series = ".".join(part.strip("'\"") for part in found.groups()) if found else SERIES
    if series != SERIES:
        raise Problem(f"ODOO_HOME={given} holds Odoo {series}; give a checkout of {SERIES}.")
    return home


def odoo_addons():
    """Return the folder of Odoo's standard add-ons.

    :raise Problem: if there is none
    """
    for path in (odoo_home() / "odoo" / "addons", odoo_home() / "addons"):
        if (path / "account").is_dir():
            return path
    raise Problem(f"{odoo_home()} holds no add-on `account`: give a whole checkout of Odoo {SERIES}.")


def addons_path():
    """Return the folders in which Odoo looks for add-ons, ours first.

    A source checkout keeps the standard add-ons in `addons/` beside `odoo/`. The Debian package keeps them in
    `odoo/addons/`, and its `addons/` is an incomplete copy that must stay out.
    """
    folders = [ROOT, *VENV.glob("lib/python*/site-packages/odoo/addons")]  # add-ons of others, from PyPI
    if odoo_addons() != odoo_home() / "odoo" / "addons":
        folders.append(odoo_addons())
    return folders


def odoo_environ():
    """Return the environment for a process that imports Odoo and these tools."""
    inherited = os.environ.get("PYTHONPATH")
    python_path = [str(odoo_home()), str(ROOT), *([inherited] if inherited else [])]
    # Each run starts several processes of Odoo: compile it once, also where no byte code is to be written beside it.
    byte_code = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(DEV / "pycache")}
    # Tests and benchmarks take the jobs of the job queue themselves.
    no_runner = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    return {**os.environ, **byte_code, **no_runner, "AR_AXE": str(AXE), "PYTHONPATH": os.pathsep.join(python_path)}
