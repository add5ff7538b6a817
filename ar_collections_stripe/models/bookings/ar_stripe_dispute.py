from odoo import api, fields, models

from odoo.addons.ar_collections.core.disputes.dispute import OPEN_STATES
from odoo.addons.ar_collections.core.money import to_decimal

from ...core.moves import split
from .ar_stripe_booking import REINSTATED, WAITING, WITHDRAWN


class ArStripeDispute(models.Model):
    """What Stripe moves for a chargeback: each balance transaction is stored, and booked, once."""

    _inherit = "ar.stripe.dispute"

    booking_ids = fields.One2many("ar.stripe.booking", "stripe_dispute_id", "Money", readonly=True)
    is_waiting = fields.Boolean("To Book", compute="_compute_is_waiting", search="_search_is_waiting")

    @api.depends("booking_ids.state")
    def _compute_is_waiting(self):
        for dispute in self:
            dispute.is_waiting = WAITING in dispute.booking_ids.mapped("state")

    @api.model
    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("booking_ids.state", "=", WAITING)]
        return domain if True in value else ["!", *domain]

    # === FROM STRIPE === #

    @api.model
    def _update_from_stripe(self, transaction, data):
        """Override to book what Stripe has moved since, or to ask."""
        dispute = super()._update_from_stripe(transaction, data)
        # sudo: as the events, they are stored for all.
        waiting = dispute.booking_ids.sudo().filtered(lambda booking: booking.state == WAITING)
        waiting._skip_differences()
        waiting._set_aside()
        waiting._book_or_ask()
        return dispute

    def _store_moves(self, data):
        """Override to store the balance transactions that are not known yet, oldest first."""
        result = super()._store_moves(data)
        new = {entry["id"] for entry in self._find_new_moves(data)}
        rows = [
            self._prepare_booking(entry, booked or difference, data)
            for entry, booked, difference in self._split(data)
            if entry["id"] in new
        ]
        bookings = self.env["ar.stripe.booking"].sudo()  # as above
        bookings.create(rows)
        return result

    def _find_new_moves(self, data):
        """Return the balance transactions of Stripe's dispute that are not stored yet, as Stripe sends them."""
        known = set(self.booking_ids.mapped("reference"))
        entries = data.get("balance_transactions") or []
        return [entry for entry in entries if entry.get("amount") and entry["id"] not in known]

    def _is_in_step(self, data):
        """Override: what Stripe moved is known, too, also of chargebacks that an earlier version has stored."""
        return super()._is_in_step(data) and not self._find_new_moves(data)

    def _prepare_booking(self, entry, amount, data):
        """Return the values of one balance transaction.

        :param dict entry: Stripe's balance transaction
        :param int amount: what is booked of it, or the difference that it is, in the smallest unit of the dispute's
            currency
        :param dict data: Stripe's dispute
        """
        settled = (entry.get("currency") or data["currency"]).upper()
        account = self.env["res.currency"]._ar_named(settled)
        moved = self._to_datetime(entry.get("created"))
        today = self.company_id._ar_today()
        return {
            "stripe_dispute_id": self.id,
            "reference": entry["id"],
            "kind": WITHDRAWN if entry["amount"] < 0 else REINSTATED,
            "currency_id": self.currency_id.id,
            "amount": self._to_major(amount, self.currency_id),
            "fee_currency_id": account.id,
            "fee": self._to_major(entry.get("fee") or 0, account) if account else 0.0,
            "date": min(self.company_id._ar_day(moved), today) if moved else today,
        }

    # === DISPUTES ON INVOICES === #

    def _is_money_back(self):
        """Override: what was taken out of the books, also by hand, has to be back before the dispute may end.

        What waits to be taken out counts as taken: its approval opens the invoices. Differences count for nothing.
        """
        amounts = self._split_bookings()
        taken = sum(amount for booking, amount in amounts.items() if booking.kind == WITHDRAWN)
        back = (booking for booking in amounts if booking.kind == REINSTATED and booking.state != WAITING)
        return self.currency_id.compare_amounts(float(taken), float(sum(amounts[booking] for booking in back))) <= 0

    def _split_bookings(self):
        """Return {booking: Decimal in its currency, without what is a difference of exchange rates}, oldest first."""
        bookings = self.booking_ids.sorted("id")  # they were stored in the order of time
        moves = [(to_decimal(booking.amount) * (-1 if booking.kind == WITHDRAWN else 1), True) for booking in bookings]
        parts = split(moves, to_decimal(self.amount))
        return {booking: booked for booking, (booked, _rest) in zip(bookings, parts, strict=True)}

    def _contest_others(self, parts):
        """Raise a dispute on invoices that are going to be open again and have none, as the payment was moved to them.

        :param parts: [(journal item, amount in the payment's currency)]
        """
        disputes = self.dispute_ids.filtered(lambda dispute: dispute.state in OPEN_STATES)
        if self.dispute_ids and not disputes:
            return  # decided already
        known = disputes.line_ids.move_line_id
        paid_in = self.transaction_id.currency_id
        others = {
            item: paid_in._convert(amount, item.currency_id, item.company_id, item.date)
            for item, amount in parts
            if item not in known
        }
        if others:
            self.env["ar.dispute"]._raise_for_chargeback(self, others)
