"""A mail server on the loopback interface that behaves as it is told: a real wire, real timeouts."""

import contextlib
import email
import email.policy
import socket
import socketserver
import threading
import time


@contextlib.contextmanager
def smtp_server():
    """Serve on a free port during the block; return the :class:`SmtpServer`."""
    with SmtpServer(("127.0.0.1", 0), Session) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class SmtpServer(socketserver.ThreadingTCPServer):
    """What the server took, and how it behaves.

    :attr behave: ``accept``, or the moment at which it fails: ``sender``, ``recipient``, ``data`` refuse there;
        ``hang`` takes the message and answers nothing; ``drop`` takes it and closes the line; ``slow`` accepts late
    :attr refused: parts of addresses it does not know, whatever the behaviour
    :attr messages: the messages it took, parsed; also those of ``hang`` and ``drop``, which nobody can know
    """

    daemon_threads = allow_reuse_address = True

    def __init__(self, *args, **kwargs):
        self.behave, self.refused, self.messages = "accept", set(), []
        super().__init__(*args, **kwargs)

    @property
    def port(self):
        return self.server_address[1]

    def refusal(self, verb, line):
        """Return what the server says no to, and how."""
        if verb == "MAIL" and self.behave == "sender":
            return "550 you may not send"
        if verb == "RCPT" and (self.behave == "recipient" or any(name in line for name in self.refused)):
            return "550 nobody of that name"
        return None


class Session(socketserver.StreamRequestHandler):
    """One conversation."""

    def handle(self):
        with contextlib.suppress(OSError):
            self.say("220 ready")
            while line := self.rfile.readline():
                line = line.decode().strip()
                verb = line[:4].upper()
                if verb == "DATA":
                    self.take_message()
                else:
                    self.say(self.server.refusal(verb, line) or ("221 bye" if verb == "QUIT" else "250 fine"))
                if verb == "QUIT":
                    return

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def take_message(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.behave == "data":
            self.say("554 not this text")
            return
        self.server.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        if self.server.behave == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif self.server.behave != "hang":
            time.sleep(0.5 if self.server.behave == "slow" else 0)
            self.say("250 taken")
