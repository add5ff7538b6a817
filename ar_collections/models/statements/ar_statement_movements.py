from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.money import ZERO
from ..customers.sql import JOIN_DEBTOR, of_customers


class ArStatementMovements(models.AbstractModel):
    """The movements of a period: from the balance that the customer was told last to the one of the books.

    Branches and their root company match each other's items: money of a branch's customer is often booked at head
    office, where the online payments and the bank account are. What was matched across companies is a movement in both
    of them, so that the balance is what is open.
    """

    _inherit = "ar.statement.contents"

    @api.model
    def _read_moved(self, customers, since):
        """Return the ids of customers of a company for whom anything was booked, or entered, since a day of their own.

        :param dict since: {customer id: date}
        """
        moved = set()
        for day, group in customers.grouped(lambda customer: since[customer.id]).items():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT entry.partner_id FROM (%s) entry WHERE entry.date >= %s OR entry.create_date >= %s
                    """,
                    self._select_entries(group),
                    day,
                    self.env["ar.communication"]._get_start(group.company_id, day),
                )
            )
            partners = {partner_id for (partner_id,) in rows}
            moved |= {customer.id for customer in group if customer.partner_id.id in partners}
        return moved

    @api.model
    def _read_activity(self, customers, periods):
        """Return the movements of receivables in the periods, with the balances before and after.

        Where the customer got a statement that ends the day before, its closing balance is the opening balance. What
        was booked since with an earlier date is among the movements, with its own date; what cannot be named, such as
        an entry that was reset or changed, is one row: "correction".

        :param dict periods: {customer id: (first, last day)}; others have none
        :return: {customer id: {first, last, sections: [{currency_id, opening, rows: [{date, name, reference, kind,
            amount}], closing}]}}
        """
        activity = {}
        wanted = customers.filtered(lambda customer: customer.id in periods)
        told = self._read_told(wanted, periods)
        late = self._read_late(wanted, periods, told)
        for (first, last), group in wanted.grouped(lambda customer: periods[customer.id]).items():
            opening, rows = self._read_opening(group, first), self._read_movements(group, _between(first, last))
            for customer in group:
                partner_id, (_read_on, balances) = customer.partner_id.id, told.get(customer.id, (None, None))
                found = {currency for owner, currency in (*opening, *rows, *late) if owner == partner_id}
                activity[customer.id] = {
                    "first": first.isoformat(),
                    "last": last.isoformat(),
                    "sections": [
                        self._get_activity_section(currency, opening[key], rows[key], first, balances, late[key])
                        for currency in sorted(found | set(balances or ()))
                        for key in [(partner_id, currency)]
                    ],
                }
        return activity

    @api.model
    def _get_activity_section(self, currency_id, opening, rows, first, told, late):
        """Return the movements in one currency; see `_read_activity`.

        :param Decimal opening: the balance of the books before the first day
        :param dict told: {currency id: closing balance of the statement before}; None: there is none
        :param list late: rows booked since then with a date before the first day
        """
        if told is not None:
            change = opening - told.get(currency_id, ZERO)
            opening -= change
            rest = change - _add_up(late)
            correction = {"date": first.isoformat(), "name": None, "reference": None, "kind": "correction"}
            rows = [*late, *([{**correction, "amount": str(rest)}] if rest else ()), *rows]
        closing = opening + _add_up(rows)
        return {"currency_id": currency_id, "opening": str(opening), "rows": rows, "closing": str(closing)}

    # === THE STATEMENT BEFORE === #

    @api.model
    def _read_told(self, customers, periods):
        """Return what the statements said that customers got, and that end on the day before their periods.

        :return: {customer id: (when it was read, {currency id: closing balance})}
        """
        self.env["ar.customer.statement"].flush_model()
        self.env["ar.communication"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (statement.customer_id) statement.customer_id, statement.read_on,
                       statement.contents->'activity'->'sections'
                  FROM unnest(%s::int[], %s::date[]) AS period(customer_id, first)
                  JOIN ar_customer_statement statement ON statement.customer_id = period.customer_id
                       AND statement.last_day = period.first - 1 AND statement.kind = 'activity'
                  JOIN ar_communication message ON message.id = statement.communication_id AND message.state = 'sent'
              ORDER BY statement.customer_id, statement.id DESC
                """,
                customers.ids,
                [periods[customer.id][0] for customer in customers],
            )
        )
        return {
            customer_id: (read_on, {each["currency_id"]: Decimal(each["closing"]) for each in sections or ()})
            for customer_id, read_on, sections in rows
        }

    @api.model
    def _read_late(self, customers, periods, told):
        """Return {(partner id, currency id): rows} of what was entered after the statement before, with earlier dates.

        :param dict told: see `_read_told`
        """
        customers = customers.filtered(lambda customer: customer.id in told)
        if not customers:
            return defaultdict(list)
        condition = SQL(
            """
            EXISTS (SELECT FROM unnest(%s::int[], %s::date[], %s::timestamp[]) AS before(partner_id, first, read_on)
                     WHERE before.partner_id = entry.partner_id AND entry.date < before.first
                       AND CASE WHEN entry.is_own THEN move.create_date ELSE entry.create_date END >= before.read_on)
            """,
            customers.partner_id.ids,
            [periods[customer.id][0] for customer in customers],
            [told[customer.id][0] for customer in customers],
        )
        return self._read_movements(customers, condition)

    # === ENTRIES === #

    @api.model
    def _read_opening(self, customers, first):
        """Return {(partner id, currency id): balance at the end of the day before}, where it is not zero."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.partner_id, entry.currency_id, SUM(entry.amount)::text FROM (%s) entry
                 WHERE entry.date < %s
              GROUP BY 1, 2 HAVING SUM(entry.amount) <> 0
                """,
                self._select_entries(customers),
                first,
            )
        )
        return defaultdict(lambda: ZERO, {(partner, currency): Decimal(amount) for partner, currency, amount in rows})

    @api.model
    def _read_movements(self, customers, condition):
        """Return {(partner id, currency id): rows, oldest first}: one for each entry, what cancels out left out.

        :param SQL condition: of the `entry`, see `_select_entries`, and its `move`
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT entry.partner_id, entry.currency_id, entry.date, move.name,
                       NULLIF(COALESCE(move.payment_reference, move.ref), move.name),
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                            WHEN move.move_type = 'out_refund' THEN 'credit_note'
                            WHEN journal.type IN ('bank', 'cash', 'credit') THEN 'payment' ELSE 'entry' END,
                       SUM(entry.amount)::text
                  FROM (%s) entry
                  JOIN account_move move ON move.id = entry.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                 WHERE %s
              GROUP BY 1, 2, 3, move.id, journal.type HAVING SUM(entry.amount) <> 0
              ORDER BY entry.date, move.id
                """,
                self._select_entries(customers),
                condition,
            )
        )
        rows = defaultdict(list)
        for partner_id, currency_id, day, name, reference, kind, amount in found:
            rows[partner_id, currency_id].append(
                {"date": day.isoformat(), "name": name, "reference": reference, "kind": kind, "amount": amount}
            )
        return rows

    @api.model
    def _select_entries(self, customers):
        """Return the query of what moves the balances of customers of one company.

        These are their receivables, and what was matched with them in other companies of the root: it counts from the
        day of the match on, with the entry of the other company.

        :return: SQL with the columns partner_id (commercial), currency_id, date, create_date, move_id, amount (in the
            currency, debts positive) and is_own: whether it is an entry of the company
        """
        own = SQL(
            """
            SELECT debtor.commercial_partner_id AS partner_id, line.currency_id, line.date, line.create_date,
                   line.move_id, line.amount_currency AS amount, TRUE AS is_own
              FROM account_move_line line %s
             WHERE %s
            """,
            JOIN_DEBTOR,
            self._of_accounts(customers),
        )
        if len(self.env["ar.facts"]._get_branches(customers.company_id)) < 2:
            return own
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        return SQL("%s UNION ALL %s", own, self._select_matched_elsewhere(customers))

    @api.model
    def _select_matched_elsewhere(self, customers):
        """Return the query of what was matched with posted entries of other companies; see `_select_entries`."""
        return SQL(
            """
            SELECT debtor.commercial_partner_id, line.currency_id, matched.max_date, matched.create_date,
                   other.move_id, matched.amount, FALSE
              FROM account_move_line line %s
        CROSS JOIN LATERAL (SELECT max_date, create_date, credit_move_id AS other_id, -debit_amount_currency AS amount
                              FROM account_partial_reconcile WHERE debit_move_id = line.id
                         UNION ALL
                            SELECT max_date, create_date, debit_move_id, credit_amount_currency
                              FROM account_partial_reconcile WHERE credit_move_id = line.id) matched
              JOIN account_move_line other ON other.id = matched.other_id
             WHERE %s AND other.company_id <> line.company_id AND other.parent_state = 'posted'
            """,
            JOIN_DEBTOR,
            self._of_accounts(customers),
        )

    @api.model
    def _of_accounts(self, customers):
        """Return the condition that a posted journal item `line` is a receivable of these customers."""
        company = customers.company_id
        return SQL(
            "line.account_id = ANY(%s) AND line.company_id = %s AND line.parent_state = 'posted' AND %s",
            self.env["ar.facts"]._get_receivable_account_ids(company),
            company.id,
            of_customers(customers.partner_id.ids),
        )


def _between(first, last):
    """Return the condition that an entry is of these days, both included."""
    return SQL("entry.date BETWEEN %s AND %s", first, last)


def _add_up(rows):
    """Return the sum of the amounts of rows."""
    return sum((Decimal(row["amount"]) for row in rows), ZERO)
