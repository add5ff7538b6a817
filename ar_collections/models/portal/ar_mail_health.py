import datetime

from odoo import api, fields, models

from ...formats import format_amount

#: A payment that was confirmed is booked within minutes; after this time something keeps it from being booked.
BOOK_AFTER = datetime.timedelta(hours=3)

#: After this time Odoo does not try to book a payment any more.
GIVEN_UP_AFTER = datetime.timedelta(days=4)

#: Payments that are looked at in one turn.
BATCH = 50


class ArMailHealth(models.AbstractModel):
    """Payments of the customer page that were confirmed and are not booked.

    Odoo logs why, and gives up after some days. What they pay counts as being paid meanwhile, so that nobody would ask.
    """

    _inherit = "ar.mail.health"

    @api.model
    def _settle_company(self, company):
        """Override to look for payments that are not booked."""
        result = super()._settle_company(company)
        self._settle(company, "unbooked_payments", self._find_unbooked(company))
        return result

    @api.model
    def _find_unbooked(self, company):
        """Return the payments that are not booked, one sentence each; empty where all are.

        Those that Odoo has given up are tried again first.
        """
        now = fields.Datetime.now()
        # sudo: for the scheduled action.
        waiting = self.env["payment.transaction"].sudo().search(
            [
                ("ar_customer_id.company_id", "=", company.id),
                ("state", "=", "done"),
                ("is_post_processed", "=", False),
                ("last_state_change", "<=", now - BOOK_AFTER),
            ],
            order="id",
            limit=BATCH,
        )  # fmt: skip
        found = []
        for transaction in waiting:
            reason = ""
            if transaction.last_state_change < now - GIVEN_UP_AFTER and not (reason := transaction._ar_book_again()):
                continue
            text = self.env._(
                "%(amount)s by %(customer)s, payment %(reference)s.",
                amount=format_amount(self.env, transaction.amount, transaction.currency_id),
                customer=transaction.ar_customer_id.display_name,
                reference=transaction.reference,
            )
            found.append(f"{text} {reason}".strip())
        return "\n".join(found)
