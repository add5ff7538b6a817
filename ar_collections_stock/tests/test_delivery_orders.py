from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_delivery import ArDeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryOrders(ArDeliveryCommon):
    """Deliveries of several orders, what is left of a delivery, and what leaves without being one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._customer(cls._partner(name="Other Payer"))

    def _join(self, first, second):
        """Put the goods of a second delivery into the first one."""
        orders = first.sale_id | second.sale_id
        second.move_ids.picking_id = first
        self.assertEqual(first._ar_get_orders(), orders)
        return first

    def test_a_delivery_is_held_by_any_of_its_orders(self):
        free, held = self._delivery(10, partner=self.other.partner_id), self._delivery(1600)
        self.assertFalse(free.ar_is_held)
        joint = self._join(free, held)
        self.assertEqual(joint.sale_id.partner_id, self.other.partner_id)
        with self.assertRaisesRegex(UserError, "is not delivered.*Patient Payer.*exceeded by"):
            self._validate(joint)
        joint.invalidate_recordset(["ar_is_held"])
        self.assertTrue(joint.ar_is_held)

    def test_of_its_orders_what_is_paid_holds_nothing(self):
        paid, open_one = self._delivery(1600), self._delivery(100)
        self._pay(self._invoice_order(paid.sale_id))
        joint = self._join(paid, open_one)
        self._validate(joint)
        self.assertEqual(joint.state, "done")

    def test_a_release_lets_all_of_it_leave(self):
        manager = self.credit_manager
        manager.group_ids |= self.env.ref("stock.group_stock_user")
        joint = self._join(self._delivery(10, partner=self.other.partner_id), self._delivery(1600))
        with self._on():
            action = joint.with_user(manager).action_ar_release()
            dialog = self.env[action["res_model"]].with_user(manager).with_context(**action["context"])
            dialog.create({"reason": "Paid by Friday"}).action_release()
        release = self.env["ar.credit.release"].search([("res_model", "=", "stock.picking")], limit=1)
        self.assertEqual((release.res_id, release.document_amount), (joint.id, 1610))
        self._validate(joint)
        self.assertEqual(joint.state, "done")

    def test_the_terms_of_the_order_count_for_its_delivery(self):
        self.customer.sudo().risk_class = "D"
        self.policy.sudo().rule_ids = [
            Command.create({"code": "terms_too_long", "status": "hold", "use_days": True, "days": 30, "classes": "D"})
        ]
        terms = self.env["account.payment.term"].create(
            {"name": "Long", "line_ids": [Command.create({"value_amount": 100, "nb_days": 90})]}
        )
        self._validate(self._delivery(10))
        with self.assertRaisesRegex(UserError, "may have 30"):
            self._validate(self._delivery(10, payment_term_id=terms.id))

    def test_what_is_left_of_a_delivery_is_checked_itself(self):
        picking = self._delivery(300, quantity=3)
        picking.move_ids.write({"quantity": 1, "picked": True})
        with self._on():
            picking.with_context(skip_sms=True, cancel_backorder=False, skip_backorder=True).button_validate()
        rest = picking.backorder_ids
        self.assertEqual((picking.state, len(rest)), ("done", 1))
        self._invoice(self.partner, 0, 5000)
        with self.assertRaises(UserError):
            self._validate(rest)

    def test_an_order_that_was_raised_is_not_delivered_whatever_deliveries_do(self):
        self.policy.sudo().write({"effect_order": "block", "effect_delivery": "inform"})
        picking = self._delivery(400)
        with self._on():
            picking.sale_id.order_line.write({"product_uom_qty": 3, "price_unit": 400})
        self.assertTrue(picking.sale_id.ar_held_on)
        with self.assertRaisesRegex(UserError, "exceeded by"):
            self._validate(picking)
        self._limit(self.customer, 1200)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_money_that_is_booked_in_advance_frees_the_delivery(self):
        """An Odoo add-on held what was paid in advance (SerpentCS_Contributions#413)."""
        self._limit(self.customer, 0, credit_limit_kind="zero")
        picking = self._delivery(100)
        with self.assertRaises(UserError):
            self._validate(picking)
        payment = self.env["account.payment"].create(
            {"partner_id": self.partner.id, "amount": 100, "payment_type": "inbound", "date": self.TODAY}
        )
        payment.action_post()
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def _move(self, source, destination, kind, order):
        """Return a transfer that belongs to an order."""
        move = {
            "product_id": self.goods.id,
            "product_uom_qty": 1,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "sale_line_id": order.order_line.id,
        }
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "move_ids": [Command.create(move)],
            }
        )
        picking.action_confirm()
        return picking

    def test_internal_transfers_and_what_vendors_deliver_are_never_held(self):
        order = self._delivery(1600).sale_id
        warehouse = order.warehouse_id
        customers, vendors = (self.env.ref(f"stock.stock_location_{name}") for name in ("customers", "suppliers"))
        for source, destination, kind in (
            (warehouse.lot_stock_id, warehouse.wh_output_stock_loc_id, warehouse.int_type_id),
            (vendors, customers, warehouse.in_type_id),
            (vendors, warehouse.lot_stock_id, warehouse.in_type_id),
        ):
            picking = self._move(source, destination, kind, order)
            with self.subTest(source=source.name, destination=destination.name):
                self._validate(picking)
                self.assertEqual(picking.state, "done")

    def test_deliveries_of_two_companies_are_checked_in_one_go(self):
        held = self._delivery(1600)
        elsewhere = self._create_company(name="Elsewhere")
        self.env.user.company_ids |= elsewhere
        warehouse = self.env["stock.warehouse"].create({"name": "There", "code": "TH", "company_id": elsewhere.id})
        order = self._order(5000, product=self.goods, company_id=elsewhere.id, warehouse_id=warehouse.id)
        self._confirm(order)
        self._validate(held | order.picking_ids)
        self.assertEqual((held.state, order.picking_ids.state), ("assigned", "done"))

    def test_what_will_never_be_delivered_is_not_in_the_exposure(self):
        self.policy.sudo().effect_delivery = "inform"
        goods = self._product(name="By weight", type="consu", invoice_policy="delivery")
        service = Command.create({"product_id": self.product.id, "price_unit": 50, "tax_ids": []})
        orders = [self._order(100, quantity=10, product=goods) for _number in range(2)]
        for order in orders:
            order.order_line = [service]
            self._confirm(order)
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 2100})
        for order, is_ended in zip(orders, (True, False), strict=True):
            context = {"skip_sms": True, "skip_backorder": True}
            if is_ended:
                context["picking_ids_not_to_backorder"] = order.picking_ids.ids
            order.picking_ids.move_ids.write({"quantity": 6, "picked": True})
            with self._on():
                order.picking_ids.with_context(**context).button_validate()
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 600 + 50 + 1000 + 50})
        for order in orders:
            invoice = order._create_invoices()
            invoice.invoice_line_ids.filtered(lambda item: item.product_id == self.product).unlink()
            self._pay(self._post_now(invoice))
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 50 + 400 + 50})
        orders[1].picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        self.assertEqual(self._book(), 1)
        self.assertEqual(self._lines(self.customer), {"orders": 50 + 50})

    def _post_now(self, invoice):
        """Post an invoice of today; return it."""
        invoice.write({"invoice_date": self.TODAY, "invoice_payment_term_id": False, "invoice_date_due": self.TODAY})
        invoice.action_post()
        return invoice
