from odoo import api, fields, models, tools
from odoo.tools import SQL

#: Key of what changed the exposure of customers, in the data of the transaction.
STALE = "ar_credit_stale"


class ArCreditStale(models.Model):
    """Accounts whose exposure is to be computed again, because something was booked.

    Posting and paying only leave a mark: one statement for a whole transaction, and none where nobody has a credit
    limit. A scheduled action computes the exposures a few minutes later, and the nightly run those that have no mark,
    because a draft was changed line by line, for instance.

    There is neither a foreign key nor a unique index, because both wait for other transactions.
    """

    _name = "ar.credit.stale"
    _description = "Exposure to be Computed"
    _log_access = False

    customer_number = fields.Integer("Account ID", required=True, readonly=True, index=True)

    @tools.ormcache()
    def _is_used(self):
        """Return whether credit control concerns anybody: an account has a limit or a credit status that is not good,
        or a policy warns of documents or blocks them by its rules.

        Cleared by `ar.customer._note_limit_use`, `_read_use`, and changes of policies and rules.
        """
        return self._has_limits()

    @api.model
    def _has_limits(self):
        """Return the same, read from the database."""
        # sudo: whoever posts an invoice. Archived policies go on for their customers.
        policies = self.env["ar.credit.policy"].sudo().with_context(active_test=False)
        if policies.search_count(policies._get_strict_domain(), limit=1):
            return True
        return bool(self.env.execute_query(SQL("SELECT 1 FROM ar_customer WHERE %s LIMIT 1", self._get_condition())))

    @tools.ormcache()
    def _may_stop(self):
        """Return whether a document can be warned of or stopped at all: policies only inform unless somebody changes
        that, and then documents are not looked at when they are confirmed.

        Cleared as `_is_used`.
        """
        return self._has_strict_policy()

    @api.model
    def _has_strict_policy(self):
        """Return the same, read from the database; holds by persons need no rule, archived policies go on."""
        # sudo: whoever posts an invoice
        policies = self.env["ar.credit.policy"].sudo().with_context(active_test=False)
        return bool(policies.search_count(policies._get_effect_domain(), limit=1))

    @api.model
    def _read_use(self):
        """Return whether credit control concerns anybody, and correct the cache.

        A worker that read it while the first limit was being stored would otherwise leave no marks for ever.
        """
        is_used = self._has_limits()
        if is_used != self._is_used() or self._has_strict_policy() != self._may_stop():
            self.env.registry.clear_cache()
        return is_used

    @api.model
    def _get_condition(self):
        """Return the SQL condition that an `ar_customer` has a limit, an insurance, or a status that is not good."""
        return SQL(
            "(credit_limit_kind <> 'none' OR temporary_limit_kind IS NOT NULL OR insured_amount > 0"
            " OR credit_status <> 'good')"
        )

    # === MARK === #

    @api.model
    def _mark(self, pairs):
        """Mark, at the end of the transaction, the accounts of contacts as stale.

        :param pairs: (contact id, company id); contacts of a customer and branches of a company count for its account
        """
        pairs = {pair for pair in pairs if all(pair)}
        if not pairs or not self._is_used():
            return
        pending = self.env.cr.precommit.data.setdefault(STALE, set())
        if not pending:
            # sudo: users who invoice need no role of ours.
            self.env.cr.precommit.add(self.sudo()._insert_marked)
        pending |= pairs

    @api.model
    def _insert_marked(self):
        """Store the marks of the transaction in one statement.

        Only accounts with a limit are marked, or, where a group has one, all. A savepoint would cost as much as the
        statement, which has nothing to fail from: no constraint, and no row of others.
        """
        pairs = sorted(self.env.cr.precommit.data.pop(STALE, ()))
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ar_credit_stale (customer_number)
                SELECT DISTINCT account.id
                  FROM unnest(%(partners)s::int[], %(companies)s::int[]) changed (partner_id, company_id)
                  JOIN res_partner debtor ON debtor.id = changed.partner_id
                  JOIN res_company company ON company.id = changed.company_id
                  JOIN ar_customer account ON account.partner_id = debtor.commercial_partner_id
                                          AND account.company_id = split_part(company.parent_path, '/', 1)::int
                 WHERE %(condition)s OR EXISTS (SELECT 1 FROM ar_customer WHERE is_group_limit)
                """,
                partners=[partner_id for partner_id, _company_id in pairs],
                companies=[company_id for _partner_id, company_id in pairs],
                condition=self._get_condition(),
            )
        )

    @api.model
    def _mark_accounts(self, customers):
        """Mark these accounts as stale at once."""
        self.sudo().create([{"customer_number": customer_id} for customer_id in customers.ids])  # as in `_mark`

    # === REFRESH === #

    @api.model
    def _remove(self, customers):
        """Remove the marks of accounts whose exposure was computed; those of other transactions are not seen yet."""
        self.env.cr.execute(SQL("DELETE FROM ar_credit_stale WHERE customer_number = ANY(%s)", customers.ids))
        self.invalidate_model(flush=False)

    @api.model
    def _cron_refresh(self):
        """Compute the exposures of the marked accounts. Called every few minutes."""
        self._read_use()
        self.env.cr.execute(
            "DELETE FROM ar_credit_stale stale"
            " WHERE NOT EXISTS (SELECT 1 FROM ar_customer WHERE id = stale.customer_number)"
        )
        rows = self.env.execute_query(SQL("SELECT DISTINCT customer_number FROM ar_credit_stale ORDER BY 1"))
        marked = self.env["ar.customer"].browse([number for (number,) in rows])
        for company, customers in marked.grouped("company_id").items():
            run = self.env["ar.nightly"]._batch_run(company, "credit", auto_commit=True)
            run.over_records(customers.with_company(company), lambda accounts: accounts._refresh_exposure())
