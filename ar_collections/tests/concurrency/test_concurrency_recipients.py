import smtplib
from contextlib import suppress
from unittest.mock import patch

from odoo.tools import mute_logger

from ..common import MAIL_LOGS
from ..common_committed import CommittedCase


class TestKilledBetweenRecipients(CommittedCase):
    """Law 4 for each recipient: real commits, one customer with two receivables contacts."""

    CUSTOMERS = 1

    def _prepare(self, env):
        prepared = super()._prepare(env)
        (partner_id,) = self.partner_ids
        contacts = env["res.partner"].create(
            [
                {"name": n, "parent_id": partner_id, "type": "collections", "email": f"{n}@customer.example.com"}
                for n in ("first", "second")
            ]
        )
        self.partner_ids = [*contacts.ids, partner_id]
        return prepared

    def _outcomes(self):
        """Return (the communication's state, the states of its recipients), as committed."""
        with self._transaction() as env:
            communication = self._log(env)
            return communication.state, communication.address_ids.sorted("address").mapped("state")

    def _dies_at(self, number, moment):
        """Return a `send_message` that dies at a delivery, ``before`` or ``after`` the server took the message."""
        send, calls = smtplib.SMTP.send_message, []

        def dying(session, *args, **kwargs):
            calls.append(args)
            if len(calls) != number:
                return send(session, *args, **kwargs)
            if moment == "after":
                send(session, *args, **kwargs)
            raise SystemExit

        return patch.object(smtplib.SMTP, "send_message", dying)

    def test_one_is_unknown_the_other_gets_it_once(self):
        for number, moment, left, settled, arrived in [
            (1, "before", ["sending", "planned"], ["unknown", "sent"], ["second"]),
            (1, "after", ["sending", "planned"], ["unknown", "sent"], ["first", "second"]),
            (2, "before", ["sent", "sending"], ["sent", "unknown"], ["first"]),
            (2, "after", ["sent", "sending"], ["sent", "unknown"], ["first", "second"]),
        ]:
            with self.subTest(number=number, moment=moment), self._smtp() as server, mute_logger(*MAIL_LOGS):
                self._run_committed()
                with self._dies_at(number, moment), suppress(SystemExit):
                    self._work_queue()
                self.assertEqual(self._outcomes(), ("sending", left))
                for _turn in range(3):
                    self._work_queue()
                    self._run_committed()
                self.assertEqual(self._outcomes(), ("sent", settled))
                reached = [message["To"].addresses[0].addr_spec.partition("@")[0] for message in server.messages]
                self.assertEqual(reached, arrived)
            self.doCleanups()
            self.setUp()
