from datetime import timedelta

from odoo.tools import mute_logger

from ...common import MAIL_LOGS, ArCommon
from ...customers.test_addresses import BOUNCE


class ArrivalActions:
    """What Odoo and mail servers do with invoices; for classes on `ArCommon`."""

    def _send(self, invoices, day=None, methods=("email",), **settings):
        """Send invoices by Odoo's own means on that day, and return the SMTP sink's messages."""
        with self._on(day), self._smtp() as server, mute_logger(*MAIL_LOGS):
            server.refused.update(settings.pop("refused", ()))
            send = self.env["account.move.send"]
            send._generate_and_send_invoices(invoices, sending_methods=list(methods), **settings)
            self.env["mail.mail"].sudo().process_email_queue()
        self.env.invalidate_all()
        return server.messages

    def _bounce_of(self, message, address="payer@customer.example.com", day=None, to=None):
        """Let a real bounce of a message that the sink took come in."""
        to = to or f"{self.alias_bounce}@{self.alias_domain}"
        text = BOUNCE.format(message_id=message["Message-Id"], bounce=to)
        text = text.replace("Final-Recipient", "Reporting-MTA: dns; mail.customer.example.com\n\nFinal-Recipient")
        with self._on(day):
            self.env["mail.thread"].sudo().message_process(None, text.replace("payer@customer.example.com", address))
        self.env.invalidate_all()

    def _kinds(self, invoice):
        """Return what happened to the invoice, in order."""
        return self.env["ar.invoice.arrival"].search([("move_id", "in", invoice.ids)], order="id").mapped("kind")

    def _state(self, invoice, day=None):
        with self._on(day):
            self.env.invalidate_all()
            return invoice.ar_arrival_state


class ArrivalCommon(ArrivalActions, ArCommon):
    """A customer with a late invoice, which was never sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.customer, cls.invoice = cls._late()
        cls.tomorrow = cls.TODAY + timedelta(days=1)
