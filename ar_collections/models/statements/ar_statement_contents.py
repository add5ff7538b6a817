from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.money import ZERO
from ...core.statements.contents import item_status
from ..customers.sql import JOIN_DEBTOR, of_customers, pg_array


class ArStatementContents(models.AbstractModel):
    """Reads what statements of a batch of customers say: their open items, and the movements of a period.

    There is one query of each kind for the whole batch. The contents are plain values that can be stored as JSON:
    amounts as text in the currency of their section, debts positive, dates in ISO format.
    """

    _name = "ar.statement.contents"
    _description = "Contents of Statements"

    @api.model
    def _read_contents(self, customers, today, facts, periods=None):
        """Return what the statements of customers of one company say today.

        :param dict facts: {customer id: AccountFacts}
        :param dict periods: {customer id: (first, last day)} of statements with movements; both days included
        :return: {customer id: {day, sections: [see `_get_section`], setoff: [[item id, amount]], activity: see
            `_read_activity`, registered: [{date, amount, currency_id}]}}
        """
        lines = self._read_lines(
            [entry.item_id for account in facts.values() for entry in (*account.items, *account.credits)]
        )
        activity = self._read_activity(customers, periods or {})
        registered = self._read_registered(facts)
        contents = {}
        for customer in customers:
            account = facts[customer.id]
            entries = defaultdict(list)
            for entry in (*account.items, *account.credits):
                entries[lines[entry.item_id]["currency_id"]].append(entry)
            asked = {item.currency for item in account.items if item.chaseable_currency > 0}
            contents[customer.id] = {
                "day": today.isoformat(),
                "sections": [self._get_section(*group, lines, today) for group in sorted(entries.items())],
                "setoff": [
                    [credit.item_id, str(-credit.amount_currency)]
                    for credit in account.usable_credits
                    if credit.currency in asked
                ],
                "activity": activity.get(customer.id),
                "registered": registered[customer.id],
            }
        return contents

    @api.model
    def _get_section(self, currency_id, entries, lines, today):
        """Return the open items and credits in one currency.

        :param list entries: `OpenItem` and `Credit`
        :param dict lines: see `_read_lines`
        :return: {currency_id, rows: [{id, name, reference, date, due, late: days, original, left, ask: what is to be
            paid, status: code or None}], total, overdue}
        """
        rows, total, overdue = [], ZERO, ZERO
        items = [entry for entry in entries if hasattr(entry, "due_date")]
        for item in sorted(items, key=lambda item: (item.due_date, item.item_id)):
            late = max((today - item.due_date).days, 0) if item.is_debt else 0
            total += item.residual_currency
            overdue += item.residual_currency if late else ZERO
            rows.append(
                {
                    **lines[item.item_id]["row"],
                    "due": item.due_date.isoformat(),
                    "late": late,
                    "left": str(item.residual_currency),
                    "ask": str(item.chaseable_currency),
                    "status": item_status(item),
                }
            )
        for credit in entries:
            if credit not in items:
                total -= credit.amount_currency
                left = str(-credit.amount_currency)
                empty = {"due": None, "late": 0, "ask": "0", "status": None}
                rows.append({**lines[credit.item_id]["row"], **empty, "left": left})
        return {"currency_id": currency_id, "rows": rows, "total": str(total), "overdue": str(overdue)}

    @api.model
    def _read_lines(self, line_ids):
        """Return {journal item id: {currency_id, row: {id, name, reference, date, original}}}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.currency_id, move.name, NULLIF(move.payment_reference, move.name),
                       COALESCE(line.invoice_date, line.date), line.amount_currency::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.id = ANY(%s::int[])
                """,
                pg_array(line_ids),
            )
        )
        return {
            line_id: {
                "currency_id": currency_id,
                "row": {"id": line_id, "name": name, "reference": ref, "date": day.isoformat(), "original": original},
            }
            for line_id, currency_id, name, ref, day, original in rows
        }

    @api.model
    def _read_registered(self, facts):
        """Return {customer id: payments that are registered, but not booked yet}, as `_read_contents` has them."""
        ids = {payment.payment_id for account in facts.values() for payment in account.registered}
        # The customer's own, whose access the caller checked.
        payments = {payment.id: payment for payment in self.env["account.payment"].sudo().browse(ids)}
        return {
            customer_id: [
                {
                    "date": payments[each.payment_id].date.isoformat(),
                    "amount": str(payments[each.payment_id].amount),
                    "currency_id": payments[each.payment_id].currency_id.id,
                }
                for each in account.registered
            ]
            for customer_id, account in facts.items()
        }

    # === MOVEMENTS === #

    @api.model
    def _read_moved(self, customers, since):
        """Return the ids of customers for whom anything was booked, or entered, since a day of their own.

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
                    day,
                )
            )
            partners = {partner_id for (partner_id,) in rows}
            moved |= {customer.id for customer in group if customer.partner_id.id in partners}
        return moved

    @api.model
    def _read_activity(self, customers, periods):
        """Return the movements of receivables in the periods, with the balances before and after.

        :param dict periods: {customer id: (first, last day)}; others have none
        :return: {customer id: {first, last, sections: [{currency_id, opening, rows: [{date, name, reference, kind,
            amount}], closing}]}}
        """
        activity = {}
        wanted = customers.filtered(lambda customer: customer.id in periods)
        for (first, last), group in wanted.grouped(lambda customer: periods[customer.id]).items():
            opening, rows = self._read_opening(group, first), self._read_movements(group, first, last)
            for customer in group:
                partner_id = customer.partner_id.id
                currencies = {currency for owner, currency in (*opening, *rows) if owner == partner_id}
                activity[customer.id] = {
                    "first": first.isoformat(),
                    "last": last.isoformat(),
                    "sections": [
                        self._get_activity_section(currency, opening[partner_id, currency], rows[partner_id, currency])
                        for currency in sorted(currencies)
                    ],
                }
        return activity

    @api.model
    def _get_activity_section(self, currency_id, opening, rows):
        closing = opening + sum((Decimal(row["amount"]) for row in rows), ZERO)
        return {"currency_id": currency_id, "opening": str(opening), "rows": rows, "closing": str(closing)}

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
    def _read_movements(self, customers, first, last):
        """Return {(partner id, currency id): rows, oldest first}: one for each entry, what cancels out left out."""
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
                 WHERE %s AND line.date BETWEEN %s AND %s
              GROUP BY 1, 2, 3, move.id, journal.type HAVING SUM(line.amount_currency) <> 0
              ORDER BY line.date, move.id
                """,
                JOIN_DEBTOR,
                self._of_accounts(customers),
                first,
                last,
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
