from collections import defaultdict

from odoo import models

from ....core.autopay.methods import lead_days
from ....core.autopay.selection import chargeable, day_to_charge


class ArCustomerPage(models.Model):
    """What the customer page and staff see of the automatic payment of an account."""

    _inherit = "ar.customer"

    def _get_next_autopay(self):
        """Return the next automatic payments of the account, earliest first: announced ones, and those to come.

        :return: list of dicts {date, amount, currency, invoices, in_flight}: `res.currency` and `account.move` records
        """
        self.ensure_one()
        consent = self._get_live_autopay()
        if not consent:
            return []
        announced = self._get_open_collections(consent)
        rows = [
            {
                "date": collection._get_autopay_day(case) or collection.date,
                "amount": float(case.in_flight and collection.amount or case.left),
                "currency": collection.currency_id,
                "invoices": collection.line_ids.move_line_id.move_id,
                "in_flight": bool(case.in_flight),
            }
            for collection, case in announced.items()
        ]
        return sorted(rows + self._get_later_autopay(consent), key=lambda row: row["date"])

    def _get_open_collections(self, consent):
        """Return {announced automatic payment: its case} of those that are still to come, or on their way."""
        collections = self.env["ar.autopay.collection"].sudo()  # shown to customers, whose access was checked
        cases = collections.search([("consent_id", "=", consent.id), ("skipped", "=", False)])._get_autopay_cases()
        return {
            collection: case
            for collection, case in cases.items()
            if case.in_flight or (case.left > 0 and not case.is_over)
        }

    def _get_later_autopay(self, consent):
        """Return the payments that are not announced yet, as `_get_next_autopay`."""
        options, today = consent._get_options(), self.company_id._ar_today()
        facts = self.env["ar.facts"]
        taken = facts._read_collected_items(consent.ids).get(consent.id, set())
        lead = lead_days(consent.token_id._ar_get_method_code(), consent.notice_days)
        payments = defaultdict(lambda: {"amount": 0.0, "invoices": self.env["account.move"].sudo()})
        for item in self._get_facts().items:
            line = self._browse_lines(item.item_id)
            amount = chargeable(item)
            if amount <= 0 or item.item_id in taken or not options.covers(line.journal_id.id):
                continue
            payment = payments[day_to_charge(options, item.due_date, today, lead), line.currency_id]
            payment["amount"] += float(amount)
            payment["invoices"] |= line.move_id
        return [
            {"date": day, "currency": currency, "in_flight": False, **payment}
            for (day, currency), payment in payments.items()
        ]

    def _get_autopay_failed(self):
        """Return the invoices (`account.move`) that are open because their automatic payment failed."""
        self.ensure_one()
        consent = self._get_live_autopay()
        lines = consent.env["ar.autopay.collection.line"].search(
            [("consent_id", "in", consent.ids), ("collection_id.autopay_failed_on", "!=", False)]
        )
        return lines.move_line_id.filtered(lambda line: line.amount_residual_currency > 0).move_id
