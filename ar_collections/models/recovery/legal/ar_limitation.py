from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....core.recovery.limitation import limitation_date
from ...customers.sql import DUE_DATE, pg_array


class ArLimitation(models.AbstractModel):
    """Reads until when debts can be claimed in court; what the customer acknowledged is read from books and plans."""

    _name = "ar.limitation"
    _description = "Limitation Dates"

    @api.model
    def _read_dates(self, line_ids, country):
        """Return {journal item id: last day on which it can be claimed}; empty where the country has no rule.

        :param line_ids: ids of journal items
        :param country: `res.country` whose law applies
        """
        rules = self.env["ar.limitation.rule"].sudo()  # every role sees the dates
        rule = rules.search([("country_id", "=", country.id)]) if country else rules
        if not rule or not line_ids:
            return {}
        acknowledged = self._read_acknowledged(line_ids)
        rows = self.env.execute_query(
            SQL("SELECT line.id, %s FROM account_move_line line WHERE line.id = ANY(%s)", DUE_DATE, pg_array(line_ids))
        )
        return {line_id: limitation_date(due, rule._get_rule(), acknowledged[line_id]) for line_id, due in rows}

    @api.model
    def _read_acknowledged(self, line_ids):
        """Return {journal item id: days on which the customer acknowledged the debt}, see `_select_acknowledged`.

        :rtype: defaultdict[int, list[date]]
        """
        self.env.flush_all()
        days = defaultdict(list)
        queries = self._select_acknowledged(list(line_ids))
        for line_id, day in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            days[line_id].append(day)
        return days

    @api.model
    def _select_acknowledged(self, line_ids):
        """Return the queries of (journal item id, day) of acknowledgements: part payments, and accepted plans.

        Extension point: an override adds other kinds. The day of a payment is the day on which the customer paid, not
        that of the reconciliation. Money that is taken without the customer, such as a credit note, is none.
        """
        return [
            SQL(
                """
                SELECT partial.debit_move_id, counterpart.date
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s::int[]) AND journal.type IN ('bank', 'cash', 'credit')
                """,
                pg_array(line_ids),
            ),
            SQL(
                """
                SELECT line.move_line_id, plan.activated_on
                  FROM ar_payment_plan_line line
                  JOIN ar_payment_plan plan ON plan.id = line.plan_id
                 WHERE line.move_line_id = ANY(%s::int[]) AND plan.activated_on IS NOT NULL
                """,
                pg_array(line_ids),
            ),
        ]
