from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.review import DUPLICATES, SAME_EMAIL, SAME_NAME, SAME_VAT, Contact, find_same, vat_key

#: More contacts than this share an address or a name on purpose: of a marketplace, an accountant, "Cash customer".
SHARED = 10

#: The tables `above` and `highest` of a query: the contact at the top of each customer that belongs to another contact.
HIGHEST = SQL(
    """
    above AS (
        SELECT id AS contact_id, parent_id AS top_id
          FROM res_partner
         WHERE parent_id IS NOT NULL AND commercial_partner_id = id
         UNION
        SELECT above.contact_id, parent.parent_id
          FROM above JOIN res_partner parent ON parent.id = above.top_id
         WHERE parent.parent_id IS NOT NULL
    ),
    highest AS (
        SELECT above.contact_id, MIN(above.top_id) AS top_id
          FROM above JOIN res_partner top ON top.id = above.top_id AND top.parent_id IS NULL
      GROUP BY above.contact_id
    )
    """
)


class ArReviewDuplicates(models.AbstractModel):
    """Finds contacts that are probably the same customer: one query for all of a company."""

    _inherit = "ar.review"

    @api.model
    def _read_duplicates(self, company, partner_ids):
        """Return the contacts that may be the same as customers: {partner id: ((code, ids of the others), …)}.

        Where two customers may be the same, the older contact alone has them, so that a pair is listed once.

        :param partner_ids: ids of the customers in use
        """
        self.env.flush_all()
        customers, found = set(partner_ids), defaultdict(list)
        for code, ids, numbers, countries, tops in self.env.execute_query(self._select_duplicates(company)):
            contacts = [
                Contact(contact_id, top, vat_key(number, country), country)
                for contact_id, number, country, top in zip(ids, numbers, countries, tops, strict=True)
            ]
            for contact_id, others in find_same(code, contacts).items():
                if contact_id in customers and not any(o in customers and o < contact_id for o in others):
                    found[contact_id].append((code, others))
        return {
            contact_id: tuple(sorted(rows, key=lambda row: DUPLICATES.index(row[0])))
            for contact_id, rows in found.items()
        }

    @api.model
    def _select_duplicates(self, company):
        """Return the query of contacts with something in common: (code, ids, VAT numbers, countries, tops).

        The names of two persons are often the same: they need the same postal code, too. Contacts of our own companies
        and employees are no customers, and persons of a company are not compared with each other.
        """
        return SQL(
            """
            WITH RECURSIVE %(highest)s, contact AS (%(contacts)s), keyed AS (%(keyed)s)
            SELECT code, ARRAY_AGG(id ORDER BY id), ARRAY_AGG(vat ORDER BY id), ARRAY_AGG(country ORDER BY id),
                   ARRAY_AGG(top_id ORDER BY id)
              FROM keyed
          GROUP BY code, key
            HAVING COUNT(*) BETWEEN 2 AND %(shared)s
          ORDER BY code, MIN(id)
            """,
            highest=HIGHEST,
            contacts=self._select_contacts(company),
            keyed=self._select_keyed(),
            shared=SHARED,
        )

    @api.model
    def _select_keyed(self):
        """Return the query of each `contact` with what it may have in common with others: a code and a key."""
        return SQL(
            """
            SELECT contact.*, common.code, common.key
              FROM contact
        CROSS JOIN LATERAL (VALUES (%s, %s), (%s, contact.email_key), (%s, contact.name_key)) AS common (code, key)
             WHERE common.key IS NOT NULL
            """,
            SAME_VAT,
            self._sql_vat_key(),
            SAME_EMAIL,
            SAME_NAME,
        )

    @api.model
    def _select_contacts(self, company):
        """Return the query of the contacts that may be customers of a company, with what two may have in common."""
        return SQL(
            """
            SELECT partner.id, COALESCE(partner.vat, '') AS vat, COALESCE(country.code, '') AS country,
                   COALESCE(highest.top_id, partner.id) AS top_id,
                   NULLIF(partner.email_normalized, '') AS email_key,
                   NULLIF(REGEXP_REPLACE(LOWER(partner.name), '[^[:alnum:]]', '', 'g'), '')
                       || CASE WHEN partner.is_company THEN '' ELSE '|' || NULLIF(partner.zip, '') END AS name_key
              FROM res_partner partner
         LEFT JOIN res_country country ON country.id = partner.country_id
         LEFT JOIN highest ON highest.contact_id = partner.id
             WHERE partner.active AND partner.commercial_partner_id = partner.id
               AND partner.partner_share IS NOT FALSE
               AND (partner.company_id IS NULL OR partner.company_id = ANY(%s::int[]))
               AND partner.id NOT IN (SELECT partner_id FROM res_company)
            """,
            [int(number) for number in company.parent_path.split("/") if number],
        )

    @api.model
    def _sql_vat_key(self):
        """Return what `core.credit.review.vat_key` does, as SQL over `contact`; NULL where there is no number."""
        compact = SQL("REGEXP_REPLACE(UPPER(contact.vat), '[^[:alnum:]]', '', 'g')")
        return SQL(
            """
            CASE WHEN LENGTH(%(compact)s) < 2 THEN NULL
                 WHEN %(compact)s ~ '^EL' THEN 'GR' || SUBSTR(%(compact)s, 3)
                 WHEN %(compact)s ~ '^[[:alpha:]]{2}' THEN %(compact)s
                 ELSE contact.country || %(compact)s END
            """,
            compact=compact,
        )
