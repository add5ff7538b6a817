from odoo import models
from odoo.tools.misc import format_amount

from ..core import promise as rules


class ArCustomerPromisePortal(models.Model):
    """Promises on the customer's page."""

    _inherit = "ar.customer"

    def _get_possible_asks(self):
        """Override to let customers promise a date, where their policy allows it."""
        asks = super()._get_possible_asks()
        if self.policy_id.promise_portal:
            asks["promise"] = self.env._("Pay later")
        return asks

    def _get_agreement_rows(self):
        """Override to list the open promises of which something is left, the next one first."""
        rows = super()._get_agreement_rows()
        # Shown to a visitor whose right was checked by the account's token or partner.
        promises = self.env["ar.promise"].sudo()
        opened = promises.search([("customer_id", "=", self.id), ("state", "=", rules.OPEN)], order="date, id")
        today = self.company_id._ar_today()
        for promise in opened._with_something_left():
            numbers = ", ".join(promise.line_ids.filtered("amount_open").mapped("name"))
            left = format_amount(self.env, promise.amount_open, promise.currency_id)
            rows.append(
                {
                    "name": promise.name,
                    "title": self.env._("Payment promised"),
                    "status": self.env._("Noted") if promise.date >= today else self.env._("Awaited"),
                    "date": promise.date,
                    "text": self.env._("%(amount)s for %(invoices)s", amount=left, invoices=numbers),
                    "url": False,
                }
            )
        return rows
