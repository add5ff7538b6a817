"""TCP ports of the loopback interface."""

import socket

from dev.setup.console import Problem

LOOPBACK = "127.0.0.1"


def free_port():
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def check_port(port):
    """Refuse a port that somebody listens on.

    :raise Problem: if it is taken
    """
    with socket.socket() as probe:
        if probe.connect_ex((LOOPBACK, port)) == 0:
            raise Problem(f"Port {port} is taken; choose another one with PORT=…")
