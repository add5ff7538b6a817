from odoo import api, models

from ...core.customers.aging import age
from ...core.customers.owed import aged_date, days_late, due_parts
from ...core.facts import INSTALLMENT, ITEMS_ONLY
from ...core.money import ZERO


class ArStatementOverdue(models.AbstractModel):
    """What of a statement is overdue, and since when: today as on the customer page, on past days as the books were."""

    _inherit = "ar.statement"

    @api.model
    def _gather_accounts(self, accounts, day):
        """Return {id: AccountFacts} of these accounts of one company; empty for a past day, which is as the books were.

        Who excluded an item, or what was agreed about it, is known of today alone.
        """
        today = accounts.company_id._ar_today()
        # sudo: the caller checked the access.
        return self.env["ar.facts"].sudo()._gather(accounts.sudo(), today, ITEMS_ONLY) if day >= today else {}

    @api.model
    def _get_group(self, currency, lines, day, company, facts=None):
        """Return the statement's section of one currency; credits are in no aging bucket, but have their own total.

        :param facts: core.facts.AccountFacts of the customer, by which items are late as on its page; ``None``: all are
            late from their due dates
        :return: {currency, rows: [{line, days_late}], total, buckets, bucket_names, credits}, amounts as Decimal
        """
        debts = [line for line in lines if line.residual_currency > 0]
        credits = [line for line in lines if line.residual_currency <= 0]
        known = {item.item_id: item for item in facts.items} if facts else {}

        def late(line):
            if item := known.get(line.line_id):
                return days_late(item, day)
            return 0 if line.is_our_payment else max((day - line.due_date).days, 0)

        rows = [{"line": line, "days_late": late(line)} for line in debts]
        return {
            "currency": currency,
            "rows": rows + [{"line": line, "days_late": 0} for line in credits],
            "total": sum((line.residual_currency for line in lines), ZERO),
            "buckets": age(self._get_aged(currency, debts, day, facts), day, company._ar_aging_edges()),
            "bucket_names": company._ar_aging_names(),
            "credits": sum((line.residual_currency for line in credits), ZERO),
        }

    @api.model
    def _get_aged(self, currency, debts, day, facts):
        """Return [(date from which it ages, amount)] of what is open in a currency; parameters as in `_get_group`."""
        ids = {line.line_id for line in debts}
        parts = [
            (item, amount)
            for item, amount in (due_parts(facts) if facts else ())
            if item.currency == currency.name and (item.kind == INSTALLMENT or item.item_id in ids)
        ]
        known = {item.item_id for item, _amount in parts if item.kind != INSTALLMENT}
        others = [line for line in debts if line.line_id not in known]
        aged = [(day if line.is_our_payment else line.due_date, line.residual_currency) for line in others]
        return aged + [(aged_date(item, day), amount) for item, amount in parts]
