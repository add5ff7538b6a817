"""Payments of a customer group, booked as the customer page books them."""

from datetime import datetime, timedelta
from decimal import Decimal

from ..common import ArCommon


class ArGroupReceiptsCommon(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.receipt_enabled = True
        cls.policy.sudo().receipt_since = cls.TODAY - timedelta(days=7)
        cls.payer, cls.own = cls._late(name="Head Office")
        (cls.north, cls.first), (cls.south, cls.second) = (
            cls._late(amount=amount, name=name, email=f"{name.lower()}@member.example.com")
            for name, amount in (("North", 70.0), ("South", 30.0))
        )
        (cls.north | cls.south).write({"payer_id": cls.payer.id})

    def _pay_group(self, amounts, day=None):
        """Book an online payment of the payer for {invoice: amount}, entered on that day; return it."""
        day = day or self.TODAY
        selected = {
            self._debt(invoice).id: None if amount is None else Decimal(amount) for invoice, amount in amounts.items()
        }
        allocation = self.payer.sudo()._allocate(selected)
        transaction = self._create_transaction(
            "redirect",
            amount=float(allocation.total),
            partner_id=self.payer.partner_id.id,
            currency_id=self.payer.currency_id.id,
            state="done",
            reference=f"Group {day}",
            **self.payer.sudo()._prepare_transaction_vals(allocation),
        )
        with self._on(day):
            transaction._post_process()
        self.env.flush_all()
        entered = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
        payment = transaction.payment_id
        self.env.cr.execute(
            "UPDATE account_payment SET create_date = %s, date = %s WHERE id = %s", [entered, day, payment.id]
        )
        self.env.invalidate_all()
        return payment
