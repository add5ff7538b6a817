from odoo import Command

from ...common import ArCommon


class EditCommon(ArCommon):
    """A customer with a late invoice of 500, and helpers to edit the text of its messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=500)
        cls.manager = cls._user("manager")

    def _open(self, user=None, customer=None, day=None):
        """Open the dialog from the customer's account; return the wizard."""
        with self._on(day):
            action = (customer or self.customer).with_user(user or self.collector).action_remind_now()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def _open_waiting(self, communication, user=None, day=None):
        """Open the dialog for a message that waits; return the wizard."""
        with self._on(day):
            action = communication.with_user(user or self.collector).action_edit_text()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def _write(self, wizard, **values):
        """Enter an edited text in the dialog."""
        values = {
            "subject": "A word between us",
            "text_above": "<p>Dear friend, remember our walk?</p>",
            "text_below": "<p>Yours until the end of the month.</p>",
            **values,
        }
        wizard.write(values)
        return wizard

    def _send(self, wizard, day=None):
        """Press "Send"; return the next action."""
        with self._on(day):
            return wizard.action_send()

    def _send_edited(self, day=None, **values):
        """Open the dialog, edit the text, send; return the communication."""
        self._send(self._write(self._open(day=day), **values), day)
        return self._communications(self.customer)[-1]

    def _contact(self, partner=None, **values):
        """Create a contact of the customer."""
        parent = partner or self.customer.partner_id
        values = {"name": "A contact", "email": "contact@customer.example.com", **values}
        return self.env["res.partner"].create({"parent_id": parent.id, **values})

    def _add_recipient(self, wizard, partner):
        wizard.write({"recipient_ids": [Command.link(partner.id)]})
