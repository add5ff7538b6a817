from odoo.tools import mute_logger

from ...common import MAIL_LOGS, ArCommon


class RecipientsCommon(ArCommon):
    """A customer with two receivables contacts, and a reminder to both that waits in the queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.customer, cls.invoice = cls._late()
        cls.first, cls.second = cls._contact("First"), cls._contact("Second")

    @classmethod
    def _contact(cls, name, **values):
        """Create a receivables contact of the customer, with an address of its own."""
        email = f"{name.lower()}@customer.example.com"
        values = {"parent_id": cls.customer.partner_id.id, "type": "collections", "email": email, **values}
        return cls.env["res.partner"].create({"name": name, **values})

    def setUp(self):
        super().setUp()
        self._run()
        self.communication = self._communications(self.customer)

    def _work(self, day=None, turns=1, behave="accept", refused=(), replies=None):
        """Work the queue with a mail server that behaves like this; return whom it accepted messages for, in order."""
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            server.behave, server.replies = behave, replies or {}
            server.refused.update(refused)
            for _turn in range(turns):
                self._work_queue(day)
            self.messages = server.messages
            return [message["To"].addresses[0].addr_spec.partition("@")[0] for message in server.messages]

    def _outcomes(self, communication=None):
        """Return {first part of the address: state} of the recipients that were not cancelled."""
        recipients = (communication or self.communication).address_ids
        recipients.invalidate_recordset()
        kept = recipients.filtered(lambda recipient: recipient.state != "cancelled")
        return {recipient.address.partition("@")[0]: recipient.state for recipient in kept}
