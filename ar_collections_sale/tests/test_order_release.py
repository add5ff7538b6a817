from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ar_collections.core.credit.effect import DELIVERED_INVOICE, INVOICE

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderRelease(ArOrderCommon):
    """A credit manager releases a quotation, with a reason, for its customer and up to its amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_manager.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def _release(self, order, user=None, reason="Paid by Friday"):
        with self._on():
            order = order.with_user(user or self.credit_manager)
            action = order.action_ar_release()
            dialog = self.env[action["res_model"]].with_user(order.env.user).with_context(**action["context"])
            return dialog.create({"reason": reason}).action_release_and_confirm()

    def test_a_released_quotation_is_confirmed(self):
        order = self._order(1600)
        with self._on():
            self.assertTrue(order.ar_is_held)
        self._release(order)
        self.assertEqual(order.state, "sale")
        release = self.env["ar.credit.release"].search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])
        self.assertEqual((release.user_id, release.amount), (self.credit_manager, 1600))

    def test_who_released_it_need_not_confirm_it(self):
        order = self._order(1600)
        self.env["ar.credit.release"].with_user(self.credit_manager)._release(order, "Known", "Over the limit")
        with self._on():
            order.invalidate_recordset()
            self.assertFalse(order.ar_is_held)
            self.assertIn("Released", order.ar_credit_text)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_a_larger_order_or_another_customer_is_held_again(self):
        order = self._order(1600)
        self.env["ar.credit.release"].with_user(self.credit_manager)._release(order, "Known", "Over the limit")
        order.order_line.price_unit = 1601
        with self.assertRaises(UserError):
            self._confirm(order)
        order.order_line.price_unit = 1600
        other = self._customer(self._partner(name="Other"))
        self._limit(other, 10)
        order.write({"partner_id": other.partner_id.id, "partner_invoice_id": other.partner_id.id})
        with self.assertRaises(UserError):
            self._confirm(order)

    def test_without_the_role_nothing_is_released(self):
        seller = self._user_of_odoo("sells", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaisesRegex(UserError, "Ask"):
            self._release(self._order(1600), seller)

    def test_invoices_of_what_was_delivered_are_a_kind_of_their_own(self):
        order = self._order(100, quantity=2)
        self._confirm(order)
        invoice = order._create_invoices()
        self.assertEqual(invoice._ar_get_document_kind(), INVOICE)
        order.order_line.qty_delivered = 2
        self.assertEqual(invoice._ar_get_document_kind(), DELIVERED_INVOICE)
        invoice.invoice_line_ids.create({"move_id": invoice.id, "name": "Extra", "price_unit": 5})
        self.assertEqual(invoice._ar_get_document_kind(), INVOICE)
