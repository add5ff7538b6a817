from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderRaised(ArOrderCommon):
    """A small order that is confirmed and made a large one is held like a large one; the change itself is kept."""

    def setUp(self):
        super().setUp()
        self.product.lst_price = 400  # of which Odoo makes the price anew when the quantity changes
        self.order = self._order(400)
        self._confirm(self.order)

    def _raise(self, **values):
        with self._on():
            self.order.order_line.write(values)
        self.env.invalidate_all()

    def _notes(self, order=None):
        return "".join((order or self.order).message_ids.mapped("body"))

    def test_a_larger_quantity_is_kept_and_held(self):
        self._raise(product_uom_qty=3)
        self.assertEqual((self.order.state, self.order.amount_total), ("sale", 1200))
        self.assertTrue(self.order.ar_held_on)
        self.assertIn("exceeded by", self._notes())
        with self._on():
            self.assertTrue(self.order.ar_is_held)
            self.assertRegex(self.order.ar_credit_text, "^On hold: .*exceeded by")

    def test_what_has_room_is_not_and_neither_is_what_becomes_smaller(self):
        self._raise(product_uom_qty=2)
        self._raise(product_uom_qty=1)
        self.assertFalse(self.order.ar_held_on)
        self.assertNotIn("changed after", self._notes())
        self._invoice(self.partner, 0, 5000)
        self._raise(product_uom_qty=0.5)
        self.assertFalse(self.order.ar_held_on)

    def test_lines_of_quotations_cost_no_savepoint(self):
        quotation = self._order(400)
        with self._on(), patch("odoo.addons.ar_collections_sale.models.sale_order_raised.ignore_failure") as guard:
            quotation.order_line.product_uom_qty = 3
            quotation.write({"order_line": [Command.create({"product_id": self.product.id, "price_unit": 700})]})
        guard.assert_not_called()

    def test_a_new_line_is_looked_at_on_the_form_and_by_others(self):
        with self._on(), Form(self.order) as form, form.order_line.new() as line:
            line.product_id, line.price_unit = self.product, 700
        self.assertTrue(self.order.ar_held_on)
        other = self._order(10)
        self._limit(self.customer, 5000)
        self._confirm(other)
        with self._on():
            self.env["sale.order.line"].create(
                {"order_id": other.id, "product_id": self.product.id, "price_unit": 6000, "tax_ids": False}
            )
        self.assertTrue(other.ar_held_on)

    def test_one_change_is_noted_once(self):
        with self._on():
            line = self.order.order_line
            self.order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": number}) for number in (4, 5)]}
            )
        self.assertEqual(self._notes().count("exceeded by"), 1)

    def test_once_there_is_room_the_mark_is_gone(self):
        self._raise(product_uom_qty=3)
        self._raise(product_uom_qty=2)
        self.assertFalse(self.order.ar_held_on)

    def test_a_credit_manager_releases_it_up_to_its_amount(self):
        self._raise(product_uom_qty=3)
        self.credit_manager.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self._on():
            order = self.order.with_user(self.credit_manager)
            action = order.action_ar_release()
            dialog = self.env[action["res_model"]].with_user(self.credit_manager).with_context(**action["context"])
            dialog.create({"reason": "Known"}).action_release_and_confirm()
        self.assertFalse(self.order.ar_held_on)
        self._raise(price_unit=399)
        self.assertFalse(self.order.ar_held_on)
        self._raise(price_unit=500)
        self.assertTrue(self.order.ar_held_on)

    def test_another_customer_and_longer_terms_are_looked_at(self):
        other = self._customer(self._partner(name="Other"))
        self._limit(other, 10)
        with self._on():
            self.order.partner_invoice_id = other.partner_id
        self.assertTrue(self.order.ar_held_on)
        self.customer.sudo().risk_class = "D"
        self.policy.sudo().rule_ids = [
            Command.create({"code": "terms_too_long", "status": "hold", "use_days": True, "days": 30, "classes": "D"})
        ]
        order = self._order(10, payment_term_id=False)
        self._confirm(order)
        with self._on():
            order.payment_term_id = self.env["account.payment.term"].create(
                {"name": "Long", "line_ids": [Command.create({"value_amount": 100, "nb_days": 90})]}
            )
        self.assertTrue(order.ar_held_on)
        self.assertIn("may have 30", self._notes(order))

    def test_the_policy_may_warn_or_inform_only(self):
        self.policy.sudo().effect_order = "warn"
        self._raise(product_uom_qty=3)
        self.assertFalse(self.order.ar_held_on)
        self.assertIn("was changed after its confirmation", self._notes())
        self.policy.sudo().effect_order = "inform"
        order = self._order(1)
        self._confirm(order)
        order.order_line.price_unit = 5000
        self.assertNotIn("was changed", self._notes(order))

    def test_what_is_paid_is_not_held(self):
        self.provider.code = "demo"
        transaction = self._create_transaction(
            "direct", amount=1200, currency_id=self.order.currency_id.id, partner_id=self.partner.id, state="authorized"
        )
        transaction.sale_order_ids = self.order
        self._raise(product_uom_qty=3)
        self.assertFalse(self.order.ar_held_on)

    def test_a_failure_keeps_the_change(self):
        self.patch(self.registry["ar.credit.standing"], "_read", lambda *_args: 1 / 0)
        with mute_logger("odoo.addons.ar_collections.models.customers.core_flow"):
            self._raise(product_uom_qty=3)
        self.assertEqual(self.order.amount_total, 1200)

    def test_salespeople_raise_their_own_orders(self):
        seller = self._user_of_odoo("sells", "sales_team.group_sale_salesman")
        self.order.user_id = seller
        with self._on():
            self.order.with_user(seller).write(
                {"order_line": [Command.update(self.order.order_line.id, {"product_uom_qty": 3})]}
            )
        self.assertTrue(self.order.ar_held_on)
