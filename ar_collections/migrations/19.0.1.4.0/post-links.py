"""From 19.0.1.3: links to the customer page have keys of their own; the lasting key of each account is not stored.

Links in messages sent before the upgrade keep working as long as new ones do: the hash of each account's key becomes a
link. The script may run again after an upgrade that failed.
"""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

#: An address, as a pattern of PostgreSQL, goes on up to one of these.
REST = r"""[^"'[:space:]<>]*"""

#: The beginnings of addresses that hold keys: of the page, and of Odoo's redirect to an account.
KEYED = rf"/my/receivables/{REST}[?&;]|/mail/view[?](?={REST}model=ar[.]customer){REST}"

#: Stored texts that staff can search.
TEXTS = (("mail_message", "body"), ("ar_communication", "body"), ("mail_mail", "body_html"))


def migrate(cr, version):
    """Turn the keys of accounts into links, of merged accounts into those of the account that took over, and drop them.

    The keys are removed from all stored texts, which staff can search, as well: from messages, and from the addresses
    that payers return to.
    """
    if not version or not column_exists(cr, "ar_customer", "access_token"):
        return
    make_links(cr)
    clean_landing_routes(cr)
    for table, column in TEXTS:
        clean_texts(cr, table, column)
    cr.execute("ALTER TABLE ar_customer DROP COLUMN access_token")


def make_links(cr):
    """Store the hash of each account's key as a link of the account in use."""
    cr.execute(
        """
        WITH RECURSIVE survivor AS (
              SELECT id, id AS account_id, merged_into_id FROM ar_customer
               UNION
              SELECT survivor.id, account.id, account.merged_into_id
                FROM survivor JOIN ar_customer account ON account.id = survivor.merged_into_id)
        INSERT INTO ar_portal_link (customer_id, company_id, origin, key_hash, valid_until, create_date, create_uid)
        SELECT account.id, account.company_id, 'earlier',
               encode(sha256(convert_to(old.access_token, 'UTF8')), 'hex'),
               CURRENT_DATE + company.ar_link_days, now() AT TIME ZONE 'UTC', 1
          FROM ar_customer old
          JOIN survivor ON survivor.id = old.id AND survivor.merged_into_id IS NULL
          JOIN ar_customer account ON account.id = survivor.account_id
          JOIN res_company company ON company.id = account.company_id
         WHERE old.access_token <> ''
   ON CONFLICT (key_hash) DO NOTHING
        """
    )


def clean_landing_routes(cr):
    """Remove the keys from the addresses that payers return to."""
    cr.execute(
        """
        UPDATE payment_transaction
           SET landing_route = regexp_replace(
                   regexp_replace(landing_route, 'access_token=[^&#]*&?', ''), '[?&]$', '')
         WHERE landing_route LIKE '/my/receivables/%access_token=%'
        """
    )


def clean_texts(cr, table, column):
    """Remove the keys from the addresses in stored texts; other tokens stay."""
    cr.execute(
        SQL(
            r"""
            UPDATE %(table)s
               SET %(column)s = regexp_replace(%(column)s, %(pattern)s, '\1', 'g')
             WHERE %(column)s LIKE '%%access_token=%%'
               AND (%(column)s LIKE '%%/my/receivables/%%' OR %(column)s LIKE '%%/mail/view?%%ar.customer%%')
            """,
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            pattern=rf"""({KEYED})access_token=[^&"'[:space:]<>#]*(&amp;|&)?""",
        )
    )
