from odoo.exceptions import UserError

from ....core.portal.allocation import RequestRefused
from ....messages import ITEM_STATUSES
from .common_owed import ArOwedCommon


class TestOpenWhateverTheState(ArOwedCommon):
    """What is open and asked for, where Odoo's payment state is "Blocked", or "In Payment" of an invoice as a whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=100.0)
        cls.partner = cls.customer.partner_id

    def _toggle(self, *invoices):
        """Block or unblock the payment, as a user of invoicing does it."""
        with self._on():
            for invoice in invoices:
                invoice.action_toggle_block_payment()
            self.env.cr.precommit.run()
        self.env.invalidate_all()

    def test_blocked_it_is_owed_and_not_asked_for_until_it_is_unblocked(self):
        other, item = self._invoice(self.partner, 3, 50.0), self._debt(self.invoice)
        self._toggle(self.invoice)
        self.assertEqual(self._requested(), 50)
        self.assertEqual((self.customer.balance, self.customer.overdue), (150, 150))
        blocked, free = self._facts().items
        payables = {payable.item_id: payable for payable in self.customer._get_payables()}
        self.assertEqual([payables[each.item_id].is_asked_for for each in (blocked, free)], [False, True])
        with self.assertRaises(RequestRefused):
            self.customer._allocate({item.id: None})
        self.assertEqual(self.customer._free_amount(blocked), 0)
        (status,) = self.customer._get_item_statuses(blocked)
        self.assertIs(status["text"], ITEM_STATUSES["payment_blocked"])
        self.assertIn("Payment is blocked", self.customer._get_item_status_texts(self.TODAY)[item.id])
        self.assertFalse(self.invoice.ar_next_step_id)
        with self.assertRaisesRegex(UserError, "is blocked"):
            self.customer.with_user(self.collector)._resume_items(item)
        self._toggle(other)
        self.assertCode(self.customer, "payment_blocked")
        self._toggle(self.invoice, other)
        self.assertCode(self.customer, "step_reached")
        self.assertEqual(self._chased(), [100, 50])

    def test_partly_in_payment_it_is_open_and_paid_while_blocked_it_is_paid(self):
        self.partner.email = False
        reader = self.env["res.partner"].create({"parent_id": self.partner.id, "type": "contact", "name": "Ann"})
        reader.email = "ann@customer.example.com"
        invoice, paid = self._invoice(reader, 4, 100.0), self._invoice(self.partner, 3, 50.0)
        self._register(60.0, invoice)
        self._toggle(paid)
        self._pay(paid)
        self.assertIn(invoice.payment_state, ("in_payment", "paid"), "As a whole, without the accounting app as paid.")
        self.assertEqual(paid.payment_state, "blocked")
        rows = self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id]
        self.assertIn(reader.id, [row["id"] for row in rows])
        self.assertEqual(self.customer._get_paid_documents("", 0, 9), paid)
        self.assertEqual([move._ar_is_open() for move in invoice + paid], [True, False])
