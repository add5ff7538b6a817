from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_delivery import ArDeliveryCommon


@tagged("post_install", "-at_install")
class TestDelivery(ArDeliveryCommon):
    """Goods leave where the customer has credit, or has paid."""

    def test_a_delivery_within_the_limit_leaves_and_counts_once(self):
        """ERPNext counted the order and its delivery (frappe/erpnext#47279)."""
        picking = self._delivery(600)
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 600})

    def test_a_delivery_over_the_limit_is_held_and_nothing_is_undone(self):
        picking = self._delivery(1600)
        with self.assertRaisesRegex(UserError, "is not delivered.*exceeded by.*release it"):
            self._validate(picking)
        self.assertEqual(picking.state, "assigned")
        self._limit(self.customer, 1600)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_who_is_over_the_limit_by_invoices_gets_no_goods(self):
        picking = self._delivery(600)
        self._invoice(self.partner, 0, 500)
        with self.assertRaises(UserError):
            self._validate(picking)

    def test_of_several_the_others_leave(self):
        other = self._customer(self._partner(name="Without limit"))
        held, free = self._delivery(1600), self._delivery(1600, partner=other.partner_id)
        self._validate(held | free)
        self.assertEqual((held.state, free.state), ("assigned", "done"))
        self.assertIn("is not delivered", "".join(held.message_ids.mapped("body")))

    def test_the_policy_may_warn_only(self):
        self.policy.sudo().effect_delivery = "warn"
        picking = self._delivery(1600)
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertIn("with a warning", "".join(picking.message_ids.mapped("body")))

    def test_a_paid_order_is_delivered(self):
        picking = self._delivery(1600)
        invoice = self._invoice_order(picking.sale_id)
        bank = self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False  # so that payments have no journal entry
        self._pay(invoice, 600)
        self.assertFalse(picking.sale_id._ar_is_settled())
        self._pay(invoice, 1000)
        self._invoice(self.partner, 0, 5000)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_an_order_that_is_paid_online_is_delivered(self):
        picking = self._delivery(1600)
        self._invoice(self.partner, 0, 5000)
        self.provider.code = "demo"
        transaction = self._create_transaction(
            "direct", amount=1600, currency_id=self.company.currency_id.id, partner_id=self.partner.id, state="pending"
        )
        transaction.sale_order_ids = picking.sale_id
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_a_part_that_is_paid_before_the_confirmation_is_not_enough_for_the_goods(self):
        self.provider.code = "demo"
        order = self._order(1600, product=self.goods, require_payment=True, prepayment_percent=0.25)
        transaction = self._create_transaction(
            "direct",
            amount=400,
            currency_id=self.company.currency_id.id,
            partner_id=self.partner.id,
            state="authorized",
        )
        transaction.sale_order_ids = order
        self._confirm(order)
        self._invoice(self.partner, 0, 5000)
        with self.assertRaises(UserError):
            self._validate(order.picking_ids)
        transaction.amount = 1600
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_an_order_whose_down_payment_is_the_whole_price_is_delivered(self):
        self.goods.invoice_policy = "delivery"
        picking = self._delivery(1600)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": picking.sale_id.ids,
                "advance_payment_method": "percentage",
                "amount": 100,
            }
        )
        invoice = wizard._create_invoices(picking.sale_id)
        invoice.invoice_date = self.TODAY
        invoice.action_post()
        self._invoice(self.partner, 0, 5000)
        with self.assertRaises(UserError):
            self._validate(picking)
        self._pay(invoice)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_what_costs_nothing_is_delivered(self):
        picking = self._delivery(0)
        self._invoice(self.partner, 0, 5000)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_a_credit_manager_releases_a_delivery(self):
        manager = self.credit_manager
        manager.group_ids |= self.env.ref("stock.group_stock_user")
        picking = self._delivery(1600).with_user(manager)
        with self._on():
            self.assertTrue(picking.ar_is_held)
            self.assertRegex(picking.ar_credit_text, "^On hold: Patient Payer.*exceeded by.*You may release it")
            action = picking.action_ar_release()
            dialog = self.env[action["res_model"]].with_user(manager).with_context(**action["context"])
            dialog.create({"reason": "Paid by Friday"}).action_release()
            picking.invalidate_recordset()
            self.assertFalse(picking.ar_is_held)
        self._validate(picking.sudo(False).with_user(self.env.user))
        self.assertEqual(picking.state, "done")

    def test_a_failure_of_the_check_holds_nobody(self):
        picking = self._delivery(1600)
        self.patch(self.registry["ar.credit.standing"], "_read", lambda *_args: 1 / 0)
        with mute_logger("odoo.addons.ar_collections.models.customers.core_flow"):
            self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_returns_are_never_held(self):
        picking = self._delivery(600)
        self._validate(picking)
        self._invoice(self.partner, 0, 5000)
        wizard = Form(self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking"))
        wizard = wizard.save()
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._validate(back)
        self.assertEqual(back.state, "done")

    def test_deliveries_without_an_order_are_not_looked_at(self):
        self._invoice(self.partner, 0, 5000)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    (0, 0, {"product_id": self.goods.id, "product_uom_qty": 1, "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id}),
                ],
            }
        )  # fmt: skip
        picking.action_confirm()
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_where_orders_do_not_count_what_is_delivered_is_checked(self):
        self.policy.exposure_orders = False
        picking = self._delivery(400, quantity=3)
        with self.assertRaises(UserError):
            self._validate(picking)
        self._validate(picking, quantity=2)
        self.assertEqual(picking.state, "done")

    def test_a_warehouse_worker_without_our_roles_is_told_whom_to_ask(self):
        worker = self._user_of_odoo("carries", "stock.group_stock_user")
        held, free = self._delivery(1600), self._delivery(10, partner=self._partner(name="New"))
        with self.assertRaisesRegex(UserError, "Ask"):
            self._validate(held, user=worker)
        self._validate(free, user=worker)
        self.assertEqual(free.state, "done")

    def test_no_context_key_passes(self):
        picking = self._delivery(1600)
        for key in ("bypass_risk", "skip_immediate", "cancel_backorder", "skip_sanity_check", "force"):
            with self.assertRaises(UserError):
                self._validate(picking.with_context(**{key: True}))
