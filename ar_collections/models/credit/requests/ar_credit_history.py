import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.experience import count_invoices, days_beyond_terms
from ....core.credit.proven import PastItem, find_highest_proven
from ....core.money import ZERO, to_decimal
from ...customers.sql import DUE_DATE, JOIN_DEBTOR, OUR_PAYMENT, of_customers

YEAR = datetime.timedelta(days=365)


class ArCreditHistory(models.AbstractModel):
    """Reads what a credit manager wants to know about a customer before deciding about its limit."""

    _name = "ar.credit.history"
    _description = "Facts for Credit Requests"

    @api.model
    def _read(self, account, today):
        """Return {code: value} of `messages.CREDIT_REQUEST_FACTS`; amounts in company currency, of all branches.

        :param account: in superuser mode; of a root company
        :param date today: the company's date
        """
        self.env.flush_all()
        companies = self.env["ar.facts"]._get_branches(account.company_id)
        is_insured = (
            account.insured_until and account.insured_until >= today
            and not account.is_security_waiting  # secures nothing yet
        )  # fmt: skip
        facts = {
            "exposure": account._calculate_exposure(today)[account].total,
            "insured": to_decimal(account.insured_amount) if is_insured else None,
            **self._read_sales(account, companies, today),
            **self._read_payments(account, companies, today),
            **self._read_agreements(account, companies, today),
        }
        for name in ("risk_class", "risk_score"):
            if account[name]:
                facts[name] = account[name]
        return facts

    @api.model
    def _read_sales(self, account, companies, today):
        """Return turnover, taxes included, and the mean of the payment terms, weighed by amounts."""
        ((turnover, days),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.amount_total_signed), 0)::text,
                       (SUM(line.amount_total_signed * (line.invoice_date_due - line.invoice_date))
                            FILTER (WHERE line.move_type = 'out_invoice')
                        / NULLIF(SUM(line.amount_total_signed) FILTER (WHERE line.move_type = 'out_invoice'), 0))::text
                  FROM account_move line
                 WHERE line.state = 'posted'
                   AND line.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND line.company_id = ANY(%(companies)s)
                   AND line.invoice_date > %(since)s
                   AND %(of_customers)s
                """,
                companies=companies.ids,
                since=today - YEAR,
                of_customers=of_customers(account.partner_id.ids),
            )
        )
        if days is None:
            term = account.partner_id.with_company(account.company_id).property_payment_term_id
            days = term._ar_get_days(today) or 0
        return {"turnover": Decimal(turnover), "terms_days": round(Decimal(days))}

    @api.model
    def _read_payments(self, account, companies, today):
        """Return what is overdue, how invoices were paid, as for the score, and the highest balance paid on time."""
        experiences = self.env["ar.credit.behavior"]._read_experiences(account, companies, today)[account]
        delay = days_beyond_terms(experiences)
        items = self._read_items(account, companies, today)
        late = [left for _amount, left, _opened, due, _paid in items if due < today]
        past = [PastItem(amount, opened, due, paid) for amount, _left, opened, due, paid in items]
        return {
            "overdue": sum(late, ZERO),
            "days_beyond_terms": None if delay is None else round(delay, 1),
            "invoices": count_invoices(experiences),
            "proven": find_highest_proven(past, today - YEAR),
        }

    @api.model
    def _read_items(self, account, companies, today):
        """Return the debts that were open in the last year: [(amount, residual, day, due date, day it was settled)].

        What was written off was not settled.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.balance::text, line.amount_residual::text, COALESCE(line.invoice_date, line.date),
                       %(due_date)s, CASE WHEN line.amount_residual = 0 THEN MAX(part.max_date) FILTER (
                           WHERE counterpart.journal_id <> ALL(%(losses)s)) END
                  FROM account_move_line line
                  %(join_debtor)s
             LEFT JOIN account_partial_reconcile part ON part.debit_move_id = line.id
             LEFT JOIN account_move_line counterpart ON counterpart.id = part.credit_move_id
                 WHERE line.account_id = ANY(%(accounts)s)
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted' AND line.balance > 0
                   AND NOT COALESCE(%(our_payment)s, FALSE)
              GROUP BY line.id
                HAVING line.reconciled IS NOT TRUE OR line.date > %(since)s OR MAX(part.max_date) > %(since)s
              ORDER BY line.id
                """,
                due_date=DUE_DATE,
                join_debtor=JOIN_DEBTOR,
                accounts=list(self.env["ar.facts"]._get_receivable_account_ids(companies)),
                of_customers=of_customers(account.partner_id.ids),
                companies=companies.ids,
                our_payment=OUR_PAYMENT,
                losses=self.env["account.journal"]._ar_get_loss_ids(),
                since=today - YEAR,
            )
        )
        return [(Decimal(amount), Decimal(left), *days) for amount, left, *days in rows]

    @api.model
    def _read_agreements(self, account, companies, today):
        """Return how many promises were kept, and how many promises and plans were broken, in the last year."""
        domain = [
            ("partner_id", "=", account.partner_id.id),
            ("company_id", "in", companies.ids),
            ("ended_on", ">", today - YEAR),
        ]
        # sudo: of all branches, as the exposure; only numbers are shown.
        promises = dict(self.env["ar.promise"].sudo()._read_group(domain, ["state"], ["__count"]))
        plans = dict(self.env["ar.payment.plan"].sudo()._read_group(domain, ["state"], ["__count"]))
        broken = promises.get("broken", 0) + promises.get("partly", 0) + plans.get("broken", 0)
        return {"kept": promises.get("kept", 0), "broken": broken}

    @api.model
    def _has_history(self, account, facts):
        """Return whether there are enough invoices to judge by, as for the score."""
        return facts["invoices"] >= self.env["ar.credit.scoring"]._get_rules_of(account.company_id).experiences_min
