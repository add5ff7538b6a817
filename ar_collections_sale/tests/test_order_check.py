from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderCheck(ArOrderCommon):
    """Quotations are held where the customer has no credit for them, each for itself."""

    def test_what_equals_the_limit_is_confirmed_and_a_cent_more_is_not(self):
        with self.assertRaisesRegex(UserError, "credit limit is exceeded by"):
            self._confirm(self._order(1000.01))
        order = self._order(1000)
        self.assertIs(self._confirm(order), True)
        self.assertEqual(order.state, "sale")

    def test_the_message_names_customer_reason_room_and_whom_to_ask(self):
        self._invoice(self.partner, 0, 300)
        order = self._order(900)
        with self.assertRaises(UserError) as caught:
            self._confirm(order)
        text = str(caught.exception)
        for part in (order.name, "Patient Payer", "exceeded by", "200.00", "300.00", "1,000.00", "release it"):
            self.assertIn(part, text)
        self.assertIn("200.00 too much with this order", text.replace("\N{NO-BREAK SPACE}", " "))
        self.assertEqual(order.state, "draft")

    def test_of_several_the_rest_is_confirmed_and_the_held_ones_are_listed(self):
        other = self._customer(self._partner(name="Without limit"))
        orders = self._order(600) | self._order(600) | self._order(400) | self._order(5000, partner=other.partner_id)
        action = self._confirm(orders)
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale", "sale"])
        self.assertIn(orders[1].name, action["params"]["message"])
        self.assertNotIn(orders[2].name, action["params"]["message"])

    def test_where_all_are_held_it_is_an_error(self):
        orders = self._order(1600) | self._order(2600)
        with self.assertRaises(UserError) as caught:
            self._confirm(orders)
        self.assertIn(orders[0].name, str(caught.exception))
        self.assertIn(orders[1].name, str(caught.exception))

    def test_orders_that_were_confirmed_before_count(self):
        self._confirm(self._order(600))
        with self.assertRaises(UserError):
            self._confirm(self._order(600))

    def test_the_policy_may_warn_or_inform_only(self):
        self.policy.sudo().effect_order = "warn"
        order = self._order(1600)
        action = self._confirm(order)
        self.assertEqual((order.state, action["tag"]), ("sale", "display_notification"))
        self.assertIn("with a warning", action["params"]["message"])
        self.policy.sudo().effect_order = "inform"
        order = self._order(1600)
        self.assertIs(self._confirm(order), True)

    def test_where_orders_do_not_count_they_are_confirmed_whatever_the_limit(self):
        self.policy.exposure_orders = False
        order = self._order(5000)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_who_is_over_the_limit_already_gets_no_order_even_where_orders_do_not_count(self):
        self.policy.exposure_orders = False
        self._invoice(self.partner, 0, 1200)
        with self.assertRaises(UserError):
            self._confirm(self._order(10))

    def test_customers_without_credit_pay_first(self):
        self.customer.with_user(self.credit_manager).write({"credit_limit_kind": "zero", "credit_limit": 0})
        with self.assertRaisesRegex(UserError, "gets no credit"):
            self._confirm(self._order(1))

    def test_an_order_that_costs_nothing_is_confirmed(self):
        self._invoice(self.partner, 0, 1200)
        order = self._order(0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_a_foreign_order_is_compared_in_company_currency(self):
        values = self._foreign()
        with self.assertRaises(UserError):
            self._confirm(self._order(2000.02, **values))
        order = self._order(2000, **values)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_an_order_in_a_currency_without_a_rate_is_not_held_for_its_amount(self):
        order = self._order(5000, **self._foreign(rate=0))
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_the_limit_of_the_group_counts(self):
        head = self._customer(self._partner(name="Group"))
        head.with_user(self.credit_manager).write(
            {"credit_limit_kind": "amount", "credit_limit": 500, "is_group_limit": True}
        )
        self.partner.parent_id = head.partner_id
        with self.assertRaisesRegex(UserError, "limit of the group"):
            self._confirm(self._order(600))

    def test_a_new_member_is_within_the_limit_of_the_group(self):
        head = self._customer(self._partner(name="Group"))
        self._limit(head, 500, is_group_limit=True)
        new, second = (self._partner(name=name, parent_id=head.partner_id.id) for name in ("New member", "Another"))
        order = self._order(600, partner=new)
        not_in_test = patch("odoo.modules.module.current_test", False)
        with self.assertRaisesRegex(UserError, "limit of the group"), self.env.cr.savepoint(), not_in_test:
            self._confirm(order)
        self.assertFalse(self._account(new), "the account is rolled back with the confirmation, and made once more")
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        self.assertTrue(self._account(new))
        self.assertTrue(order.ar_is_held)
        # What a member without an account ordered counts for all others, whatever policy it is under.
        second.parent_id = False
        self._confirm(self._order(300, partner=second))
        self.env["ar.customer"].search([("partner_id", "=", second.id)]).sudo().unlink()
        second.parent_id = head.partner_id
        with self.assertRaisesRegex(UserError, "limit of the group"):
            self._confirm(self._order(300, partner=head.partner_id))
        self._confirm(self._order(200, partner=new))
        self.assertEqual(self._fresh(self._account(second)), 300)

    def test_the_first_order_of_a_new_customer_is_checked(self):
        self.policy.sudo().rule_ids = [
            Command.create(
                {"code": "terms_too_long", "status": "hold", "use_days": True, "days": 30, "classes": "A, B, C, D, E"}
            )
        ]
        terms = self.env["account.payment.term"].create(
            {"name": "Long", "line_ids": [Command.create({"value_amount": 100, "nb_days": 90})]}
        )
        new = self._partner(name="New")
        with self.assertRaisesRegex(UserError, "may have 30"):
            self._confirm(self._order(10, partner=new, payment_term_id=terms.id))
        self.policy.sudo().effect_order = "inform"
        other = self._partner(name="Whom nothing stops")
        self._confirm(self._order(10, partner=other, payment_term_id=terms.id))
        self.assertFalse(self._account(other))

    def _account(self, partner):
        return self.env["ar.customer"].sudo().search([("partner_id", "=", partner.id)])

    def test_no_context_key_and_no_superuser_passes(self):
        order = self._order(1600)
        for key in ("bypass_risk", "ar_skip_credit", "skip_credit_check", "force", "tracking_disable", "from_portal"):
            with self.assertRaises(UserError), self._on():
                order.with_context(**{key: True}).action_confirm()
        with self.assertRaises(UserError), self._on():
            order.sudo().action_confirm()

    def test_a_failure_of_the_check_holds_nobody(self):
        order = self._order(1600)
        self.patch(self.registry["ar.credit.standing"], "_read", lambda *_args: 1 / 0)
        with mute_logger("odoo.addons.ar_collections.models.customers.core_flow"):
            self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_where_the_policy_only_informs_no_lock_is_taken(self):
        self.policy.sudo().effect_order = "inform"
        order, locked = self._order(1600), []
        self.patch(self.registry["ar.customer"], "_lock_rows", lambda accounts: locked.append(accounts))
        self._confirm(order)
        self.assertFalse(locked)

    def test_the_action_of_another_add_on_follows_the_warning(self):
        self.policy.sudo().effect_order = "warn"
        order = self._order(1600)
        effects = {order: order._ar_check_documents()[order.id]}
        action = {"type": "ir.actions.act_window", "res_model": "res.partner"}
        self.assertEqual(self.env["sale.order"]._ar_show(effects, action)["params"]["next"], action)

    def test_a_negative_order_makes_no_room_for_others(self):
        for counts in (True, False):
            self.policy.exposure_orders = counts
            negative, order = self._order(-500), self._order(1100)
            effects = (negative | order)._ar_check_documents()
            with self.subTest(counts=counts):
                self.assertEqual(effects[negative.id].taken, 0)
                self.assertEqual(effects[order.id].effect, "block" if counts else "nothing")

    def test_nothing_is_read_where_nobody_has_an_account(self):
        orders = self._order(10, partner=self._partner(name="New"))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertFalse(orders._ar_check_documents())
        self.assertLessEqual(self.env.cr.sql_log_count - before, 8)
