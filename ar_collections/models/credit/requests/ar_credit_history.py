import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.experience import PaymentExperience, days_beyond_terms
from ....core.credit.proven import PastItem, find_highest_proven
from ....core.credit.score import ScoreRules
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
        is_insured = account.insured_until and account.insured_until >= today
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
        """Return what is overdue, and how invoices were paid; credit notes are no payments."""
        items = self._read_items(account, companies, today)
        late = [item for item in items.values() if item["left"] > 0]
        experiences = [
            PaymentExperience(amount, (day - item["due"]).days, (today - day).days // 30)
            for item in items.values()
            if item["is_invoice"]
            for day, amount in item["payments"]
            if day > today - YEAR
        ]
        open_late = [PaymentExperience(item["left"], (today - item["due"]).days) for item in late
                     if item["due"] < today and item["is_invoice"]]  # fmt: skip
        delay = days_beyond_terms([*experiences, *open_late])
        past = [PastItem(item["amount"], item["opened"], item["due"], item["paid"]) for item in items.values()]
        return {
            "overdue": sum((item["left"] for item in late if item["due"] < today), ZERO),
            "days_beyond_terms": None if delay is None else round(delay, 1),
            "invoices": sum(any(day > today - YEAR for day, _amount in item["payments"]) for item in items.values()),
            "proven": find_highest_proven(past, today - YEAR),
        }

    @api.model
    def _read_items(self, account, companies, today):
        """Return {journal item id: its amounts, days and payments} of the debts that were open in the last year."""
        found = {}
        for line_id, amount, left, opened, due, is_invoice, paid_on, part, is_credit_note in self._select_items(
            account, companies, today
        ):
            item = found.setdefault(
                line_id,
                {"amount": Decimal(amount), "left": Decimal(left), "opened": opened, "due": due, "paid": None,
                 "is_invoice": is_invoice, "payments": []},
            )  # fmt: skip
            if paid_on and not item["left"]:
                item["paid"] = max(paid_on, item["paid"] or paid_on)
            if paid_on and not is_credit_note:
                item["payments"].append((paid_on, Decimal(part)))
        return found

    @api.model
    def _select_items(self, account, companies, today):
        """Return the rows of `_read_items`, one for each reconciliation."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.balance::text, line.amount_residual::text, COALESCE(line.invoice_date, line.date),
                       %(due_date)s, line.ar_move_type = 'out_invoice', part.max_date, part.amount::text,
                       credit.move_type = 'out_refund'
                  FROM (SELECT item.*, move.move_type AS ar_move_type
                          FROM account_move_line item JOIN account_move move ON move.id = item.move_id) line
                  %(join_debtor)s
             LEFT JOIN account_partial_reconcile part ON part.debit_move_id = line.id
             LEFT JOIN account_move_line counterpart ON counterpart.id = part.credit_move_id
             LEFT JOIN account_move credit ON credit.id = counterpart.move_id
                 WHERE line.account_id = ANY(%(accounts)s)
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted' AND line.balance > 0
                   AND NOT COALESCE(%(our_payment)s, FALSE)
                   AND (line.reconciled IS NOT TRUE OR line.date > %(since)s OR part.max_date > %(since)s)
              ORDER BY line.id, part.id
                """,
                due_date=DUE_DATE,
                join_debtor=JOIN_DEBTOR,
                accounts=list(self.env["ar.facts"]._get_receivable_account_ids(companies)),
                of_customers=of_customers(account.partner_id.ids),
                companies=companies.ids,
                our_payment=OUR_PAYMENT,
                since=today - YEAR,
            )
        )

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
    def _has_history(self, facts):
        """Return whether enough invoices were paid to judge by, as for the score."""
        return facts["invoices"] >= ScoreRules().experiences_min
