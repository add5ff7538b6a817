import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..sql import (
    DISCOUNT,
    DISCOUNT_TAKEN,
    DUE_DATE,
    EXCLUDED,
    JOIN_DEBTOR,
    OUR_PAYMENT,
    PAID_PART_OF,
    PAYMENT_BLOCKED,
    of_customers,
    pg_array,
)


class OpenLine(NamedTuple):
    """An open receivable line of the ledger, as read: signed residuals, debts positive.

    ``residual`` is in company currency, ``residual_currency`` in the line's own. ``partner_id`` is the customer: the
    commercial partner of the line's partner.
    """

    line_id: int
    partner_id: int
    move_id: int
    due_date: datetime.date
    currency_id: int
    residual_currency: Decimal
    residual: Decimal
    company_id: int
    account_id: int
    excluded: bool
    #: The day from which reminders of an excluded item resume, where one is set.
    excluded_until: datetime.date | None
    #: Whether it is money that we paid to the customer, see `OUR_PAYMENT`.
    is_our_payment: bool
    #: Whether what is left is the early-payment discount, and the rest was paid in time.
    is_discount: bool
    #: The last day of the early-payment discount, where the item has one.
    discount_date: datetime.date | None
    #: An item of an invoice, as opposed to one of a miscellaneous entry.
    is_invoice: bool
    #: The day on which an invoice was entered, or sent if that was later; None where it is not known.
    known_on: datetime.date | None
    #: Whether a person blocked the payment of its invoice.
    is_blocked: bool
    #: The item's amount in company currency, if a part of it was paid.
    paid_part_of: Decimal | None
    #: The early-payment discount, in the item's currency.
    discount: Decimal | None


class ArFactsLedger(models.AbstractModel):
    """The open receivable lines of customers, and the accounts that they are on."""

    _inherit = "ar.facts"

    def _get_receivable_account_ids(self, company):
        """Return the ids of the company's or companies' trade receivable accounts, archived ones included.

        What is booked on an account marked as non-trade, such as advances to employees, is no debt of a customer: it is
        neither reminded nor part of any figure. This is the only place that decides it.

        Queries use ids, because the index on open lines starts with the account.
        """
        return self._search_receivable_accounts(company, non_trade=False)

    def _search_receivable_accounts(self, company, non_trade):
        """Return the ids of the company's trade or non-trade receivable accounts, archived ones included."""
        # Collectors have no access to the chart of accounts; the ids alone disclose nothing.
        accounts = self.env["account.account"].sudo()
        domain = [
            *accounts._check_company_domain(company),
            ("account_type", "=", "asset_receivable"),
            ("non_trade", "=", non_trade),
        ]
        # By id, because the default order, by code, needs a join that takes six times as long as the rest.
        return accounts.with_context(active_test=False).search(domain, order="id").ids

    @api.model
    def _read_open_lines(self, company, partner_ids):
        """Return the open receivable lines of the customers in the company or companies, oldest due date first.

        Residuals are read as text, because the database driver converts numbers to floats.

        :param partner_ids: ids of commercial partners; lines booked on their contacts are theirs
        :rtype: list[OpenLine]
        """
        account_ids = self._get_receivable_account_ids(company) if partner_ids else []
        if not account_ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, debtor.commercial_partner_id, line.move_id, %(due_date)s,
                       line.currency_id, line.amount_residual_currency::text, line.amount_residual::text,
                       %(paid_part_of)s, %(discount)s, line.company_id, line.account_id,
                       %(is_excluded)s, COALESCE(line.ar_no_chase_until, move.ar_no_chase_until),
                       %(is_our_payment)s, %(is_discount)s, line.discount_date,
                       line.display_type = 'payment_term', move.ar_known_on, %(is_blocked)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency <> 0
              ORDER BY COALESCE(line.date_maturity, line.date), line.id
                """,
                due_date=DUE_DATE,
                is_excluded=EXCLUDED,
                paid_part_of=PAID_PART_OF,
                discount=DISCOUNT,
                is_our_payment=OUR_PAYMENT,
                is_discount=DISCOUNT_TAKEN,
                is_blocked=PAYMENT_BLOCKED,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(account_ids),
                of_customers=of_customers(partner_ids),
                companies=company.ids,
            )
        )
        return [_to_open_line(row) for row in rows]

    @api.model
    def _read_installments(self, line_ids):
        """Return {line id: "1/2"} (number and count) for lines of invoices that are due in installments."""
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
                pg_array(line_ids),
                pg_array(line_ids),
            )
        )
        return {line_id: f"{number}/{parts}" for line_id, number, parts in rows}


def _to_open_line(row):
    """Return the `OpenLine` of a row of the query, whose amounts are text."""
    paid_part_of, discount = row[7:9]
    return OpenLine(
        *row[:5],
        Decimal(row[5]),
        Decimal(row[6]),
        *row[9:],
        paid_part_of and Decimal(paid_part_of),
        discount and Decimal(discount),
    )
