"""Reports of mail servers about an email: whether it did not get through, or is only late, or was read."""

from email.message import Message

from .auto_replies import is_notice

DELIVERY_STATUS = "message/delivery-status"

#: Read receipts: whoever reads, or deletes, an email has it.
RECEIPT = "message/disposition-notification"

#: The value of `Action` (RFC 3464) of an email that did not get through; the others say that it is late, or arrived.
FAILED = "failed"


def is_failure(report: Message) -> bool:
    r"""Return whether a report says that an email did not get through; one that says nothing about it does.

    A reply that a program wrote is none, such as an out-of-office reply that comes to the address for reports.

    :param report: the incoming email that Odoo takes for a bounce

    >>> from email import message_from_string
    >>> text = '''Content-Type: multipart/report; boundary="cut"
    ...
    ... --cut
    ... Content-Type: message/delivery-status
    ...
    ... Reporting-MTA: dns; mail.customer.example.com
    ...
    ... Final-Recipient: rfc822; payer@customer.example.com
    ... Action: %s
    ...
    ... --cut--'''
    >>> [is_failure(message_from_string(text % action)) for action in ("failed", "Delayed (4 hours)", "delivered", "")]
    [True, False, False, True]
    >>> is_failure(message_from_string(text.replace("delivery-status", "disposition-notification")))
    False
    >>> is_failure(message_from_string("Subject: Undeliverable"))
    True
    >>> is_failure(message_from_string("From: ann@customer.example.com\nAuto-Submitted: auto-replied\n\nI am away"))
    False
    """
    actions = [action for action, _status in _read_blocks(report) if action]
    if actions:
        return any(action.startswith(FAILED) for action in actions)
    return not is_notice(report) and not any(part.get_content_type() == RECEIPT for part in report.walk())


def read_status(report: Message) -> str | None:
    r"""Return the field `Status` (RFC 3464) of the first reader who did not get the email; ``None`` without one.

    >>> from email import message_from_string
    >>> text = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\nAction: failed\n%s"
    >>> read_status(message_from_string(text % "Status: 5.7.1")), read_status(message_from_string(text % ""))
    ('5.7.1', None)
    """
    found = [status for action, status in _read_blocks(report) if status and (not action or action.startswith(FAILED))]
    return found[0] if found else None


def _read_blocks(report: Message) -> list[tuple[str, str]]:
    """Return (action in lower case, status) of each reader that a report is about, empty where it does not say."""
    return [
        (str(block["Action"] or "").strip().lower(), str(block["Status"] or "").strip())
        for part in report.walk()
        if part.get_content_type() == DELIVERY_STATUS and part.is_multipart()
        for block in part.get_payload()
    ]
