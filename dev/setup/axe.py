"""axe-core, which finds accessibility faults in a page: one script of the npm package, unpacked into `.dev/axe`."""

import hashlib
import shutil
import tarfile

from dev.setup.console import Problem, run_logged, step
from dev.setup.node import node_environ
from dev.setup.paths import AXE, LOG

VERSION = "4.14.1"
#: Of `axe.min.js` in that version.
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
HINT = f"Or put axe.min.js of axe-core {VERSION} into .dev/axe/ yourself."


def is_there():
    """Return whether the script is there, in the version we know."""
    return AXE.is_file() and _checksum() == SHA256


def fetch():
    """Download the package with npm and unpack its script, unless it is there.

    :raise Problem: if what came is not the script we know
    """
    if is_there():
        return
    shutil.rmtree(AXE.parent, ignore_errors=True)
    AXE.parent.mkdir(parents=True)
    with step(f"Downloading axe-core {VERSION}"):
        command = ["npm", "pack", f"axe-core@{VERSION}", f"--pack-destination={AXE.parent}"]
        run_logged(command, LOG / "npm-pack.log", HINT, cwd=AXE.parent, env=node_environ())
    package = AXE.parent / f"axe-core-{VERSION}.tgz"
    with tarfile.open(package) as archive:
        AXE.write_bytes(archive.extractfile("package/axe.min.js").read())
    package.unlink()
    if _checksum() != SHA256:
        AXE.unlink()
        raise Problem(f"The downloaded axe-core {VERSION} is not the expected file. {HINT}")


def _checksum():
    return hashlib.sha256(AXE.read_bytes()).hexdigest()
