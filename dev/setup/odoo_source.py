"""Odoo's source, from Debian's package `odoo-19`, without root and without touching the machine's own packages.

A private apt state under `.dev/apt/` reads the machine's own Debian mirror, suite `sid`; apt checks the signatures.
The packages are unpacked into one root, because Odoo's package links fonts and scripts that live in others.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from dev.setup.console import Problem, run_logged, step
from dev.setup.paths import APT, LOG, ODOO_PACKAGE

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OLD_SUITE = "bookworm"
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    # Odoo needs the web fonts of version 4.7; later suites have 7.
    f"fonts-font-awesome/{OLD_SUITE}",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
]
WEB = "usr/lib/python3/dist-packages/odoo/addons/web/static/"
MAIL = "usr/lib/python3/dist-packages/odoo/addons/mail/static/"
NEEDED_LINKS = [
    f"{WEB}src/libs/fontawesome/fonts/fontawesome-webfont.woff2",
    f"{WEB}lib/jquery/jquery.js",
    f"{WEB}lib/underscore/underscore.js",
]
# Debian strips this script (its source is not free software); an empty one keeps the browser console quiet.
EMPTY_FILES = [f"{MAIL}lib/selfie_segmentation/selfie_segmentation.js"]
OTHER_WAY = "Or set ODOO_HOME to an Odoo 19 checkout."


def fetch():
    """Download and unpack Odoo into `.dev/odoo`, unless it is there."""
    if ODOO_PACKAGE.is_dir():
        return
    draft = ODOO_PACKAGE.with_name("odoo.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    environ = _private_apt(_mirror())
    with step("Reading Debian's package lists"):
        run_logged(["apt-get", "update"], LOG / "apt-update.log", OTHER_WAY, env=environ)
    with step("Downloading Odoo 19 (125 MB)"):
        run_logged(["apt-get", "download", *PACKAGES], LOG / "apt-download.log", OTHER_WAY, env=environ, cwd=draft)
    with step("Unpacking Odoo"):
        _unpack(draft)
    shutil.rmtree(APT)
    draft.rename(ODOO_PACKAGE)


def _mirror():
    """Return the address of the Debian archive that this machine uses, or `$DEBIAN_MIRROR`.

    :raise Problem: if the machine has no package lists, or none of Debian
    """
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
    if not shutil.which("apt-get"):
        raise Problem("Odoo's source comes from Debian's package, and there is no apt-get. Set ODOO_HOME instead.")
    fields = "$(REPO_URI) $(ORIGIN) $(LABEL) $(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", fields, "Created-By: Packages"]
    lists = subprocess.check_output(command, text=True).splitlines()
    for line in lists:
        if found := re.fullmatch(r"(\S+) Debian Debian main", line):
            return found[1]
    if lists:
        raise Problem("The packages of this machine are not Debian's: set ODOO_HOME to an Odoo 19 checkout.")
    raise Problem(
        "This machine has no list of Debian packages: run `apt-get update` as root once (or `sudo apt-get update`), "
        f"or set DEBIAN_MIRROR to the address of a Debian archive. {OTHER_WAY}"
    )


def _private_apt(mirror):
    """Write the configuration of a private apt state; return the environment that makes apt use it."""
    if not KEYRING.is_file():
        raise Problem(f"{KEYRING} is missing: install debian-archive-keyring. {OTHER_WAY}")
    for folder in (APT / "lists" / "partial", APT / "cache" / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in ("sid", OLD_SUITE)]
    (APT / "sources.list").write_text("".join(lines))
    settings = {
        "Dir::Etc::SourceList": APT / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": APT / "lists",
        "Dir::Cache": APT / "cache",
        "Acquire::Languages": "none",
        "APT::Default-Release": "sid",
        # Without it apt ends well where it reaches nothing, and the next step finds no package.
        "APT::Update::Error-Mode": "any",
        # apt as root would download as the user _apt, who may not write here.
        "APT::Sandbox::User": "",
    }
    (APT / "apt.conf").write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()))
    return {**os.environ, "APT_CONFIG": str(APT / "apt.conf")}


def _unpack(draft):
    """Unpack the downloaded packages in place, then check and complete the result."""
    for package in sorted(draft.glob("*.deb")):
        run_logged(["dpkg", "--extract", package, draft], LOG / "dpkg.log")
        package.unlink()
    for name in EMPTY_FILES:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).touch()
    missing = [name for name in NEEDED_LINKS if not (draft / name).is_file()]
    if missing:
        raise Problem(f"Debian's packages lack files that Odoo needs: {', '.join(missing)}. {OTHER_WAY}")
