from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ar_collections.models.customers.sql import pg_array

from .. import const
from ..numbers import takes_sms


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
        ids = {row["id"] for addresses in recipients.values() for row in addresses}
        partners = {partner.id: partner for partner in self.env["res.partner"].sudo().browse(ids)}  # as above
        numbers = {partner_id: partner._ar_get_sms_number() for partner_id, partner in partners.items()}
        blocked, bounced = self._read_blocked_numbers(set(numbers.values())), self._read_bounced(customers)
        agreed = self._read_sms_consents(ids)
        for customer in customers:
            for row in recipients[customer.id]:
                partner_id = row["id"]
                number, given = numbers[partner_id], agreed[partner_id, customer.company_id.id]
                has_failed = number in bounced[customer.id]
                raw = partners[partner_id].phone
                row["sms"] = number, self._find_sms_obstacle(raw, number, given, number in blocked, has_failed)

    @api.model
    def _read_blocked_numbers(self, numbers):
        """Return those of the numbers that Odoo's list of blocked numbers has."""
        query = SQL(
            """
            SELECT regexp_replace(number, '[^+0-9]', '', 'g') FROM phone_blacklist
             WHERE active AND regexp_replace(number, '[^+0-9]', '', 'g') = ANY(%s)
            """,
            sorted(numbers - {""}),
        )
        return {number for (number,) in self.env.execute_query(query)}

    @api.model
    def _read_sms_consents(self, partner_ids):
        """Return {(partner id, company id): the numbers that its valid consents name}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, company_id, number FROM ar_sms_consent
                 WHERE withdrawn_on IS NULL AND partner_id = ANY(%s::int[])
                """,
                pg_array(partner_ids),
            )
        )
        agreed = defaultdict(set)
        for partner_id, company_id, number in rows:
            agreed[partner_id, company_id].add(number)
        return agreed

    @api.model
    def _find_sms_obstacle(self, raw, number, agreed, blocked, has_failed):
        """Return why a contact gets no text message, one of ``const``; None: it may get one.

        :param raw: its number as typed, if any
        :param str number: the number in international form, ``""`` where it is none
        :param set agreed: the numbers that its valid consents name
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
