"""A message of the demo company as its recipient sees it."""

import base64
import re

from dev.setup.console import Problem
from dev.setup.mail_sink import messages


def find(subject, address):
    """Return the newest message of the sink whose subject contains a text.

    :param str subject: in lower case
    :param str address: of the recipient
    :rtype: email.message.EmailMessage
    :raise Problem: if there is none
    """
    for message in reversed(messages()):
        is_it = subject in message["Subject"].lower() and address in message["X-Envelope-To"]
        if is_it and message.get_body(("html",)):
            return message
    raise Problem(f"No message about “{subject}” in .dev/mails: make the demo company anew with FRESH=1.")


def as_page(message, address):
    """Return the HTML of a message with its pictures.

    :param message: an `email.message.EmailMessage`
    :param str address: of the server that runs now, in place of the one that was named when it was sent
    """
    text = message.get_body(("html",)).get_content()
    for part in message.walk():
        if part.get("Content-ID"):
            picture = base64.b64encode(part.get_content()).decode()
            inline = f"data:{part.get_content_type()};base64,{picture}"
            text = text.replace(f"cid:{part['Content-ID'].strip('<>')}", inline)
    return re.sub(r'(src=")https?://localhost(:\d+)?', rf"\1{address}", text)
