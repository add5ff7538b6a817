"""A mail server that fails as chosen and keeps a ledger of what it really accepted; see `mail_modes`.

`python -m dev.faults.mail_server FOLDER SEED` serves until its standard input ends, so it ends with the process that
started it. The file `service` in the folder says how well it works.
"""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from dev.faults.ledger import Ledger
from dev.faults.mail_modes import Connection, RandomModes, Service
from dev.faults.smtp_session import SmtpSession
from dev.setup.console import Problem, run_tool
from dev.setup.paths import ROOT
from dev.setup.ports import LOOPBACK, free_port

#: Seconds for which nobody listens.
REFUSED_SECONDS = 0.3


class FaultyMailServer:
    """Listens on a port of the loopback interface to the end of its process, with a thread for each connection.

    :param modes: see `SmtpSession`
    :param Ledger ledger: records what is accepted
    """

    def __init__(self, modes, ledger):
        self.modes, self.ledger, self.greylisted = modes, ledger, set()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.port = free_port()
        self.listener.bind((LOOPBACK, self.port))
        self.listener.listen()
        threading.Thread(target=self._accept_all, daemon=True).start()

    def _accept_all(self):
        while True:
            connection, _address = self.listener.accept()
            mode = self.modes.connection()
            session = SmtpSession(connection, self.modes, self.ledger, self.greylisted)
            thread = threading.Thread(target=session.run, args=(mode,), daemon=True)
            thread.start()
            if mode == Connection.SERVE_THEN_REFUSE:
                thread.join()
                self._refuse()

    def _refuse(self):
        """Refuse connections for a moment.

        On Linux, a socket that was shut down stays bound to its port, where that was given by number.
        """
        self.listener.shutdown(socket.SHUT_RDWR)
        time.sleep(REFUSED_SECONDS)
        self.listener.listen()


class ServerProcess:
    """The server in another process, as its user sees it.

    :param Path folder: what both share
    :param int port: of the server
    """

    def __init__(self, folder, port):
        self.port = port
        self.ledger = Ledger(folder / "ledger")
        self._service = folder / "service"
        self.work(Service.GOOD)

    def work(self, service):
        """Say how well the server works from now on."""
        draft = self._service.with_suffix(".draft")
        draft.write_text(service.name)
        draft.replace(self._service)


@contextlib.contextmanager
def server_process(folder, seed):
    """Run a server during the block, which works well at first; return a :class:`ServerProcess`.

    It is a process of its own, because its user freezes the time and forks.

    :param Path folder: an empty one
    """
    command = [sys.executable, "-m", "dev.faults.mail_server", str(folder), str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = process.stdout.readline()
        if not port:
            raise Problem("The faulty mail server did not start.")
        yield ServerProcess(folder, int(port))
    finally:
        process.communicate()


def main():
    """Serve until the end of standard input."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    modes = RandomModes(seed, lambda: Service[(folder / "service").read_text()])
    server = FaultyMailServer(modes, Ledger(folder / "ledger"))
    print(server.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    run_tool(main)
