import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ....core.money import ZERO, to_decimal
from ....core.recovery.allowance import insured_parts, set_off


class ArAllowanceReader(models.AbstractModel):
    """Reads what an allowance is computed from: what is open by age, what is insured, and what was lost before.

    A query for each, whatever the number of customers; the caller checked access to the company.
    """

    _name = "ar.allowance.reader"
    _description = "Facts for the Allowance"

    @api.model
    def _read_balances(self, company, day):
        """Return ([open amount of each bucket], [insured part of each]) at the end of the day, in company currency.

        Credits of a customer cover its own oldest debts; those beyond its debts are no expected gain.
        """
        edges = company._ar_aging_edges()
        found = self.env["ar.as.of"]._read_aging(company, day, by="customer", edges=edges)
        insurance = self._read_insurance(company, [key for key in found if key], day)
        balances, insured = [ZERO] * (len(edges) + 2), [ZERO] * (len(edges) + 2)
        for partner_id, aging in found.items():
            buckets = set_off(aging.buckets, -aging.credits)
            parts = insured_parts(buckets, *insurance.get(partner_id, (ZERO, ZERO)))
            balances = [balance + bucket for balance, bucket in zip(balances, buckets, strict=True)]
            insured = [total + part for total, part in zip(insured, parts, strict=True)]
        return balances, insured

    @api.model
    def _read_insurance(self, company, partner_ids, day):
        """Return {partner id: (insured amount, percent)} of customers who are insured on the day.

        The insurance is kept on the account of the root company. What waits for its confirmation insures nothing yet.
        """
        accounts = self.env["ar.customer"].sudo()  # only the sums are shown; see the caller
        domain = [
            ("partner_id", "in", partner_ids), ("company_id", "=", company.sudo().root_id.id),
            ("insured_amount", ">", 0), ("insured_until", ">=", day), ("is_security_waiting", "=", False),
        ]  # fmt: skip
        return {
            account.partner_id.id: (to_decimal(account.insured_amount), to_decimal(account.insured_percent))
            for account in accounts.search(domain)
        }

    @api.model
    def _read_rolls(self, company, day):
        """Return (invoiced, [what of it was unpaid at the end of each bucket]) of a year, in company currency.

        The year is that of the due dates that lie so far back that all buckets have passed by the day. What credit
        notes settled was not owed; what was written off was never paid.
        """
        edges = (0, *company._ar_aging_edges())
        last = day - datetime.timedelta(days=edges[-1])
        self.env.flush_all()
        names = {edge: SQL.identifier(f"unpaid_{number}") for number, edge in enumerate(edges)}
        totals = (SQL("COALESCE(SUM(%s), 0)::text", name) for name in names.values())
        query = SQL(
            """
              WITH debt AS (%s), settled AS (%s)
            SELECT COALESCE(SUM(owed), 0)::text, %s
              FROM (SELECT debt.id, %s, %s
                      FROM debt LEFT JOIN settled ON settled.id = debt.id
                  GROUP BY debt.id, debt.balance) rolled
            """,
            self._select_rolled_debts(company, last),
            self._select_settled(day),
            SQL(", ").join(totals),
            self._sql_unpaid(None, SQL.identifier("owed")),
            SQL(", ").join(self._sql_unpaid(edge, name) for edge, name in names.items()),
        )
        ((invoiced, *rest),) = self.env.execute_query(query)
        return Decimal(invoiced), [Decimal(amount) for amount in rest]

    @api.model
    def _select_rolled_debts(self, company, last):
        """Return the query of the items of invoices (id, balance, due) that were due in the year up to a day."""
        return SQL(
            """
            SELECT line.id, line.balance, COALESCE(line.date_maturity, line.date) AS due
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id AND move.move_type = 'out_invoice'
             WHERE line.account_id = ANY(%s) AND line.company_id = %s
               AND line.parent_state = 'posted' AND line.balance > 0
               AND COALESCE(line.date_maturity, line.date) > %s
               AND COALESCE(line.date_maturity, line.date) <= %s
            """,
            self.env["ar.facts"]._get_receivable_account_ids(company),
            company.id,
            last - relativedelta(years=1),
            last,
        )

    @api.model
    def _select_settled(self, day):
        """Return the query of what settled each `debt` by a day (id, days after its due date, amount), losses left out.

        What credit notes settled has no days: it was never owed.
        """
        return SQL(
            """
            SELECT debt.id,
                   CASE WHEN move.move_type <> 'out_refund' THEN GREATEST(matched.max_date - debt.due, 0) END AS days,
                   SUM(matched.amount) AS amount
              FROM debt
              JOIN account_partial_reconcile matched ON matched.debit_move_id = debt.id AND matched.max_date <= %s
              JOIN account_move_line credit ON credit.id = matched.credit_move_id
               AND credit.parent_state = 'posted' AND credit.journal_id <> ALL(%s)
              JOIN account_move move ON move.id = credit.move_id
          GROUP BY debt.id, 2
            """,
            day,
            self.env["account.journal"]._ar_get_loss_ids(),
        )

    @api.model
    def _sql_unpaid(self, edge, name):
        """Return the column of what was owed and unpaid a number of days after the due date; None: all that was owed.

        :param SQL name: of the column
        """
        settled = SQL(
            "COALESCE(SUM(settled.amount) FILTER (WHERE settled.days IS NULL OR settled.days <= %s), 0)", edge
        )
        return SQL("debt.balance - %s AS %s", settled, name)
