from unittest.mock import patch

from odoo import Command

from ..events.common_stripe_events import ArStripeEventsCommon
from .stripe_disputes_lookalike import StripeDisputesLookalike


class ArStripeDisputesCommon(ArStripeEventsCommon):
    """A payment by card of two invoices, 50 of the old one and 100 of the new one, that its customer contests."""

    _lookalike = StripeDisputesLookalike

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookings = cls.env["ar.stripe.booking"].sudo()
        cls.manager = cls._user("manager", login="manager-chargebacks")

    def setUp(self):
        super().setUp()
        self.transaction, self.intent = self._pay_for_dispute()
        self.payment = self.transaction.sudo().payment_id

    def _pay_for_dispute(self):
        return self._pay_by_card(self.old, self.new, amounts={self.old: "50"})

    def _contest(self, **values):
        """Let the customer contest the payment; return (Stripe's dispute, our chargeback)."""
        data = self.stripe.dispute(self.intent, **values)
        self._deliver_all(self.stripe.events[-1])
        return data, self.chargebacks.search([("reference", "=", data["id"])])

    def _move(self, data, amount, **values):
        """Let Stripe take money back (negative) or return it; return our booking."""
        self._deliver_all(self.stripe.move_money(data, amount, **values))
        return self.bookings.search([("reference", "=", data["balance_transactions"][-1]["id"])])

    def _automatic(self):
        self.provider.ar_stripe_booking = "auto"

    def _move_to_no_entry(self):
        """Replace the payment by one without an entry, as where the journal has no outstanding account."""
        in_payment = patch.object(
            self.registry["account.move"], "_get_invoice_in_payment_state", lambda _moves: "in_payment"
        )
        in_payment.start()
        self.addCleanup(in_payment.stop)
        self.payment.action_cancel()
        method_line = self.payment.payment_method_line_id
        method_line.payment_account_id = False
        self.payment = self.payment.copy(
            {"payment_token_id": False, "invoice_ids": [Command.set((self.old + self.new).ids)]}
        )
        self.payment.action_post()
        self.assertFalse(self.payment.move_id)
        self.transaction.sudo().payment_id = self.payment

    def _receivable(self):
        """Return (balance of the receivable accounts, what is open by items); equal where the books tie out."""
        self.env.flush_all()
        lines = self.env["account.move.line"].sudo().search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )  # fmt: skip
        return round(sum(lines.mapped("balance")), 2), round(sum(lines.mapped("amount_residual")), 2)

    def assertReceivable(self, balance):
        """Check the balance of the receivable accounts, and that the open items add up to it."""
        self.assertEqual(self._receivable(), (balance, balance))

    def _problem(self, record, code="stripe_booking"):
        return self.env["ar.problem"].sudo()._search_open(record, code)
