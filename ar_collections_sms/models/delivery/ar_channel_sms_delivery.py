import logging

import psycopg2

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ar_collections.core.communications import outcome
from odoo.addons.ar_collections.core.portal.links import Key
from odoo.addons.ar_collections.models.communications.channels.request_errors import was_not_sent
from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

from ...const import MASK
from ...core import gateway

_logger = logging.getLogger(__name__)


class ArChannelSmsDelivery(models.AbstractModel):
    """The delivery of text messages: to whom is decided anew, the gateway is called once, its answer understood."""

    _inherit = "ar.channel.sms"

    # === RIGHT BEFORE DELIVERY === #

    @api.model
    def _prepare_delivery(self, communication):
        """Override to decide anew to whom the message goes: who stopped or lost the number gets none."""
        wanted = self._get_wanted(communication)
        pending = communication.address_ids.filtered(lambda each: each.state == outcome.PLANNED)
        kept = pending.filtered(lambda each: wanted.get(each.address) == each.partner_id.id)
        (pending - kept)._cancel().flush_recordset(["state"])
        known = communication.address_ids.filtered(lambda each: each.state != outcome.CANCELLED).mapped("address")
        missing = [(number, partner_id) for number, partner_id in wanted.items() if number not in known]
        if missing:
            self._write_anew(communication, wanted)
        partners = self.env["res.partner"]
        self._create_recipients([(communication, number, partners.browse(each)) for number, each in missing])

    @api.model
    def _write_anew(self, communication, wanted):
        """Write the message for its present readers: it may name them, and is in their language.

        :param dict wanted: {number: partner id}
        """
        partner_ids = list(dict.fromkeys(wanted.values()))
        first = self.env["res.partner"].browse(partner_ids[0])
        communication.write(
            {
                "recipient_ids": [Command.set(partner_ids)],
                "email_to": ",".join(wanted),
                "lang": self.env["ar.outreach"]._choose_lang(communication.customer_id, first),
            }
        )
        self._render(communication)
        message = communication.message_id.sudo()  # users have no access to messages of others
        message.write({"body": communication.body, "partner_ids": [Command.set(partner_ids)]})

    @api.model
    def _drop_outdated(self, communication):
        """Override to cancel the recipients that would not get the message any more."""
        wanted = self._get_wanted(communication)
        communication.address_ids.filtered(lambda each: wanted.get(each.address) != each.partner_id.id)._cancel()

    @api.model
    def _get_wanted(self, communication):
        """Return {number: partner id}: to whom the message goes by the present facts."""
        self.env.flush_all()  # addresses are read with plain SQL
        customer = communication.customer_id
        rows = self.env["ar.facts"]._read_recipients(customer)[customer.id]
        return self._get_addresses(self._choose_recipients(rows))

    # === THE GATEWAY === #

    @api.model
    def _hand_over(self, recipient):
        """Give a message, that is committed as being sent, to the gateway.

        :return: (our state, our failure, a reason as text), see `core.gateway.read_answer`
        """
        text, sms = self._create_sms(recipient)
        error = self._call_gateway(sms)
        failure, reason = self._get_failure(recipient, sms, error)
        if error is not None:
            found = (gateway.PLANNED if self._is_before_request(error) else gateway.UNKNOWN), None
        else:
            found = gateway.read_answer(sms.state, failure, reason)
        if found[0] == gateway.SENT:
            sms.body = text  # the key of the link is stored nowhere
        else:
            sms.unlink()  # nothing that Odoo's own queue, or somebody there, would send once more
        return *found, reason or failure

    @api.model
    def _create_sms(self, recipient):
        """Return (the text as it is stored, the `sms.sms`), which nobody else sees before it was sent."""
        log, links = recipient.communication_id, self.env["ar.portal.link"].sudo()  # as for emails
        text = log.sms_text
        key = self._make_key()
        links._issue(log.customer_id, "message", recipient.address, recipient.partner_id, log.message_id, key)
        messages = self.env["sms.sms"].sudo().with_company(log.company_id)  # users have no access to the gateway
        values = {
            "uuid": recipient.sms_uuid,
            "number": recipient.address,
            "partner_id": recipient.partner_id.id,
            "body": text.replace(MASK, key),
            "mail_message_id": log.message_id.id,
        }
        return text, messages.create(values)

    @api.model
    def _make_key(self):
        """Return a new key, of 128 bits: as short as is safe."""
        return Key(self.env["ar.sms.queue"]._make_token())

    @api.model
    def _call_gateway(self, sms):
        """Let Odoo send one message by the company's gateway; return the error, or None."""
        try:
            sms.send(unlink_failed=True, unlink_sent=True, raise_exception=True)
        except psycopg2.Error:
            # The cursor is unusable; by the committed state the nightly run knows that it is unknown.
            raise
        except Exception as error:  # stored on the recipient; it must not stop the other messages
            _logger.info("The SMS gateway failed: %s", error)
            return error
        return None

    @api.model
    def _is_before_request(self, error):
        """Return whether an error says for certain that the gateway did not take the message.

        A message for users that no other error led to is one about settings, from before the request. Odoo replaces
        errors of requests by one about access.
        """
        about_settings = isinstance(error, UserError) and not isinstance(error, AccessError)
        is_first = error.__cause__ is None and error.__context__ is None
        return (about_settings and is_first) or was_not_sent(error, (InsufficientCreditError,))

    @api.model
    def _get_failure(self, recipient, sms, error):
        """Return (Odoo's name of the failure, what the gateway said about it), as far as they are known."""
        if error is not None:
            return None, str(error)
        shown = recipient._get_notifications()[:1]  # it has the names of more failures than the message
        return shown.failure_type or sms.failure_type or None, shown.failure_reason or None
