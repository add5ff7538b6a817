"""One SMTP connection of the faulty mail server."""

import re
import socket
import struct

from dev.faults.mail_modes import UNKNOWN_USER, UNWANTED, Connection, Message

#: Bytes of a message after which `DROP_IN_DATA` resets the connection.
READ_BEFORE_DROP = 300


class Closed(Exception):
    """The connection ends here."""


class SmtpSession:
    """Talks to a client as the modes say.

    :param socket connection: to the client
    :param modes: object with `connection()` and `message()`, see `mail_modes.RandomModes`
    :param Ledger ledger: records what is accepted
    :param set greylisted: recipients whose next attempt is accepted; shared by all sessions
    """

    def __init__(self, connection, modes, ledger, greylisted):
        self.connection, self.modes, self.ledger, self.greylisted = connection, modes, ledger, greylisted
        self.file = connection.makefile("rb")
        self._forget_message()

    def run(self, mode):
        """Serve the client to the end of the connection."""
        try:
            self._greet(mode)
            while line := self.file.readline():
                self._answer(line.decode("utf-8", "replace").strip())
        except (Closed, OSError):
            pass  # also where the client was killed
        finally:
            self.file.close()
            self.connection.close()

    def _greet(self, mode):
        if mode == Connection.RESET:
            self._reset()
        if mode == Connection.SILENT:
            self._stall()
        if mode == Connection.UNAVAILABLE:
            self._reply("421 Too many connections")
            raise Closed
        self._reply("220 Ready")

    def _answer(self, line):
        command = line.split(" ", 1)[0].upper()
        handler = {"MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data, "QUIT": self._quit}.get(command)
        if handler:
            handler(line)
        else:
            if command in ("RSET", "EHLO", "HELO"):
                self._forget_message()
            self._reply("250 Ok")

    def _mail(self, _line):
        self._forget_message()
        self.mode = self.modes.message()
        if self.mode == Message.CLOSING_AT_MAIL:
            self._reply("421 Closing down")
            raise Closed
        if self.mode == Message.STALL_AT_MAIL:
            self._stall()
        self._reply("250 Ok")

    def _rcpt(self, line):
        recipient = re.search(r"<(.*?)>", line)[1].lower()
        if self.mode == Message.CLOSE_AT_RCPT:
            raise Closed
        if recipient.startswith(UNKNOWN_USER):
            self._reply("550 No such user")
        elif self.mode == Message.GREYLIST and recipient not in self.greylisted:
            self.greylisted.add(recipient)
            self._reply("451 Greylisted, try again later")
        else:
            self.greylisted.discard(recipient)
            self.recipients.append(recipient)
            self._reply("250 Ok")

    def _data(self, _line):
        if not self.recipients:
            return self._reply("503 No recipients")
        self._reply("354 Go ahead")
        content = self._read_content()
        if any(recipient.startswith(UNWANTED) for recipient in self.recipients):
            self._reply("554 Refused as unwanted")
        elif self.mode == Message.DROP_AFTER_DATA:
            raise Closed
        else:
            self.ledger.accept(content, self.recipients)
            if self.mode == Message.ACCEPT_AND_DROP:
                raise Closed
            if self.mode == Message.ACCEPT_AND_STALL:
                self._stall()
            self._reply("250 Accepted")
        return self._forget_message()

    def _read_content(self):
        """Return the message up to the final dot, which itself is left out."""
        content = b""
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise Closed  # the client was killed
            content += line[1:] if line.startswith(b".") else line
            if self.mode == Message.DROP_IN_DATA and len(content) > READ_BEFORE_DROP:
                self._reset()
        return content

    def _quit(self, _line):
        self._reply("221 Bye")
        raise Closed

    def _forget_message(self):
        self.mode, self.recipients = Message.ACCEPT, []

    def _reply(self, text):
        self.connection.sendall(f"{text}\r\n".encode())

    def _stall(self):
        """Say nothing until the client gives up."""
        while self.file.readline():
            pass
        raise Closed

    def _reset(self):
        """End the connection with a reset in place of an orderly close."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Closed
