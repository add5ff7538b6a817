from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ar_collections.models.customers.sql import pg_array

from .. import const
from ..numbers import clean, takes_sms


class ArFacts(models.AbstractModel):
    """Which contacts can get text messages, and why others cannot."""

    _inherit = "ar.facts"

    @api.model
    def _read_recipients(self, customers):
        """Override to add ``sms`` to each address: (number, why it gets no message, one of ``const`` or None).

        Nothing is read, and nothing added, as long as no schedule has a step by SMS.
        """
        recipients = super()._read_recipients(customers)
        steps = self.env["ar.reminder.step"].sudo()  # a fact for all, whoever reads it
        if customers and steps.search_count([("channel", "=", "sms")], limit=1):
            self._add_numbers(customers, recipients)
        return recipients

    @api.model
    def _add_numbers(self, customers, recipients):
        """Add the numbers to addresses, see `_read_recipients`.

        :param dict recipients: {customer id: addresses}
        """
        bounced = self._read_bounced(customers)
        rows = self.env.execute_query(self._select_numbers(customers, recipients))
        found = {(customer_id, partner_id): values for customer_id, partner_id, *values in rows}
        for customer_id, addresses in recipients.items():
            for row in addresses:
                raw, phone, agreed, blocked = found[customer_id, row["id"]]
                number = clean(phone)
                reason = self._find_sms_obstacle(raw, number, agreed, blocked, number in bounced[customer_id])
                row["sms"] = number, reason

    @api.model
    def _select_numbers(self, customers, recipients):
        """Return the query of (customer id, partner id, phone as typed, in international form, the numbers that the
        contact agreed with, whether the number is blocked).
        """
        pairs = [(customer_id, row["id"]) for customer_id, addresses in recipients.items() for row in addresses]
        return SQL(
            """
            SELECT pair.customer_id, pair.partner_id, COALESCE(partner.phone, ''),
                   COALESCE(partner.phone_sanitized, ''),
                   ARRAY(SELECT consent.number FROM ar_sms_consent consent
                          WHERE consent.partner_id = partner.id AND consent.company_id = account.company_id
                            AND consent.withdrawn_on IS NULL),
                   EXISTS (SELECT FROM phone_blacklist block
                            WHERE block.active AND block.number IN (
                                partner.phone_sanitized, regexp_replace(partner.phone_sanitized, '[^+0-9]', '', 'g')))
              FROM unnest(%s::int[], %s::int[]) AS pair (customer_id, partner_id)
              JOIN res_partner partner ON partner.id = pair.partner_id
              JOIN ar_customer account ON account.id = pair.customer_id
            """,
            pg_array([customer_id for customer_id, _partner_id in pairs]),
            pg_array([partner_id for _customer_id, partner_id in pairs]),
        )

    @api.model
    def _find_sms_obstacle(self, raw, number, agreed, blocked, has_failed):
        """Return why a contact gets no text message, one of ``const``; None: it may get one.

        :param str raw: its number as typed
        :param str number: the number in international form, ``""`` where it is none
        :param list agreed: the numbers that its valid consents name
        """
        if not number:
            return const.WRONG_NUMBER if raw else const.NO_NUMBER
        if blocked:
            return const.STOPPED
        if not takes_sms(number):
            return const.LANDLINE
        if number not in agreed:
            return const.OTHER_NUMBER if agreed else const.NO_CONSENT
        return const.FAILED_BEFORE if has_failed else None

    @api.model
    def _read_channels(self, customers):
        """Override: where the policy lets an email go out instead, a step by SMS reaches whoever an email reaches."""
        channels = super()._read_channels(customers)
        for customer in customers:
            found = channels[customer.id]
            if customer.policy_id.sms_fallback == "email" and "email" in found:
                channels[customer.id] = found | {"sms"}
        return channels
