"""The mail sink in a separate process, for tools that freeze the time of their own process.

`python -m dev.setup.mail_sink_process FOLDER` receives mail until its standard input
ends, so it ends with the process that started it.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

from dev.setup.console import Problem, run_tool
from dev.setup.mail_sink import mail_sink
from dev.setup.paths import ROOT


@contextlib.contextmanager
def sink_process(folder):
    """Receive mail into a folder during the block, in another process; return the port."""
    command = [sys.executable, "-m", "dev.setup.mail_sink_process", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = process.stdout.readline()
        if not port:
            raise Problem("The mail sink did not start.")
        yield int(port)
    finally:
        process.communicate()


def main():
    """Receive mail until the end of standard input."""
    with mail_sink(Path(sys.argv[1]).resolve()) as port:
        print(port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    run_tool(main)
