"""Whether a mail server may have taken a message, for deliveries that end with an error."""

import contextlib
from dataclasses import dataclass


@dataclass
class Watch:
    """What happened to one message in an SMTP session.

    :param begun: its text may have reached the mail server
    :param accepted: the mail server confirmed that it took the message
    """

    begun: bool = True
    accepted: bool = False


@contextlib.contextmanager
def watch_data(session):
    """Watch the command DATA of an SMTP session during the block; yield the :class:`Watch`.

    `smtplib` sends the text of a message by the method ``data`` only. Where the session has none, everything may have
    been sent.

    :param session: an `smtplib.SMTP` instance, or None
    """
    watch = Watch()
    send = getattr(session, "data", None)
    if send is None:
        yield watch
        return

    def data(message):
        watch.begun = True
        code, reply = send(message)
        watch.accepted = code == 250
        return code, reply

    watch.begun = False
    session.data = data
    try:
        yield watch
    finally:
        del session.data
