"""The ledger of the mail server: what it really accepted, whatever it answered."""

import email
import json
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Delivery:
    """A message accepted for a recipient."""

    message_id: str
    recipient: str


class Ledger:
    """A file of deliveries, in the order in which they were accepted; only the server's process writes it.

    :param Path path: the file; each line is a JSON list of Message-ID and recipient
    """

    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()

    def accept(self, content, recipients):
        """Record a message.

        :param bytes content: the message
        :param list[str] recipients: addresses of its envelope
        """
        message_id = (email.message_from_bytes(content)["Message-ID"] or "").strip()
        lines = [json.dumps([message_id, recipient]) + "\n" for recipient in recipients]
        with self._lock, self.path.open("a") as file:
            file.write("".join(lines))

    def read(self):
        """Return the deliveries so far.

        :rtype: list[Delivery]
        """
        if not self.path.exists():
            return []
        return [Delivery(*json.loads(line)) for line in self.path.read_text().splitlines()]
