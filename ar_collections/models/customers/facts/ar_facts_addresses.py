import re
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, email_normalize_all

from ..sql import IS_OPEN, pg_array

#: One plain address in lower case, as nearly all are: parsing it as a header would return the same, much slower.
PLAIN_ADDRESS = re.compile(r"[a-z0-9]+([._+-][a-z0-9]+)*@[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]+", re.ASCII)


def read_addresses(text):
    """Return the e-mail addresses of a text, normalized.

    >>> read_addresses("ann@example.com"), read_addresses("Ann <Ann@Example.com>, bob@example.com")
    (['ann@example.com'], ['ann@example.com', 'bob@example.com'])
    """
    return [text] if PLAIN_ADDRESS.fullmatch(text) else email_normalize_all(text)


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

        Receivables contacts come first, then invoice addresses, those that open invoices are made out to before others,
        then the company, then other contacts that open invoices are made out to. Contacts of another company of ours
        are left out. An e-mail address is usable when it is well-formed, did not fail since the customer's addresses
        were last confirmed, and did not ask for no more e-mails; a contact may have several.

        :return: a dict for each contact: id (of the partner), email (the first address, normalized), emails (those
            that are usable), usable (whether there are any), postal (has street and city), rank (0 receivables contact,
            1 invoice address, 2 company, 3 other contact)
        """
        by_customer = defaultdict(list)
        bounced, unwanted = self._read_bounced(customers), self._read_unwanted(customers)
        for customer_id, partner_id, email, postal, rank in self.env.execute_query(self._select_recipients(customers)):
            emails = read_addresses(email)
            failed = bounced[customer_id] | unwanted[customer_id]
            usable = [each for each in dict.fromkeys(emails) if each not in failed]
            by_customer[customer_id].append(
                {
                    "id": partner_id, "email": (usable or emails or [""])[0], "emails": usable,
                    "usable": bool(usable), "postal": postal, "rank": rank,
                }
            )  # fmt: skip
        return {customer.id: by_customer[customer.id] for customer in customers}

    @api.model
    def _select_recipients(self, customers):
        """Return the query of the customers' contacts: (customer id, partner id, email, has postal address, rank).

        Their partners are named as well: otherwise the database would read all contacts for each batch.
        """
        return SQL(
            """
            SELECT account.id, partner.id, COALESCE(partner.email, ''),
                   COALESCE(partner.street, '') <> '' AND COALESCE(partner.city, '') <> '',
                   CASE WHEN partner.type = 'collections' AND partner.id <> account.partner_id THEN 0
                        WHEN partner.id = account.partner_id THEN 2
                        WHEN partner.type = 'invoice' THEN 1
                        ELSE 3 END AS rank
              FROM ar_customer account
              JOIN res_partner partner ON partner.commercial_partner_id = account.partner_id
              JOIN res_company company ON company.id = account.company_id
   LEFT JOIN LATERAL (SELECT TRUE AS found
                        FROM account_move move
                       WHERE partner.id <> account.partner_id AND move.partner_id = partner.id
                         AND move.company_id = account.company_id AND move.move_type = 'out_invoice' AND %(is_open)s
                       LIMIT 1) invoiced ON TRUE
             WHERE account.id = ANY(%(customers)s::int[])
               AND partner.commercial_partner_id = ANY(%(partners)s::int[])
               AND (partner.id = account.partner_id
                    OR (partner.active AND (partner.type IN ('collections', 'invoice') OR invoiced.found)))
               AND (partner.company_id IS NULL
                    OR partner.company_id::text = ANY(string_to_array(company.parent_path, '/')))
          ORDER BY rank, invoiced.found IS NULL, partner.id
            """,
            customers=pg_array(customers.ids),
            is_open=IS_OPEN,
            partners=pg_array(customers.partner_id.ids),
        )

    def _read_unwanted(self, customers):
        """Return {customer id: e-mail addresses that want none of our e-mails}; a person may write to them.

        Extension point: none until the domain of replies overrides it.
        """
        return defaultdict(set)

    def _read_bounced(self, customers):
        """Return {customer id: e-mail addresses that failed since the customer's addresses were last confirmed}.

        Extension point: none until the domain of communications overrides it.
        """
        return defaultdict(set)
