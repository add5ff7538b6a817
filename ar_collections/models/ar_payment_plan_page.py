from odoo import models

from ..core.money import ZERO
from .ar_payment_plan import exact


class ArPaymentPlanPage(models.Model):
    """The plan on the customer's page."""

    _inherit = "ar.payment.plan"

    def _is_visible_to_customer(self):
        """Tell whether the customer knows of the plan: asked for it, or was told."""
        self.ensure_one()
        return self.origin == "portal" or bool(self.proposed_on or self.activated_on)

    def _get_page_url(self):
        """Return the link to the plan's page; it carries the token of the account, for the customer alone."""
        self.ensure_one()
        # The token is made by the system; only the customer gets the link.
        return self.customer_id.sudo().get_portal_url(suffix=f"/plan/{self.id}")

    def _get_page_status(self):
        """Return the state in the customer's words."""
        self.ensure_one()
        words = {
            "draft": self.env._("We will answer soon"),
            "proposed": self.env._("Waiting for your answer"),
            "active": self.env._("Running"),
            "completed": self.env._("Completed, thank you"),
            "broken": self.env._("Ended"),
            "cancelled": self.env._("Cancelled"),
        }
        return words[self.state]

    def _get_page_summary(self):
        """Return one line about the plan."""
        self.ensure_one()
        values = {
            "total": self._format(self.amount_total),
            "left": self._format(self.amount_left),
            "count": len(self.installment_ids),
            "next": self._format(self.next_amount),
        }
        if self.state == "active" and self.next_date:
            return self.env._("%(left)s of %(total)s left, next installment %(next)s", **values)
        return self.env._("%(total)s in %(count)s installments", **values)

    # === PAYING === #

    def _get_pending(self):
        """Return {journal item id: what of the planned part is being paid online right now}."""
        self.ensure_one()
        customer = self.customer_id
        lines = {line.move_line_id.id: line for line in self.line_ids}
        pending = {}
        for item in customer._get_facts().items:
            if item.item_id in lines:
                line = lines[item.item_id]
                pending[item.item_id] = line._get_open_part() - line._get_open_part(customer._pending_amount(item))
        return pending

    def _get_payment_rows(self):
        """Return the installments as the page shows them, oldest first.

        :return: [{installment, paid, left, pending, next: bool, pay: amount up to and with this one, or 0}]
        """
        self.ensure_one()
        on_its_way = sum(self._get_pending().values(), ZERO)
        rows, due = [], ZERO
        for installment in self.installment_ids.sorted(lambda row: (row.date, row.number)):
            left = exact(installment.amount_left)
            pending = min(on_its_way, left)
            on_its_way -= pending
            due += left - pending
            payable = self.state == "active" and left > pending
            rows.append(
                {
                    "installment": installment,
                    "left": float(left),
                    "pending": float(pending),
                    "next": payable and due == left - pending,
                    "pay": float(due) if payable else 0.0,
                }
            )
        return rows

    def _get_payment_parts(self, amount):
        """Return {journal item id: Decimal}: how a payment of so much is laid on the plan's items, oldest first.

        :param Decimal amount: at most what is left of the plan
        """
        self.ensure_one()
        pending = self._get_pending()
        parts = {}
        for line in self.line_ids.sorted(lambda line: (line.date_due, line.id)):
            part = min(line._get_open_part() - pending.get(line.move_line_id.id, ZERO), amount)
            if part > 0:
                parts[line.move_line_id.id] = part
                amount -= part
        return parts
