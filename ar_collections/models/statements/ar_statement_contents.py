from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.customers.owed import asked, days_late, overdue
from ...core.money import ZERO, total_by_currency
from ...core.statements.contents import cap_credits, item_status
from ..customers.sql import pg_array


class ArStatementContents(models.AbstractModel):
    """Reads what statements of a batch of customers say: their open items, and the movements of a period.

    There is one query of each kind for the whole batch. The contents are plain values that can be stored as JSON:
    amounts as text in the currency of their section, debts positive, dates in ISO format.
    """

    _name = "ar.statement.contents"
    _description = "Contents of Statements"

    @api.model
    def _read_contents(self, customers, today, facts, periods=None, members=None):
        """Return what the statements of customers of one company say today.

        :param dict facts: {customer id: AccountFacts}, of the members, too
        :param dict periods: {customer id: (first, last day)} of statements with movements; both days included
        :param dict members: {customer id: list of the accounts that its statement lists besides}
        :return: {customer id: {day, sections and setoff: see `_get_open`, members: [{id, name, sections, setoff}] with
            something open, totals: see `_get_totals`, activity: see `_read_activity`,
            registered: [{date, amount, currency_id}]}}
        """
        members = members or {}
        listed = [facts[each.id] for customer in customers for each in (customer, *members.get(customer.id, ()))]
        lines = self._read_lines([entry.item_id for account in listed for entry in (*account.items, *account.credits)])
        activity = self._read_activity(customers, periods or {})
        registered = self._read_registered({customer.id: facts[customer.id] for customer in customers})
        contents = {}
        for customer in customers:
            group = [
                {"id": member.id, "name": member.display_name, **self._get_open(facts[member.id], lines, today, True)}
                for member in members.get(customer.id, ())
            ]
            group = [member for member in group if member["sections"]]
            own = self._get_open(facts[customer.id], lines, today, bool(group))
            contents[customer.id] = {
                "day": today.isoformat(),
                **own,
                **({"members": group, "totals": self._get_totals([own, *group])} if group else {}),
                "activity": activity.get(customer.id),
                "registered": registered[customer.id],
            }
        return contents

    @api.model
    def _get_open(self, account, lines, today, is_in_group=False):
        """Return what is open of one account: {sections: [see `_get_section`], setoff: [[credit id, amount]]}.

        :param account: core.facts.AccountFacts
        :param dict lines: see `_read_lines`
        :param bool is_in_group: whether it is listed with others; its credits pay no more than its own items then
        """
        entries = defaultdict(list)
        for entry in (*account.items, *account.credits):
            entries[lines[entry.item_id]["currency_id"]].append(entry)
        to_pay = total_by_currency((item.currency, asked(item)) for item in account.items)
        late = overdue(account, today)
        setoff = cap_credits(account.usable_credits, to_pay) if is_in_group else account.usable_credits
        return {
            "sections": [
                self._get_section(currency_id, found, late.get(found[0].currency, ZERO), lines, today)
                for currency_id, found in sorted(entries.items())
            ],
            "setoff": [
                [credit.item_id, str(-credit.amount_currency)]
                for credit in setoff
                if to_pay.get(credit.currency, ZERO) > 0
            ],
        }

    @api.model
    def _get_totals(self, accounts):
        """Return [{currency_id, total, overdue}]: what the sections of several accounts add up to."""
        totals = defaultdict(lambda: [ZERO, ZERO])
        for section in (section for account in accounts for section in account["sections"]):
            total = totals[section["currency_id"]]
            total[0] += Decimal(section["total"])
            total[1] += Decimal(section["overdue"])
        return [
            {"currency_id": currency_id, "total": str(total), "overdue": str(overdue)}
            for currency_id, (total, overdue) in sorted(totals.items())
        ]

    @api.model
    def _get_section(self, currency_id, entries, overdue_amount, lines, today):
        """Return the open items and credits in one currency.

        :param list entries: `OpenItem` and `Credit`
        :param Decimal overdue_amount: see `core.customers.owed.overdue`
        :param dict lines: see `_read_lines`
        :return: {currency_id, rows: [{id, name, reference, date, due, late: days, original, left, ask: what is to be
            paid, status: code or None}], total, overdue}
        """
        rows, total = [], ZERO
        items = [entry for entry in entries if hasattr(entry, "due_date")]
        for item in sorted(items, key=lambda item: (item.due_date, item.item_id)):
            total += item.residual_currency
            rows.append(
                {
                    **lines[item.item_id]["row"],
                    "due": item.due_date.isoformat(),
                    "late": days_late(item, today),
                    "left": str(item.residual_currency),
                    "ask": str(asked(item)),
                    "status": item_status(item),
                }
            )
        for credit in entries:
            if credit not in items:
                total -= credit.amount_currency
                left = str(-credit.amount_currency)
                empty = {"due": None, "late": 0, "ask": "0", "status": None}
                rows.append({**lines[credit.item_id]["row"], **empty, "left": left})
        return {"currency_id": currency_id, "rows": rows, "total": str(total), "overdue": str(overdue_amount)}

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
