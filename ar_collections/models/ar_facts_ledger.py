from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .ar_facts import OpenLine, _array


class ArFactsLedger(models.AbstractModel):
    """What the books say: the receivable accounts and their open lines."""

    _inherit = "ar.facts"

    def _get_receivable_account_ids(self, company):
        """Return the receivable accounts; ids, because the index on open lines starts with the account."""
        # Collectors may not read the chart of accounts; ids alone tell nothing.
        accounts = self.env["account.account"].sudo()
        domain = [*accounts._check_company_domain(company), ("account_type", "=", "asset_receivable")]
        return accounts.with_context(active_test=False).search(domain).ids

    @api.model
    def _read_open_lines(self, company, partner_ids):
        """Return the open receivable lines, oldest due date first.

        Residuals travel as text: the driver turns numbers into floats, and money is not a float.

        :rtype: list[OpenLine]
        """
        account_ids = self._get_receivable_account_ids(company)
        if not account_ids or not partner_ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.partner_id, line.move_id, COALESCE(line.date_maturity, line.date),
                       line.currency_id, line.amount_residual_currency::text, line.amount_residual::text,
                       COALESCE(line.no_followup, FALSE), move.payment_state = 'in_payment',
                       COALESCE(line.ar_no_chase_until, move.ar_no_chase_until)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.account_id IN %(accounts)s
                   AND line.partner_id = ANY(%(partners)s::int[])
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency <> 0
              ORDER BY COALESCE(line.date_maturity, line.date), line.id
                """,
                accounts=tuple(account_ids),
                partners=_array(partner_ids),
                company=company.id,
            )
        )
        return [
            OpenLine(line_id, partner_id, move_id, due, currency_id, Decimal(own), Decimal(booked), *flags)
            for line_id, partner_id, move_id, due, currency_id, own, booked, *flags in rows
        ]

    @api.model
    def _read_installments(self, line_ids):
        """Return {line id: "1/2"} for lines of invoices that are due in several parts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, number, parts
                  FROM (SELECT id, row_number() OVER (PARTITION BY move_id ORDER BY date_maturity, id) AS number,
                               count(*) OVER (PARTITION BY move_id) AS parts
                          FROM account_move_line
                         WHERE display_type = 'payment_term'
                           AND move_id IN (SELECT move_id FROM account_move_line WHERE id = ANY(%s::int[]))) term
                 WHERE parts > 1 AND id = ANY(%s::int[])
                """,
                _array(line_ids),
                _array(line_ids),
            )
        )
        return {line_id: f"{number}/{parts}" for line_id, number, parts in rows}
