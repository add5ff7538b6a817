from odoo import Command, fields
from odoo.tests import tagged

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderTill(ArOrderCommon):
    """What the till settles is confirmed: it calls `action_confirm` where an error would lose the sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("point_of_sale.group_pos_manager")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.product.available_in_pos = True
        journal = cls.env["account.journal"].create({"name": "Till", "type": "cash", "code": "TILL"})
        methods = cls.env["pos.payment.method"]
        cls.cash = methods.create({"name": "Cash", "journal_id": journal.id, "company_id": cls.company.id})
        cls.account = methods.create({"name": "On account", "split_transactions": True, "company_id": cls.company.id})
        cls.till = cls.env["pos.config"].create(
            {"name": "Till", "payment_method_ids": [Command.set((cls.cash | cls.account).ids)]}
        )
        cls.till.down_payment_product_id = cls._product(name="Down payment", available_in_pos=True)

    def _settle(self, order, amount=None, method=None, product=None, quantity=1):
        """Send from the till what it settles of a quotation, as its screen does."""
        if not self.till.current_session_id:
            self.till.open_ui()
        amount = order.amount_total if amount is None else amount
        line = {
            "discount": 0,
            "pack_lot_ids": [],
            "price_unit": amount / quantity,
            "product_id": (product or self.product).id,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "sale_order_origin_id": order.id,
            "sale_order_line_id": False if product else order.order_line[:1].id,
            "qty": quantity,
            "tax_ids": [],
        }
        payment = {"amount": amount, "name": fields.Datetime.now(), "payment_method_id": (method or self.cash).id}
        sale = {
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "to_invoice": False,
            "partner_id": order.partner_id.id,
            "pricelist_id": self.till.pricelist_id.id,
            "lines": [Command.create(line)],
            "session_id": self.till.current_session_id.id,
            "payment_ids": [Command.create(payment)],
            "user_id": self.env.uid,
        }
        with self._on():
            self.env["pos.order"].sync_from_ui([sale])
        return order.state

    def test_a_quotation_that_is_paid_at_the_till_is_confirmed(self):
        self._invoice(self.partner, 0, 5000)
        self.assertEqual(self._settle(self._order(1600)), "sale")

    def test_what_the_till_rounds_or_takes_off_is_paid_all_the_same(self):
        self._invoice(self.partner, 0, 5000)
        self.assertEqual(self._settle(self._order(1600), amount=1599.99), "sale")
        self.assertEqual(self._settle(self._order(1600), amount=1440), "sale")

    def test_a_part_of_the_quantity_is_paid_in_part(self):
        self._invoice(self.partner, 0, 5000)
        self.assertEqual(self._settle(self._order(800, quantity=2), amount=800), "draft")

    def test_what_goes_on_the_customer_account_is_credit_and_the_sale_of_the_till_stays(self):
        order = self._order(1600, user_id=self.env.user.id)
        self.assertEqual(self._settle(order, method=self.account), "draft")
        self.assertEqual(order.pos_order_line_ids.order_id.state, "paid")
        self.assertEqual(order.activity_ids.user_id, self.env.user)
        self.assertEqual(self._settle(self._order(400), method=self.account), "sale")

    def test_a_down_payment_at_the_till_is_kept_and_the_quotation_waits(self):
        order = self._order(1600)
        state = self._settle(order, amount=300, product=self.till.down_payment_product_id)
        self.assertEqual(state, "draft")
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        other = self._order(1600)
        self.assertEqual(self._settle(other, amount=600, product=self.till.down_payment_product_id), "sale")
