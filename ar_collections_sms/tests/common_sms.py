from datetime import date, datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.ar_collections.tests.common import ArCommon
from odoo.addons.sms.tests.common import SMSCase

MOBILE = "+33612345678"
LANDLINE = "+33142685300"

TEXT = "{company}: {amount} is due. Please pay by {deadline}: {link}"


class ArSmsCommon(ArCommon, SMSCase):
    """A policy whose first step is a text message, and a French customer who agreed to them; noon is not quiet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.step,) = cls._on_schedule({"days": 3, "channel": "sms", "name": "By SMS", "sms_text": TEXT})
        cls.customer, cls.invoice = cls._late(phone=MOBILE, country_id=cls.env.ref("base.fr").id, tz="Europe/Paris")
        cls.partner = cls.customer.partner_id
        cls._agree(cls.partner)

    @classmethod
    def _agree(cls, partner, given_on=date(2026, 1, 5)):
        """Record the consent of a contact."""
        consents = cls.env["ar.sms.consent"]
        return consents._record(partner, cls.company, "contract", given_on, "Contract 1")

    def _queue(self, day=None, hour=12, **gateway):
        """Work the queue of text messages at an hour (UTC) of a day; return what the gateway took.

        :param gateway: what Odoo's mocked gateway does, see ``mockSMSGateway``
        """
        moment = datetime.combine(day or self.TODAY, time(hour))
        with freeze_time(moment), self.mockSMSGateway(**gateway):
            self.env["ar.sms.queue"]._cron_deliver()
            taken = list(self._sms)
        self.env.invalidate_all()
        return taken

    def _lose_answer(self, error):
        """Let the gateway raise an error within the block, after it may have sent the message."""
        return patch("odoo.addons.sms.tools.sms_api.SmsApi._contact_iap", side_effect=error)

    def _report(self, recipient, status):
        """Let the gateway report about a message, as its own request does."""
        tracker = self.env["sms.tracker"].sudo().search([("sms_uuid", "=", recipient.sms_uuid)])
        states = self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS
        if status in states:
            tracker._action_update_from_sms_state(states[status])
        else:
            tracker._action_update_from_provider_error(status)
        self.env.invalidate_all()
