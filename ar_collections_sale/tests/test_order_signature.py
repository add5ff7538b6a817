from odoo.exceptions import LockError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_order import ArOrderCommon

#: A picture of one pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestOrderSignature(HttpCase, ArOrderCommon):
    """A customer who signs a quotation that is held keeps the signature, and reads what happens next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user_of_odoo("sells", "sales_team.group_sale_salesman")

    def _sign(self, order):
        """Sign through the customer's link; return (the answer, the page that follows)."""
        token = order._portal_ensure_token()
        self.env.flush_all()
        values = {"access_token": token, "name": "Ann Payer", "signature": PIXEL}
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            answer = self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", values)
        page = self.url_open(answer["redirect_url"])
        self.env.invalidate_all()
        return answer, page.text

    def _quotation(self, amount):
        return self._order(amount, require_signature=True, user_id=self.seller.id, state="sent")

    def test_a_held_quotation_stays_signed_and_becomes_a_task(self):
        order = self._quotation(1600)
        answer, page = self._sign(order)
        self.assertTrue(answer["force_refresh"])
        self.assertEqual((order.state, order.signed_by, bool(order.signature)), ("sent", "Ann Payer", True))
        self.assertEqual(order.activity_ids.user_id, self.seller)
        self.assertIn("exceeded by", order.activity_ids.note)
        self.assertIn("We will confirm it shortly", page)

    def test_the_customer_never_reads_the_reason(self):
        order = self._quotation(1600)
        answer, page = self._sign(order)
        notes = order.message_ids.filtered(lambda message: "limit" in (message.body or ""))
        self.assertTrue(notes)
        self.assertEqual(set(notes.mapped("subtype_id.internal")), {True})
        self.assertFalse([word for word in ("exceeded", "Credit hold", "1,000.00") if word in page + str(answer)])

    def test_within_the_limit_the_order_is_confirmed(self):
        order = self._quotation(600)
        _answer, page = self._sign(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.activity_ids)
        self.assertIn("Your order has been confirmed", page)

    def test_a_signature_waits_for_no_lock(self):
        def refuse(_accounts):
            raise LockError("The account is in use.")

        held, free = self._quotation(1600), self._quotation(600)
        self.patch(self.registry["ar.customer"], "_lock_rows", refuse)
        for order in (held, free):
            with self._on():
                order._validate_order()
        self.assertEqual((held.state, free.state), ("sent", "sale"))

    def test_without_a_salesperson_the_collector_gets_the_task(self):
        order = self._quotation(1600)
        order.user_id = False
        self._sign(order)
        self.assertEqual(order.activity_ids.user_id, self.customer.user_id)
