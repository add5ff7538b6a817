"""A mail server on the loopback interface with adjustable behavior: real connections, real timeouts."""

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
    """The messages the server accepted, and how it behaves.

    :attr behave: ``accept``, or the moment at which it fails: ``sender``, ``recipient``, ``data`` refuse there;
        ``busy`` refuses the sender for now and hangs up; ``close`` hangs up at the recipient; ``later`` refuses the
        text for now; ``hang`` accepts the message and never answers; ``drop`` accepts it and hangs up; ``slow`` answers
        late
    :attr refused: parts of unknown addresses, whatever the behavior
    :attr replies: {part of an address: reply}, whatever the behavior
    :attr messages: the messages it accepted, parsed; also those of ``hang`` and ``drop``, unconfirmed to the client
    """

    daemon_threads = allow_reuse_address = True

    def __init__(self, *args, **kwargs):
        self.behave, self.refused, self.replies, self.messages = "accept", set(), {}, []
        super().__init__(*args, **kwargs)

    @property
    def port(self):
        return self.server_address[1]

    def refusal(self, verb, line):
        """Return the reply with which the server refuses a command, or None."""
        if verb == "MAIL" and self.behave in ("sender", "busy"):
            return "421 too many connections" if self.behave == "busy" else "550 you may not send"
        if verb == "RCPT" and (self.behave == "recipient" or any(name in line for name in self.refused)):
            return "550 nobody of that name"
        if verb == "RCPT":
            return next((reply for part, reply in self.replies.items() if part in line), None)
        return None


class Session(socketserver.StreamRequestHandler):
    """One SMTP session."""

    def handle(self):
        with contextlib.suppress(OSError):
            self.reply("220 ready")
            while line := self.rfile.readline():
                line = line.decode().strip()
                verb = line[:4].upper()
                if verb == "RCPT" and self.server.behave == "close":
                    return
                if verb == "DATA":
                    self.take_message()
                else:
                    self.reply(self.server.refusal(verb, line) or ("221 bye" if verb == "QUIT" else "250 fine"))
                if verb == "QUIT" or (verb == "MAIL" and self.server.behave == "busy"):
                    return

    def reply(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def take_message(self):
        self.reply("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.behave in ("data", "later"):
            self.reply("554 not this text" if self.server.behave == "data" else "452 no space left")
            return
        self.server.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        if self.server.behave == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif self.server.behave != "hang":
            time.sleep(0.5 if self.server.behave == "slow" else 0)
            self.reply("250 taken")
