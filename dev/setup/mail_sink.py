"""A mail server for development that delivers nothing: every message becomes an `.eml` file.

`python -m dev.setup.mail_sink` shows the messages in `.dev/mails`, or in the folder it is given, as text.
"""

import contextlib
import datetime
import email
import email.policy
import itertools
import logging
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from lxml import html

from dev.setup.console import run_tool
from dev.setup.paths import MAILS
from dev.setup.ports import LOOPBACK, free_port


@contextlib.contextmanager
def mail_sink(folder=MAILS):
    """Receive mail on a free port of the loopback interface during the block; return the port.

    >>> with mail_sink() as port:  # doctest: +SKIP
    ...     use_mail_server(env, port)

    :param Path folder: where the messages go, one file each, named by the time of arrival
    """
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd logs every command it gets
    controller = Controller(_Writer(folder), hostname=LOOPBACK, port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def messages(folder=MAILS):
    """Return the messages in a folder, oldest first.

    The envelope's recipients, to whom a message goes whatever its headers say, are in the header `X-Envelope-To`.

    :rtype: list[email.message.EmailMessage]
    """
    paths = sorted(folder.glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def as_text(message):
    """Return the readable content of a message: the usual headers, the text, the names of attachments."""
    headers = [f"{name}: {message[name]}" for name in ("Date", "From", "To", "Subject") if message[name]]
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body else ""
    if body and body.get_content_subtype() == "html":
        text = html.fromstring(text).text_content()
    files = [f"[{part.get_filename()}]" for part in message.iter_attachments()]
    return "\n".join([*headers, "", text.strip(), *files])


class _Writer:
    """Write the messages into a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, _server, _session, envelope):
        """Store one message; the file appears when it is complete."""
        now = datetime.datetime.now(datetime.timezone.utc)
        path = self.folder / f"{now:%Y%m%d-%H%M%S-%f}-{next(self.numbers)}.eml"
        draft = path.with_suffix(".draft")
        draft.write_bytes(f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode() + envelope.content)
        draft.rename(path)
        return "250 OK"


def main():
    """Print the messages in a folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    for message in messages(folder):
        print(as_text(message), end=f"\n\n{'-' * 72}\n\n")


if __name__ == "__main__":
    run_tool(main)
