"""The mail sink keeps what it is sent."""

import smtplib
from email.message import EmailMessage

import pytest

from dev.setup.mail_sink import as_text, mail_sink, messages


@pytest.fixture
def reminder():
    """Return a message in two forms, with an attachment."""
    message = EmailMessage()
    message["From"] = "books@company.example"
    message["To"] = "Zoë Müller <zoe@customer.example>"
    message["Subject"] = "Überfällig: INV/2025/00001"
    message.set_content("Please pay 1.000,00 €.")
    message.add_alternative("<p>Please pay <b>1.000,00 €</b>.</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="letter.pdf")
    return message


def test_a_sent_message_can_be_read(tmp_path, reminder):
    with mail_sink(tmp_path) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(reminder, to_addrs=["zoe@customer.example", "hidden@customer.example"])
    (received,) = messages(tmp_path)
    assert received["X-Envelope-To"] == "zoe@customer.example, hidden@customer.example"
    text = as_text(received)
    assert "Subject: Überfällig: INV/2025/00001" in text
    assert "Please pay 1.000,00 €." in text
    assert "[letter.pdf]" in text


def test_messages_come_in_the_order_of_arrival(tmp_path, reminder):
    with mail_sink(tmp_path) as port, smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(12):
            reminder.replace_header("Subject", f"Number {number}")
            client.send_message(reminder)
    assert [message["Subject"] for message in messages(tmp_path)] == [f"Number {number}" for number in range(12)]


def test_a_message_of_html_alone_is_shown_as_text():
    message = EmailMessage()
    message.set_content("<p>Please <b>pay</b>.</p>", subtype="html")
    assert as_text(message).strip() == "Please pay."
