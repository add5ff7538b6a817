"""The faulty mail server does what its modes say, and its ledger holds what it accepted."""

import contextlib
import smtplib
import time
from collections import deque

import pytest

from dev.faults.ledger import Delivery, Ledger
from dev.faults.mail_modes import Connection, Message, RandomModes, Service
from dev.faults.mail_server import FaultyMailServer

TEXT = "Message-ID: <one@here>\r\nSubject: Reminder\r\n\r\nPlease pay.\r\n" + 100 * "More text\r\n"


class Modes:
    """Modes in a given order, then no faults."""

    def __init__(self, *modes):
        self.modes = deque(modes)

    def connection(self):
        """Return the next mode, if it is one for connections."""
        return self._next(Connection, Connection.SERVE)

    def message(self):
        """Return the next mode, if it is one for messages."""
        return self._next(Message, Message.ACCEPT)

    def _next(self, kind, default):
        return self.modes.popleft() if self.modes and isinstance(self.modes[0], kind) else default


@pytest.fixture
def ledger(tmp_path):
    """Return an empty ledger."""
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def serve(ledger):
    """Return a function that starts a server with the given modes, and returns its port."""
    return lambda *modes: FaultyMailServer(Modes(*modes), ledger).port


def _send(port, *recipients):
    """Send the message; return what the server refused, or the error."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=0.5) as client:
            return client.sendmail("books@here", recipients or ["one@there"], TEXT)
    except OSError as error:
        return error


def _recipients(ledger):
    return [delivery.recipient for delivery in ledger.read()]


def test_a_message_is_accepted_for_each_recipient(serve, ledger):
    assert _send(serve(), "One@there", "two@there") == {}
    assert ledger.read() == [Delivery("<one@here>", "one@there"), Delivery("<one@here>", "two@there")]


@pytest.mark.parametrize(
    "mode",
    [
        Connection.RESET,
        Connection.UNAVAILABLE,
        Connection.SILENT,
        Message.CLOSING_AT_MAIL,
        Message.STALL_AT_MAIL,
        Message.GREYLIST,
        Message.CLOSE_AT_RCPT,
        Message.DROP_IN_DATA,
        Message.DROP_AFTER_DATA,
    ],
)
def test_a_message_that_fails_is_not_in_the_ledger_and_accepted_later(serve, ledger, mode):
    port = serve(mode)
    assert isinstance(_send(port), OSError)
    assert ledger.read() == []
    assert _send(port) == {}
    assert _recipients(ledger) == ["one@there"]


@pytest.mark.parametrize("mode", [Message.ACCEPT_AND_DROP, Message.ACCEPT_AND_STALL])
def test_a_message_may_be_accepted_without_an_answer(serve, ledger, mode):
    assert isinstance(_send(serve(mode)), OSError)
    assert _recipients(ledger) == ["one@there"]


def test_greylisting_ends_with_the_next_attempt(serve, ledger):
    port = serve(Message.GREYLIST, Message.GREYLIST, Message.GREYLIST)
    assert _send(port).recipients["one@there"][0] == 451
    assert _send(port) == {}
    assert _send(port).recipients["one@there"][0] == 451
    assert _recipients(ledger) == ["one@there"]


def test_connections_are_refused_for_a_moment(serve):
    port = serve(Connection.SERVE_THEN_REFUSE)
    assert _send(port) == {}
    results = []
    while {} not in results and len(results) < 500:
        results.append(_send(port))
        time.sleep(0.01)
    assert results[-1] == {}
    assert any(isinstance(error, ConnectionError) for error in results)


def test_addresses_are_refused_for_ever(serve, ledger):
    port = serve()
    assert set(_send(port, "one@there", "gone@there")) == {"gone@there"}
    assert _send(port, "unwanted@there").smtp_code == 554
    assert _send(port, "gone@there").recipients["gone@there"][0] == 550
    assert _recipients(ledger) == ["one@there"]


def test_a_client_that_is_gone_before_the_final_dot_sent_nothing(serve, ledger):
    client = smtplib.SMTP("127.0.0.1", serve(), timeout=0.5)
    client.ehlo()
    client.mail("books@here")
    client.rcpt("one@there")
    client.docmd("DATA")
    client.send(TEXT)
    client.close()
    with contextlib.suppress(smtplib.SMTPServerDisconnected):
        client.quit()
    assert ledger.read() == []


def test_the_same_seed_gives_the_same_faults():
    first, second = RandomModes(7), RandomModes(7)
    modes = [(first.connection(), first.message()) for _number in range(300)]
    assert modes == [(second.connection(), second.message()) for _number in range(300)]
    assert {connection for connection, _message in modes} == set(Connection)
    assert {message for _connection, message in modes} == set(Message)


def test_a_good_server_has_no_faults_and_no_connection_works_when_it_is_down():
    good = RandomModes(7, lambda: Service.GOOD)
    assert {(good.connection(), good.message()) for _number in range(300)} == {(Connection.SERVE, Message.ACCEPT)}
    down = RandomModes(7, lambda: Service.DOWN)
    assert {down.connection() for _number in range(300)} == {Connection.RESET}
