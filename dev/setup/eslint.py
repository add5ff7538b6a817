"""ESLint, which checks our JavaScript: the npm packages of `eslint/package-lock.json`, installed into `.dev/eslint`.

It is version 8, because Odoo's configuration is written for it. After a change in `package.json`, run in that folder
`npm install --package-lock-only --omit-lockfile-registry-resolved`: the list shall not name a registry.
"""

import hashlib
import shutil
from pathlib import Path

from dev.setup.console import run_logged, step
from dev.setup.node import HINT, node_environ
from dev.setup.paths import ESLINT, LOG

PINS = [Path(__file__).parent / "eslint" / name for name in ("package.json", "package-lock.json")]


def fetch():
    """Install the pinned packages, again whenever the pins change.

    :raise Problem: where npm fails
    """
    stamp = ESLINT / "pins.sha256"
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in PINS)).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(ESLINT, ignore_errors=True)
    ESLINT.mkdir(parents=True)
    for path in PINS:
        shutil.copy(path, ESLINT)
    with step("Installing ESLint"):
        # No scripts of packages are run, and nothing is kept outside the checkout.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", f"--cache={ESLINT / 'cache'}"]
        run_logged(["npm", "ci", *options], LOG / "npm-ci.log", HINT, cwd=ESLINT, env=node_environ())
    shutil.rmtree(ESLINT / "cache", ignore_errors=True)
    stamp.write_text(wanted)
