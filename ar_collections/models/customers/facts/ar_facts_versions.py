from hashlib import md5

from odoo import api, models
from odoo.tools import SQL

from ..sql import pg_array


class ArFactsVersions(models.AbstractModel):
    """The versions of the rows that a customer's facts are read from: whether anything changed since they were read.

    Every change of a row makes a new version of it, with the transaction (`xmin`) and the place (`ctid`) as its name. A
    row that is added or removed changes the set. So the versions are the same only where nothing was written, whoever
    writes and whichever field.
    """

    _inherit = "ar.facts"

    @api.model
    def _read_versions(self, customers, account_ids, without):
        """Return {customer id: hash of the versions of its rows}, as of this transaction.

        :param customers: `ar.customer` recordset of one company
        :param account_ids: ids of the company's receivable accounts, see `_get_receivable_account_ids`
        :param without: ids of communications that are left out with their recipients
        """
        self.env.flush_all()
        wanted, left_out = (SQL("%s::int[]", pg_array(ids)) for ids in (customers.ids, without))
        self.env.cr.execute(self._get_versions_query(SQL("ANY(%s)", wanted), left_out, account_ids))
        return dict(self.env.cr.fetchall())

    @api.model
    def _prepare_versions(self, account_ids):
        """Let the database plan the query for one customer, once in a session; return the statement's name.

        Planning takes ten times as long as reading some rows by index. With numbers as its parameters, the database
        keeps the plan after a few executions, and plans anew when statistics or tables change.

        :param account_ids: as in `_read_versions`
        """
        query = self._get_versions_query(SQL("$1"), SQL("ARRAY[$2]"), account_ids)
        name = f"ar_versions_{md5(repr((query.code, query.params)).encode(), usedforsecurity=False).hexdigest()}"
        self.env.cr.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [name])
        if not self.env.cr.rowcount:
            self.env.cr.execute(SQL("PREPARE %s (int, int) AS %s", SQL.identifier(name), query))
        return name

    @api.model
    def _read_version(self, customer, statement, without):
        """Return the hash of the versions of a customer's rows, as of this transaction; None where it is gone.

        :param str statement: see `_prepare_versions`
        :param int without: id of a communication that is left out with its recipients, or 0
        """
        self.env.flush_all()
        query = SQL("EXECUTE %s (%s, %s)", SQL.identifier(statement), customer.id, without)
        self.env.cr.execute(query, log_exceptions=False)  # a pool of connections may have lost the statement
        return next((version for _customer_id, version in self.env.cr.fetchall()), None)

    @api.model
    def _get_versions_query(self, wanted, left_out, account_ids):
        """Return the query of (customer id, hash of the versions of its rows).

        Plain SQL: it is asked again for each mail, and reads no record.

        :param SQL wanted: what the ids of the customers are equal to
        :param SQL left_out: array of the ids of communications
        """
        return SQL(
            """
            WITH account AS (
                SELECT * FROM ar_customer WHERE id = %(wanted)s
            ), contact AS (
                SELECT account.id AS account_id, partner.id, partner.email, %(partner)s AS version
                  FROM account JOIN res_partner partner ON partner.commercial_partner_id = account.partner_id
            ), item AS (
                SELECT contact.account_id, line.id, line.move_id, %(line)s AS version
                  FROM contact
                  JOIN account_move_line line ON line.partner_id = contact.id
                 WHERE line.account_id = ANY(%(accounts)s::int[]) AND line.reconciled IS NOT TRUE
            )
            SELECT account_id, md5(string_agg(version, ',' ORDER BY version))
              FROM (%(rows)s) AS found(account_id, version)
          GROUP BY account_id
            """,
            wanted=wanted,
            accounts=pg_array(account_ids),
            partner=self._version_of("partner"),
            line=self._version_of("line"),
            rows=SQL(" UNION ALL ").join(self._select_versions(left_out)),
        )

    @api.model
    def _version_of(self, alias):
        """Return the SQL expression of the version of a row, the same for no other row of the database."""
        row = SQL.identifier(alias)
        return SQL("%s.tableoid::text || %s.xmin::text || %s.ctid::text", row, row, row)

    @api.model
    def _select_versions(self, left_out):
        """Return the queries of (account id, version) of the rows that facts are read from.

        Extension point: who overrides a method that reads facts adds the rows it reads. The queries may use ``account``
        (the `ar.customer` rows), ``contact`` (account_id, id, email: its partner and that one's contacts) and ``item``
        (account_id, id, move_id: its open receivable lines).

        :param SQL left_out: array of the ids of communications that do not count: what a delivery itself writes
        :rtype: list[SQL]
        """
        return [
            SQL("SELECT account_id, version FROM contact"),
            SQL("SELECT account_id, version FROM item"),
            *self._select_account_versions(),
            *self._select_payment_versions(),
        ]

    @api.model
    def _select_account_versions(self):
        """Return the queries of the accounts' own rows: account, company, policy, collector, see `_select_versions`."""
        return [
            SQL(
                """
                SELECT account.id, %s || %s || %s || COALESCE(%s, '')
                  FROM account
                  JOIN ar_customer own ON own.id = account.id
                  JOIN res_company company ON company.id = account.company_id
                  JOIN res_partner sender ON sender.id = company.partner_id
             LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
                """,
                *map(self._version_of, ("own", "company", "sender", "policy")),
            ),
            SQL(
                """
                SELECT account.id, %s || %s
                  FROM account
             LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
                  JOIN res_users collector ON collector.id IN (account.user_id, policy.user_id)
                  JOIN res_partner person ON person.id = collector.partner_id
                """,
                *map(self._version_of, ("collector", "person")),
            ),
        ]

    @api.model
    def _select_payment_versions(self):
        """Return the queries of the items' invoices and of what pays them, see `_select_versions`."""
        return [
            SQL(
                "SELECT item.account_id, %s FROM item JOIN account_move move ON move.id = item.move_id",
                self._version_of("move"),
            ),
            SQL(
                """
                SELECT contact.account_id, %s
                  FROM contact JOIN account_payment payment ON payment.partner_id = contact.id
                 WHERE payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
                """,
                self._version_of("payment"),
            ),
            SQL(
                """
                SELECT item.account_id, %s
                  FROM item
                  JOIN account_invoice_transaction_rel rel ON rel.invoice_id = item.move_id
                  JOIN payment_transaction tx ON tx.id = rel.transaction_id
                """,
                self._version_of("tx"),
            ),
        ]
