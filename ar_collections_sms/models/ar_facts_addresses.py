from odoo import models
from odoo.tools import SQL

from odoo.addons.ar_collections.models.customers.sql import pg_array


class ArFactsAddresses(models.AbstractModel):
    """Email addresses that asked us to stop."""

    _inherit = "ar.facts"

    def _read_bounced(self, customers):
        """Override to leave out the addresses that asked the company to stop, as long as Odoo blocks them.

        That an address is blocked for another reason, such as a newsletter, does not keep reminders back.
        """
        bounced = super()._read_bounced(customers)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT account.id, stop.value
                  FROM ar_sms_stop stop
                  JOIN ar_customer account ON account.company_id = stop.company_id
                  JOIN mail_blacklist block ON block.email = stop.value AND block.active
                 WHERE stop.kind = 'email' AND account.id = ANY(%s::int[])
                """,
                pg_array(customers.ids),
            )
        )
        for customer_id, address in rows:
            bounced[customer_id].add(address)
        return bounced
