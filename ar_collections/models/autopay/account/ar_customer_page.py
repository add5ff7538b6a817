from odoo import models

from ....core.autopay.options import AutopayOptions
from ....core.autopay.selection import select


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
        announced, today = self._get_open_collections(consent), self.company_id._ar_today()
        days = {collection: collection._get_autopay_day(case) for collection, case in announced.items()}
        rows = [
            {
                "date": max(days[collection] or today, today),
                "amount": float(case.in_flight and collection.amount or case.left),
                "currency": collection.currency_id,
                "invoices": collection.line_ids.move_line_id.move_id,
                "in_flight": bool(case.in_flight),
            }
            for collection, case in announced.items()
            if case.in_flight or days[collection]  # what was declined for the last time fails in the next run
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
        """Return the payments that are not announced yet, as `_get_next_autopay`: without what credits pay."""
        if consent._find_refused():
            return []
        today, facts = self.company_id._ar_today(), self.env["ar.facts"]
        account = self._get_facts()
        journals = facts._read_item_journals([item.item_id for item in account.items])
        taken = facts._read_collected_items(consent.ids).get(consent.id, set())
        items = consent.env["ar.autopay.collection"]._get_due_items(
            consent, account, journals, taken, today, is_ahead=True
        )
        waiting = facts._read_waiting_items(consent.ids)[consent.id]
        credits = facts._get_free_credits(account, facts._read_credits_used([account]), waiting)
        currencies = self.env["res.currency"]._ar_by_name({item.currency for item in items})
        return [
            {
                "date": batch.day,
                "amount": float(sum(item.amount for item in batch.items)),
                "currency": currencies[batch.currency],
                "invoices": self._browse_lines([item.item_id for item in batch.items]).move_id,
                "in_flight": False,
            }
            for batch in select(items, AutopayOptions(), credits)
        ]

    def _get_autopay_failed(self):
        """Return the invoices (`account.move`) that are open because their automatic payment failed."""
        self.ensure_one()
        consent = self._get_live_autopay()
        lines = consent.env["ar.autopay.collection.line"].search(
            [("consent_id", "in", consent.ids), ("collection_id.autopay_failed_on", "!=", False)]
        )
        return lines.move_line_id.filtered(lambda line: line.amount_residual_currency > 0).move_id
