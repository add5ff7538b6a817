import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import LockError

_logger = logging.getLogger(__name__)


class ArStripeEvent(models.Model):
    """Once a day: what could not be booked is tried again, and what waits for a person stays a problem."""

    _inherit = "ar.stripe.event"

    @api.model
    def _try_catch_up(self, provider):
        """Override to try again to book chargebacks, and to keep those without an invoice on the list."""
        result = super()._try_catch_up(provider)
        # sudo: for the scheduled action.
        bookings = self.env["ar.stripe.booking"].sudo()
        for booking in bookings.search([("provider_id", "=", provider.id), ("state", "=", "waiting")]):
            try:
                with self.env.cr.savepoint():
                    booking._book_or_ask()
            except (psycopg2.Error, LockError):  # another operation works on it; the next look tries it again
                _logger.info("Chargeback booking %s is left for the next day", booking.reference, exc_info=True)
        chargebacks = self.env["ar.stripe.dispute"].sudo()  # as above
        domain = [("provider_id", "=", provider.id), ("outcome", "!=", "won"), ("dispute_ids", "=", False)]
        for chargeback in chargebacks.search([*domain, ("is_handled", "=", False)]):
            chargeback._report_without_invoice()
        return result
