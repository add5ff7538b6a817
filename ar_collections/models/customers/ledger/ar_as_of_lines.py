from odoo import api, models
from odoo.tools import SQL

from ..sql import DUE_DATE, is_paid_out, of_customers


class ArAsOfLines(models.AbstractModel):
    """The queries of the lines that were open at the end of a day, one by one or added up.

    What they read of most lines is in the index `_ar_open_idx`, so that the database does not read the lines
    themselves; of the columns below it computes those alone that a query uses.
    """

    _inherit = "ar.as.of"

    @api.model
    def _select_open_lines(self, companies, day, partner_ids=None):
        """Return the query of the lines that were open at the end of the day, with the columns of `_select_open`.

        The partner is a LEFT JOIN, because the database omits it where a query does not use its columns.

        :param partner_ids: see `of_customers`; default: all, and lines without a partner
        """
        return SQL(
            """
            WITH undone AS MATERIALIZED (%(undone)s)
            SELECT line.*, partner.commercial_partner_id AS customer_partner_id, partner.country_id
              FROM (%(lines)s) line
         LEFT JOIN res_partner partner ON partner.id = line.contact_id
            """,
            undone=self._select_undone(companies, day),
            lines=SQL(" UNION ALL ").join(self._select_halves(companies, day, partner_ids)),
        )

    @api.model
    def _select_added_up(self, companies, day, add_up, partner_ids=None):
        """Return the query of the open lines, added up by account and contact; callers add up the rows of a customer.

        The index has the lines in this order, so that the database neither sorts nor stores them. Lines open today and
        lines settled later are added up apart: a contact may have a row of each.

        :param add_up: makes the query of sums from the query of lines, which has the columns of `_select_open`
        """
        halves = self._select_halves(companies, day, partner_ids)
        return SQL(
            "WITH undone AS MATERIALIZED (%s) %s",
            self._select_undone(companies, day),
            SQL(" UNION ALL ").join(map(add_up, halves)),
        )

    @api.model
    def _select_halves(self, companies, day, partner_ids):
        """Return the queries of the lines open today and of those settled later, which read the query ``undone``.

        Most lines are as they are today: nothing is computed for them.
        """
        condition = SQL(
            """
            line.account_id = ANY(%(accounts)s) AND line.company_id = ANY(%(companies)s)
            AND line.parent_state = 'posted' AND line.date <= %(day)s AND %(of_partners)s
            """,
            accounts=self._get_account_ids(companies),
            companies=companies.ids,
            day=day,
            of_partners=SQL("TRUE") if partner_ids is None else of_customers(partner_ids),
        )
        columns = SQL(
            """
            line.id, line.company_id, line.account_id, line.move_id, line.partner_id, line.currency_id,
            line.amount_currency, line.invoice_date, line.date, line.date_maturity, line.journal_id, line.move_name
            """
        )
        unchanged = SQL(
            """
            SELECT %(columns)s, line.amount_residual AS residual, line.amount_residual_currency AS residual_currency
              FROM account_move_line line
             WHERE line.reconciled IS NOT TRUE AND line.id NOT IN (SELECT line_id FROM undone) AND %(condition)s
            """,
            columns=columns,
            condition=condition,
        )
        settled_later = SQL(
            """
            SELECT %(columns)s, line.amount_residual + undone.residual AS residual,
                   line.amount_residual_currency + undone.residual_currency AS residual_currency
              FROM undone JOIN account_move_line line ON line.id = undone.line_id
             WHERE %(condition)s
            """,
            columns=columns,
            condition=condition,
        )
        return [self._select_open(residuals) for residuals in (unchanged, settled_later)]

    @api.model
    def _select_open(self, residuals):
        """Return the query of the lines with a residual, with their dates; `residuals` is the query of the lines."""
        return SQL(
            """
            SELECT line.id, line.company_id, line.account_id, line.move_id, line.move_name,
                   line.partner_id AS contact_id, line.currency_id, line.amount_currency AS original,
                   line.residual_currency, line.residual,
                   COALESCE(line.invoice_date, line.date) AS invoice_date, %(due_date)s AS due_date,
                   %(paid_out)s AS is_our_payment
              FROM (%(residuals)s) line
             WHERE line.residual <> 0 OR line.residual_currency <> 0
            """,
            due_date=DUE_DATE,
            paid_out=is_paid_out(SQL("COALESCE(NULLIF(line.residual_currency, 0), line.residual) > 0")),
            residuals=residuals,
        )

    @api.model
    def _select_undone(self, companies, day):
        """Return the query of amounts that are open again at the end of the day.

        Its columns: (line_id, residual_currency, residual). Undone are reconciliations of later days, and those with
        draft entries, which are not in the ledger.
        """
        return SQL(
            """
            SELECT side.line_id, SUM(side.residual_currency) AS residual_currency, SUM(side.residual) AS residual
              FROM (SELECT debit_move_id, credit_move_id, debit_amount_currency, credit_amount_currency, amount,
                           NULL::int AS draft_id
                      FROM account_partial_reconcile WHERE max_date > %(day)s
                 UNION ALL
                    SELECT matched.debit_move_id, matched.credit_move_id, matched.debit_amount_currency,
                           matched.credit_amount_currency, matched.amount, draft.id
                      FROM %(drafts)s
                      JOIN account_partial_reconcile matched
                        ON matched.debit_move_id = draft.id OR matched.credit_move_id = draft.id
                     WHERE matched.max_date <= %(day)s) taken_back
        CROSS JOIN LATERAL (VALUES (debit_move_id, debit_amount_currency, amount),
                                   (credit_move_id, -credit_amount_currency, -amount))
                           side (line_id, residual_currency, residual)
             WHERE side.line_id IS DISTINCT FROM taken_back.draft_id
          GROUP BY side.line_id
            """,
            day=day,
            # By journal, because the index on unposted entries starts with it.
            drafts=SQL(
                """(SELECT line.id
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE move.journal_id IN (SELECT id FROM account_journal) AND move.state = 'draft'
                       AND line.account_id = ANY(%s)) draft""",
                self._get_account_ids(companies),
            ),
        )
