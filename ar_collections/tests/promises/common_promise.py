from datetime import date
from decimal import Decimal

from odoo.addons.ar_collections.core.promises.request import PromiseRefused

from ..common import ArCommon


class PromiseCommon(ArCommon):
    """A customer with two late invoices, and helpers to record and judge promises."""

    #: A Wednesday in two weeks; the deadline is the Friday.
    PROMISED = date(2026, 6, 24)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.old = cls._invoice(cls.partner, overdue_days=12, amount=300.0)
        cls.new = cls._invoice(cls.partner, overdue_days=5, amount=100.0)
        cls.customer = cls._customer(cls.partner)

    def _promise(self, amounts=None, promised=None, on=None, **options):
        """Record a promise on that day.

        :param amounts: {invoice: amount, or None for all of it}; default: all of the old invoice
        """
        amounts = amounts if amounts is not None else {self.old: None}
        request = {
            self._debt(move).id: None if amount is None else Decimal(str(amount)) for move, amount in amounts.items()
        }
        with self._on(on):
            return self.customer._promise(promised or self.PROMISED, request, **options)

    def _judge(self, day):
        """Judge the company's promises on that day, as the nightly run does."""
        with self._on(day):
            self.env["ar.promise"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()

    def _take_back(self, payment):
        """Undo a payment, as after a bounced check."""
        payment.action_draft()
        payment.action_cancel()

    def _notices(self, notice=None):
        """Return the notices to the customer, oldest first."""
        found = self._communications(self.customer).filtered("notice")
        return found.filtered(lambda c: c.notice == notice) if notice else found

    def _wizard(self, user=None, move=None):
        """Open the wizard from the customer, or from an invoice."""
        with self._on():
            if move:
                action = move.with_user(user or self.collector).action_ar_promise()
            else:
                action = self.customer.with_user(user or self.collector).action_promise()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def assertRefused(self, code, *args, **options):
        with self.assertRaises(PromiseRefused) as caught:
            self._promise(*args, **options)
        self.assertEqual(caught.exception.code, code)
