from odoo import models

from ....core.agreements.settlement import settled_by
from ....core.money import ZERO, to_decimal
from ....core.recovery import settlement as rules


class ArSettlementPayment(models.Model):
    """The customer pays what was agreed on, by its page: exactly that, and nothing more."""

    _inherit = "ar.settlement"

    def _is_payable(self):
        """Return whether a payment of today still counts: it is open, and its day has not passed.

        Where a payment came back, it is open before the night has judged it.
        """
        self.ensure_one()
        is_open = self.state == rules.OPEN or (self.state == rules.PAID and not self._is_paid())
        return is_open and self.company_id._ar_today() <= self.date_until

    def _is_shown(self):
        """Return whether the customer's page has a row of it: it can be paid, or its rest is being credited."""
        self.ensure_one()
        return self._is_payable() or bool(self.state == rules.PAID and self.amount_left)

    def _is_paid(self):
        """Return whether it was paid in time: by the last judgement, and by the ledger where payments changed since."""
        self.ensure_one()
        if self.state != rules.PAID or not self.to_judge:
            return self.state == rules.PAID
        self.env.flush_all()  # payments are read with plain SQL
        return self._read_paid_in_time() >= self._get_agreed()

    def _get_payment_parts(self):
        """Return {journal item id: Decimal}: what the customer pays now to settle its debt, on the oldest items first.

        It is the agreed amount less what was paid in time and what is being paid, read from the ledger now; empty where
        nothing is left of it, and after the day.
        """
        self.ensure_one()
        if not self._is_payable():
            return {}
        self.env.flush_all()  # payments are read with plain SQL
        customer, lines = self.customer_id, self.line_ids.filtered("move_line_id")
        items = {item.item_id: item for item in customer._get_facts().items}
        pending = {item_id: customer._pending_amount(item) for item_id, item in items.items()}
        item_ids = lines.sorted(lambda line: (line.date_due, line.id)).move_line_id.ids
        left = rules.left_to_pay(
            self._get_agreed(),
            self._read_paid_in_time(),
            sum((pending[item_id] for item_id in item_ids if item_id in items), ZERO),
        )
        open_amounts = {
            item_id: items[item_id].residual_currency - pending[item_id] for item_id in item_ids if item_id in items
        }
        return rules.spread(left, open_amounts)

    def _read_paid_in_time(self):
        """Return what was paid on the items since they were agreed on, by the day, as a Decimal."""
        found = self.env["ar.facts"]._read_settlements(self.line_ids.move_line_id.ids)
        return settled_by(self._read_paid(found), self.date_until)

    def _get_amount_to_pay(self):
        """Return what the customer pays now to settle its debt, as a float in its currency."""
        return float(sum(self._get_payment_parts().values(), ZERO))

    def _get_transfers(self, lang=None, with_image=False):
        """Return how what is left of the agreed amount is transferred, see `ar.bank.details._get_transfers`.

        :param str lang: default: the reader's language
        """
        parts = self._get_payment_parts()
        # For the customer, whatever the user may read.
        details, items = self.env["ar.bank.details"].sudo(), self.env["account.move.line"].sudo()
        amounts = {items.browse(item_id): float(amount) for item_id, amount in parts.items()}
        return details._get_transfers(self.customer_id, self.currency_id, amounts, lang, with_image=with_image)

    # === PORTAL === #

    def _get_page_address(self):
        """Return the address of the settlement's page, for messages."""
        self.ensure_one()
        return self.customer_id._get_page_address(f"/settlement/{self.id}")

    def _get_page_url(self, suffix=""):
        """Return the link to the settlement's page for the visitor, see `ar.customer.get_portal_url`."""
        self.ensure_one()
        return self.customer_id.get_portal_url(suffix=f"/settlement/{self.id}{suffix}")

    def _get_page_status(self, amount):
        """Return the state as the customer's page shows it.

        :param float amount: what is left to pay
        """
        if amount:
            return self.env._("Pay until %s", self._format_date(self.date_until))
        if self._is_paid() or self._read_paid_in_time() >= self._get_agreed():
            return self.env._("Paid, thank you")
        if self._is_void():
            return self.env._("Nothing is left to pay")
        return self.env._("Payment is being processed")

    def _is_void(self):
        """Return whether nothing of an open one is owed any more, though the agreed amount was not paid: credited."""
        self.ensure_one()
        return self.state == rules.OPEN and not (self._has_left() or self._read_paid_in_time() >= self._get_agreed())

    def _get_agreed(self):
        """Return the agreed amount as a Decimal."""
        self.ensure_one()
        return to_decimal(self.currency_id.round(self.amount_agreed))

    def _has_left(self):
        """Return whether anything is open of its items."""
        self.ensure_one()
        return any(line._get_item_residual() > ZERO for line in self.line_ids.filtered("move_line_id"))
