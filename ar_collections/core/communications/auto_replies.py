"""Which emails a program wrote: out-of-office replies and confirmations, told by their headers."""

import re
from email.message import Message

#: By this header a program says of an email what it is (RFC 3834): any keyword but ``NO`` says that nobody wrote it.
AUTO_SUBMITTED, NO = "Auto-Submitted", "no"

#: Other headers: name -> the keywords by which nobody wrote it, or ``None`` where any value says so.
HEADERS = {"Precedence": frozenset({"auto_reply"}), "X-Autoreply": None, "X-Autorespond": None}

#: How servers name themselves as the sender of a report.
SERVERS = re.compile(r"<?(mailer-daemon|postmaster)@", re.IGNORECASE)


def is_automatic(message: Message) -> bool:
    r"""Return whether a program wrote an email.

    A keyword may be followed by parameters and by a comment, with which Dovecot, Cyrus and Zimbra say what it is.

    >>> from email import message_from_string
    >>> [is_automatic(message_from_string(f"{header}\n\nI am away")) for header in (
    ...     "Auto-Submitted: auto-replied", "Auto-Submitted: Auto-Generated; by=robot",
    ...     "Auto-Submitted: auto-replied (vacation)", "Auto-Submitted: (sieve) auto-replied (zimbra; vacation)",
    ...     "Auto-Submitted: auto-forwarded-by-robots", "Precedence: auto_reply", "X-Autoreply: yes")]
    [True, True, True, True, True, True, True]
    >>> [is_automatic(message_from_string(f"{header}\n\nHello")) for header in (
    ...     "Auto-Submitted: no", "Auto-Submitted: No (a person)", "Auto-Submitted:", "Precedence: bulk", "Subject: x")]
    [False, False, False, False, False]
    """
    if _keyword(message.get(AUTO_SUBMITTED)) not in ("", NO):
        return True
    for header, keywords in HEADERS.items():
        value = message.get(header)
        if value and (keywords is None or _keyword(value) in keywords):
            return True
    return False


def is_notice(message: Message) -> bool:
    r"""Return whether an email that Odoo takes for a report of a server is an out-of-office reply or a confirmation.

    Odoo takes everything that comes to the address for reports for one. Some programs answer there, with our email
    attached. A report of a server is a `multipart/report`, or comes from an address of the server itself.

    >>> from email import message_from_string
    >>> text = "Auto-Submitted: auto-replied (vacation)\nFrom: %s\nContent-Type: %s\n\nI am away"
    >>> mixed, report = 'multipart/mixed; boundary="cut"', 'multipart/report; boundary="cut"'
    >>> [is_notice(message_from_string(text % values)) for values in (
    ...     ("Ann <ann@example.com>", mixed), ("ann@example.com", report),
    ...     ("Mail Delivery System <MAILER-DAEMON@mx.example.com>", mixed), ("postmaster@example.com", mixed))]
    [True, False, False, False]
    """
    is_report = message.get_content_type() == "multipart/report"
    return is_automatic(message) and not is_report and not SERVERS.search(str(message.get("From") or ""))


def _keyword(value: str | None) -> str:
    """Return the keyword that a value of a header starts with, in lower case; empty without one."""
    found = re.match(r"(?:\s|\([^()]*\))*([\w-]+)", str(value or ""))
    return found[1].lower() if found else ""
