from odoo import models
from odoo.tools import SQL

from ..customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Addresses that want no e-mails of the company are not used by the schedule: letters and calls go on."""

    _inherit = "ar.facts"

    def _read_unwanted(self, customers):
        """Override to add the addresses that asked this company, and by choice of the policy all on Odoo's list.

        The list may be long, as after a newsletter: each address is looked up in it.
        """
        unwanted = super()._read_unwanted(customers)
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["ar.email.stop"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, listed.email
                  FROM ar_customer account
                  JOIN res_partner partner ON partner.commercial_partner_id = account.partner_id
            CROSS JOIN LATERAL regexp_split_to_table(lower(partner.email), '[[:space:],;<>"]+') AS address
                  JOIN mail_blacklist listed ON listed.active AND listed.email = address
             LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
                 WHERE account.id = ANY(%s::int[]) AND partner.commercial_partner_id = ANY(%s::int[])
                   AND partner.email <> ''
                   AND (policy.respects_blacklist
                        OR EXISTS (SELECT FROM ar_email_stop stop
                                    WHERE stop.address = listed.email AND stop.company_id = account.company_id
                                      AND stop.ended_on IS NULL))
                """,
                pg_array(customers.ids),
                pg_array(customers.partner_id.ids),
            )
        )
        for customer_id, address in rows:
            unwanted[customer_id].add(address)
        return unwanted

    def _select_versions(self, left_out):
        """Override to add the entries of contacts on the list of those who want no e-mails, and their requests."""
        listed = SQL(
            """
            SELECT contact.account_id, %s
              FROM contact JOIN mail_blacklist listed ON listed.email = lower(contact.email)
            """,
            self._version_of("listed"),
        )
        stopped = SQL(
            """
            SELECT contact.account_id, %s
              FROM contact JOIN ar_email_stop stop ON stop.address = lower(contact.email)
            """,
            self._version_of("stop"),
        )
        return [*super()._select_versions(left_out), listed, stopped]
