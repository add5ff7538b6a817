from collections import defaultdict

from odoo import models

from ....core.autopay.options import charge_day
from ....core.facts import LEDGER


class ArCustomerPage(models.Model):
    """What the customer page and staff see of the automatic payment of an account."""

    _inherit = "ar.customer"

    def _get_next_autopay(self):
        """Return the next automatic payments of the account, earliest first.

        :return: list of dicts {date, amount, currency, invoices, in_flight}: `res.currency` and `account.move` records
        """
        self.ensure_one()
        consent = self._get_live_autopay()
        if not consent:
            return []
        options, today = consent._get_options(), self.company_id._ar_today()
        lines = {line.id: line for line in self._browse_lines([item.item_id for item in self._get_facts().items])}
        payments = defaultdict(lambda: {"amount": 0.0, "invoices": self.env["account.move"].sudo()})
        for item in self._get_facts().items:
            line = lines[item.item_id]
            if item.kind != LEDGER or not item.chaseable_currency or not options.covers(line.journal_id.id):
                continue
            payment = payments[max(charge_day(options, item.due_date), today), line.currency_id]
            payment["amount"] += float(item.chaseable_currency)
            payment["invoices"] |= line.move_id
        return [
            {"date": day, "currency": currency, "in_flight": False, **payment}
            for (day, currency), payment in sorted(payments.items(), key=lambda entry: entry[0][0])
        ]

    def _get_autopay_failed(self):
        """Return the invoices (`account.move`) that are open because their automatic payment failed."""
        self.ensure_one()
        return self.env["account.move"].sudo()  # shown to customers, whose access was checked
