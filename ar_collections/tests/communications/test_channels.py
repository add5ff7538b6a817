from unittest.mock import patch

from odoo import models

from ..common import ArCommon


class MessengerChannel(models.AbstractModel):
    """A channel of another module: messages to the telephone number of the best contact."""

    _module = None
    _name = "ar.channel.messenger"
    _inherit = "ar.channel"
    _description = "Messenger"

    _is_dated = True
    _is_automatic = True

    def _reaches(self, row):
        return bool(self.env["res.partner"].browse(row["id"]).phone)

    def _choose_recipients(self, rows):
        return [row for row in rows if self._reaches(row)][:1]

    def _render(self, communications):
        for communication in communications:
            communication.body = f"Dear {communication.recipient_ids.name}, please pay {communication.amount_total:.2f}"

    def _send(self, communications):
        self._deliver(communications)

    def _deliver(self, communications):
        communications._set_state("sent")
        communications._update_last_contact()


class TestAddedChannel(ArCommon):
    """The example of docs/architecture.md: another module adds a channel by one model and a selection value."""

    @classmethod
    def setUpClass(cls):
        from odoo.orm.model_classes import _prepare_setup, add_to_registry  # as in Odoo's own tests of its registry

        super().setUpClass()
        _prepare_setup(add_to_registry(cls.registry, MessengerChannel))
        cls.addClassCleanup(cls.registry.__delitem__, MessengerChannel._name)
        for model in ("ar.communication", "ar.reminder.step"):
            field = cls.env[model]._fields["channel"]
            selection = [*field.selection, ("messenger", "Messenger")]
            cls.startClassPatcher(patch.multiple(field, selection=selection, _selection=dict(selection)))
        (cls.step,) = cls._on_schedule({"days": 3, "channel": "messenger", "name": "A message"})
        cls.customer, _invoice = cls._late(phone="+1 555 0100")

    def test_its_step_is_sent_like_any_other(self):
        self._run()
        message = self._communications(self.customer)
        self.assertEqual((message.state, message.channel, message.step_id), ("sent", "messenger", self.step))
        self.assertEqual(message.body, "Dear Patient Payer, please pay 100.00")
        self.assertEqual(self.customer.last_contact_date, self.TODAY)

    def test_who_is_not_reached_gets_a_task(self):
        self.customer.partner_id.phone = False
        self._run()
        self.assertCode(self.customer, "no_address")
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_nobody_asks_for_a_template_and_nobody_edits_its_text(self):
        self.step.mail_template_id = False
        self._run()
        self.assertFalse(self._communications(self.customer).can_edit)


class TestChannels(ArCommon):
    """What the channels say about themselves."""

    def test_each_channel_of_the_selection_has_a_model(self):
        channels = self.env["ar.channel"]._get_all()
        self.assertEqual(set(channels), {"email", "letter", "call"})
        self.assertEqual([channel._name for channel in channels.values()], [f"ar.channel.{code}" for code in channels])

    def test_attributes(self):
        expected = {
            "_is_dated": ["email"],
            "_is_automatic": ["email"],
            "_has_addresses": ["email"],
            "_has_template": ["email"],
            "_is_editable": ["email", "letter"],
            "_is_printable": ["letter"],
            "_is_spoken": ["call"],
        }
        for attribute, codes in expected.items():
            with self.subTest(attribute=attribute):
                self.assertEqual(self.env["ar.channel"]._get_codes(attribute), codes)
