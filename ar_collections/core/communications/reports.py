"""Reports of mail servers about an email: whether it did not get through, or is only late, or was read."""

from email.message import Message

DELIVERY_STATUS = "message/delivery-status"

#: Read receipts: whoever reads, or deletes, an email has it.
RECEIPT = "message/disposition-notification"

#: The value of `Action` (RFC 3464) of an email that did not get through; the others say that it is late, or arrived.
FAILED = "failed"


def is_failure(report: Message) -> bool:
    """Return whether a report says that an email did not get through; one that says nothing about it does.

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
    """
    parts = list(report.walk())
    actions = [
        str(block["Action"]).strip().lower()
        for part in parts
        if part.get_content_type() == DELIVERY_STATUS and part.is_multipart()
        for block in part.get_payload()
        if block["Action"] and str(block["Action"]).strip()
    ]
    if actions:
        return any(action.startswith(FAILED) for action in actions)
    return not any(part.get_content_type() == RECEIPT for part in parts)
