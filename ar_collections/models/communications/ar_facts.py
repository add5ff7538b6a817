from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """The channels that reach customers, and the addresses that failed."""

    _inherit = "ar.facts"

    @api.model
    def _read_channels(self, customers):
        """Override to ask each channel, see `ar.channel._reaches_any`."""
        recipients = self._read_recipients(customers)
        channels = self.env["ar.channel"]._get_all().items()
        return {
            customer_id: frozenset(code for code, channel in channels if channel._reaches_any(rows))
            for customer_id, rows in recipients.items()
        }

    def _read_unknown_deliveries(self, customers, without=()):
        """Override to read them from the log; a person answers them, see `ar.communication.action_mark_delivered`."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT customer_id FROM ar_communication"
                " WHERE state = 'unknown' AND customer_id = ANY(%s::int[]) AND id <> ALL(%s::int[])",
                pg_array(customers.ids),
                pg_array(without),
            )
        )
        return {customer_id for (customer_id,) in rows}

    @api.model
    def _select_versions(self, left_out):
        """Override to add the log, and the recipients that did not get their message."""
        return [
            *super()._select_versions(left_out),
            SQL(
                """
                SELECT account.id, %s
                  FROM account JOIN ar_communication communication ON communication.customer_id = account.id
                 WHERE communication.id <> ALL(%s)
                """,
                self._version_of("communication"),
                left_out,
            ),
            SQL(
                """
                SELECT account.id, %s
                  FROM account
                  JOIN ar_communication communication ON communication.customer_id = account.id
                  JOIN ar_communication_recipient recipient ON recipient.communication_id = communication.id
                 WHERE recipient.state <> 'sent' AND communication.id <> ALL(%s)
                """,
                self._version_of("recipient"),
                left_out,
            ),
        ]

    @api.model
    def _read_bounced(self, customers):
        """Override to return the addresses to which deliveries failed: a wrong one, or refused again and again."""
        self.env["ar.communication.recipient"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT communication.customer_id, recipient.address
                  FROM ar_communication communication
                  JOIN ar_communication_recipient recipient ON recipient.communication_id = communication.id
                  JOIN ar_customer customer ON customer.id = communication.customer_id
                 WHERE communication.customer_id = ANY(%(customers)s::int[])
                   AND recipient.state = 'failed'
                   AND recipient.failure = 'address'
                   AND recipient.write_date > COALESCE(customer.address_confirmed_on, '-infinity'::timestamp)
                """,
                customers=pg_array(customers.ids),
            )
        )
        bounced = defaultdict(set)
        for customer_id, address in [*rows, *self._read_refused(customers)]:
            bounced[customer_id].add(address)
        return bounced

    def _read_refused(self, customers):
        """Return rows (customer id, address) of addresses that refused as many messages in a row as the policy allows.

        Only where messages to others were sent meanwhile: otherwise the sender or the mail server is the cause.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT communication.customer_id, recipient.address
                  FROM ar_communication communication
                  JOIN ar_communication_recipient recipient ON recipient.communication_id = communication.id
                  JOIN ar_customer customer ON customer.id = communication.customer_id
                  JOIN ar_credit_policy policy ON policy.id = customer.policy_id
                 WHERE communication.customer_id = ANY(%(customers)s::int[])
                   AND policy.failed_deliveries_max > 0
                   AND recipient.state = 'failed'
                   AND recipient.failure = 'technical'
                   AND recipient.date > COALESCE(customer.address_confirmed_on, '-infinity'::timestamp)
                   AND NOT EXISTS (
                       SELECT FROM ar_communication_recipient later
                         JOIN ar_communication delivered ON delivered.id = later.communication_id
                        WHERE delivered.customer_id = communication.customer_id
                          AND later.address = recipient.address
                          AND later.state = 'sent'
                          AND later.date >= recipient.date)
              GROUP BY communication.customer_id, communication.company_id, recipient.address,
                       policy.failed_deliveries_max
                HAVING COUNT(*) >= policy.failed_deliveries_max
                   AND EXISTS (
                       SELECT FROM ar_communication_recipient other
                         JOIN ar_communication sent ON sent.id = other.communication_id
                        WHERE sent.company_id = communication.company_id
                          AND other.state = 'sent'
                          AND other.date >= MIN(recipient.date))
                """,
                customers=pg_array(customers.ids),
            )
        )
