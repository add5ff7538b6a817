from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .sql import pg_array


class ArFactsAddresses(models.AbstractModel):
    """The addresses of customers, and the channels that reach them."""

    _inherit = "ar.facts"

    @api.model
    def _read_channels(self, customers):
        """Return {customer id: frozenset of the codes of the channels that reach it}.

        Extension point: none until the domain of communications overrides it.
        """
        return dict.fromkeys(customers.ids, frozenset())

    @api.model
    def _read_recipients(self, customers):
        """Return {customer id: the customer's addresses, best first}.

        Receivables contacts come first, then invoice addresses, then the company. An e-mail address is usable when it
        is well-formed and did not bounce since the customer's addresses were last confirmed.

        :return: a dict for each address: id (of the partner), email (normalized), usable, postal (has street and
            city), rank (0 receivables contact, 1 invoice address, 2 company)
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT commercial_partner_id, id, COALESCE(email_normalized, ''),
                       COALESCE(street, '') <> '' AND COALESCE(city, '') <> '',
                       CASE WHEN type = 'collections' THEN 0 WHEN id = commercial_partner_id THEN 2 ELSE 1 END AS rank
                  FROM res_partner
                 WHERE commercial_partner_id = ANY(%(partners)s::int[])
                   AND (id = commercial_partner_id OR (active AND type IN ('collections', 'invoice')))
              ORDER BY rank, id
                """,
                partners=pg_array(customers.partner_id.ids),
            )
        )
        by_partner = defaultdict(list)
        for commercial_id, partner_id, email, postal, rank in rows:
            by_partner[commercial_id].append((partner_id, email, postal, rank))
        bounced = self._read_bounced(customers)
        return {
            customer.id: [
                {
                    "id": partner_id, "email": email, "postal": postal, "rank": rank,
                    "usable": bool(email) and email not in bounced[customer.id],
                }
                for partner_id, email, postal, rank in by_partner[customer.partner_id.id]
            ]
            for customer in customers
        }  # fmt: skip

    def _read_bounced(self, customers):
        """Return {customer id: e-mail addresses that failed since the customer's addresses were last confirmed}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT communication.customer_id, communication.email_to
                  FROM ar_communication communication
                  JOIN ar_customer customer ON customer.id = communication.customer_id
                 WHERE communication.customer_id = ANY(%(customers)s::int[])
                   AND communication.state = 'failed'
                   AND communication.failure = 'address'
                   AND communication.write_date > COALESCE(customer.address_confirmed_on, '-infinity'::timestamp)
                """,
                customers=pg_array(customers.ids),
            )
        )
        bounced = defaultdict(set)
        for customer_id, email_to in rows:
            bounced[customer_id].update((email_to or "").split(","))
        return bounced
