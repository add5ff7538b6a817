from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.money import ZERO
from ..customers.sql import JOIN_DEBTOR, of_customers


class ArStatementMovements(models.AbstractModel):
    """The movements of a period: from the balance that the customer was told last to the one of the books."""

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
                    SELECT DISTINCT debtor.commercial_partner_id
                      FROM account_move_line line %s
                     WHERE %s AND (line.date >= %s OR line.create_date >= %s)
                    """,
                    JOIN_DEBTOR,
                    self._of_accounts(group),
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
                     WHERE before.partner_id = debtor.commercial_partner_id AND line.date < before.first
                       AND move.create_date >= before.read_on)
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
                SELECT debtor.commercial_partner_id, line.currency_id, SUM(line.amount_currency)::text
                  FROM account_move_line line %s
                 WHERE %s AND line.date < %s
              GROUP BY 1, 2 HAVING SUM(line.amount_currency) <> 0
                """,
                JOIN_DEBTOR,
                self._of_accounts(customers),
                first,
            )
        )
        return defaultdict(lambda: ZERO, {(partner, currency): Decimal(amount) for partner, currency, amount in rows})

    @api.model
    def _read_movements(self, customers, condition):
        """Return {(partner id, currency id): rows, oldest first}: one for each entry, what cancels out left out.

        :param SQL condition: of the journal item `line`, its `move` and its `debtor`
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, line.currency_id, line.date, move.name,
                       NULLIF(COALESCE(move.payment_reference, move.ref), move.name),
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                            WHEN move.move_type = 'out_refund' THEN 'credit_note'
                            WHEN journal.type IN ('bank', 'cash', 'credit') THEN 'payment' ELSE 'entry' END,
                       SUM(line.amount_currency)::text
                  FROM account_move_line line %s
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                 WHERE %s AND %s
              GROUP BY 1, 2, 3, move.id, journal.type HAVING SUM(line.amount_currency) <> 0
              ORDER BY line.date, move.id
                """,
                JOIN_DEBTOR,
                self._of_accounts(customers),
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
    """Return the condition that a journal item is of these days, both included."""
    return SQL("line.date BETWEEN %s AND %s", first, last)


def _add_up(rows):
    """Return the sum of the amounts of rows."""
    return sum((Decimal(row["amount"]) for row in rows), ZERO)
