from odoo import models
from odoo.tools import SQL

from ..customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Addresses on Odoo's list of those who want no e-mails are not used: letters and calls go on."""

    _inherit = "ar.facts"

    def _read_bounced(self, customers):
        """Override to add the addresses of contacts who want no e-mails."""
        refused = super()._read_bounced(customers)
        self.env["mail.blacklist"].flush_model(["email", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, listed.email
                  FROM ar_customer account
                  JOIN res_partner partner ON partner.commercial_partner_id = account.partner_id
                  JOIN mail_blacklist listed
                    ON listed.active
                   AND listed.email = ANY(regexp_split_to_array(lower(partner.email), '[[:space:],;<>"]+'))
                 WHERE account.id = ANY(%s::int[]) AND partner.email <> ''
                """,
                pg_array(customers.ids),
            )
        )
        for customer_id, address in rows:
            refused[customer_id].add(address)
        return refused

    def _select_versions(self, left_out):
        """Override to add the entries of contacts on the list of those who want no e-mails."""
        listed = SQL(
            """
            SELECT contact.account_id, %s
              FROM contact JOIN mail_blacklist listed ON listed.email = lower(contact.email)
            """,
            self._version_of("listed"),
        )
        return [*super()._select_versions(left_out), listed]
