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

    @api.model
    def _read_bounced(self, customers):
        """Override to return the addresses to which the delivery of a communication failed."""
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
        for customer_id, address in rows:
            bounced[customer_id].add(address)
        return bounced
