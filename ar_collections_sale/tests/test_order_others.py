from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderOthers(ArOrderCommon):
    """What other add-ons do when an order is confirmed is not done for one that is held.

    They book before they call `super()` or act after it, whatever we leave out in between.
    """

    def setUp(self):
        super().setUp()
        self.held, self.free = self._order(1600), self._order(400)

    def _card(self):
        """Return a loyalty card of the customer with which both quotations earn a point."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"reward_point_mode": "order", "reward_point_amount": 1})],
                "reward_ids": [Command.create({"reward_type": "discount", "discount": 5, "required_points": 100})],
            }
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "partner_id": self.partner.id, "points": 10})
        for order in self.held | self.free:
            order._update_programs_and_rewards()
        self.assertEqual((self.held | self.free).coupon_point_ids.coupon_id, card)
        return card

    def test_points_of_a_quotation_that_is_held_are_not_booked(self):
        card = self._card()
        self._confirm(self.held | self.free)
        self.assertEqual((self.held.state, self.free.state), ("draft", "sale"))
        self.assertEqual(card.points, 11)
        self.assertEqual(card.history_ids.mapped("order_id"), [self.free.id])
        self._limit(self.customer, 5000)
        self._confirm(self.held)
        self.assertEqual(card.points, 12)

    def test_an_order_of_the_shop_that_waits_books_no_points(self):
        card = self._card()
        self.provider.write({"code": "custom", "custom_mode": "wire_transfer"})
        transaction = self._create_transaction(
            "direct", amount=1600, currency_id=self.held.currency_id.id, partner_id=self.partner.id, state="pending"
        )
        transaction.sale_order_ids = self.held
        with self._on():
            self.held.sudo().action_confirm()
        self.assertEqual((self.held.state, card.points), ("draft", 10))

    def test_the_customer_of_a_quotation_that_is_held_gets_no_mail_of_the_template(self):
        mail = self.env["mail.template"].create(
            {"name": "Welcome", "model_id": self.env["ir.model"]._get_id("sale.order"), "subject": "Your order"}
        )
        template = self.env["sale.order.template"].create({"name": "Set", "mail_template_id": mail.id})
        (self.held | self.free).sale_order_template_id = template
        self._confirm(self.held | self.free)
        self.assertFalse(self.held.message_ids.filtered(lambda message: message.subject == "Your order"))
        self.assertTrue(self.free.message_ids.filtered(lambda message: message.subject == "Your order"))

    def test_the_check_comes_first_and_can_be_taken_away(self):
        model = self.registry["sale.order"]
        self.assertTrue(hasattr(model.action_confirm, "ar_original"))
        orders = self.env["sale.order"]
        orders._unregister_hook()
        try:
            self.assertFalse(hasattr(model.action_confirm, "ar_original"))
            with self.assertRaises(UserError):  # it is checked all the same
                self._confirm(self.held)
        finally:
            orders._register_hook()
        orders._register_hook()  # once is enough
        self.assertFalse(hasattr(model.action_confirm.ar_original, "ar_original"))

    def test_a_quotation_that_is_canceled_and_opened_again_is_checked_again(self):
        """ERPNext let closed orders be opened again without a check (frappe/erpnext#33967)."""
        self._confirm(self.free)
        self.free._action_cancel()
        other = self._order(800)
        self._confirm(other)
        self.free.action_draft()
        with self.assertRaises(UserError):
            self._confirm(self.free)

    def test_a_quotation_that_was_sent_is_checked(self):
        """An Odoo add-on checked drafts alone (Vauxoo/addons-vauxoo#1081)."""
        self.held.action_quotation_sent()
        with self.assertRaises(UserError):
            self._confirm(self.held)
