from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderBilling(ArOrderCommon):
    """Orders that the daily run invoices; ``TODAY`` is a Wednesday, the 10th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.sudo().effect_order = "nothing"
        cls.policy.write({"order_billing": "monthly", "order_billing_day": 10})

    def _confirmed(self, **values):
        order = self._order(**values)
        self._confirm(order)
        return order

    def _bill(self, day=None):
        """Run the step of the nightly run."""
        day = day or self.TODAY
        with self._on(day):
            self.env["sale.order"]._ar_bill_company(self.company, day)
        self.env.invalidate_all()

    def _left_out(self, order):
        return self.env["ar.order.left.out"].search([("order_id", "in", order.ids)])

    def test_a_billing_day_drafts_one_invoice_of_all_orders(self):
        orders = self._confirmed() | self._confirmed(amount=50)
        delivered = self._product(invoice_policy="delivery")
        waits = self._confirmed(product=delivered)
        self._bill(self.TODAY - timedelta(days=1))
        self.assertFalse(orders.invoice_ids)
        self._bill()
        self.assertEqual((orders.invoice_ids.state, orders.invoice_ids.amount_total), ("draft", 150))
        self.assertEqual(self._left_out(waits).reason, "nothing")
        self.assertFalse(self._left_out(orders[0]))
        self._bill()
        self.assertEqual(len(orders.invoice_ids), 1)
        self.company.ar_orders_billed_on = self.TODAY - timedelta(days=1)  # a run that was interrupted
        self._bill()
        self.assertEqual(len(orders.invoice_ids), 1)

    def test_when_delivered_and_posted(self):
        self.policy.write({"order_billing": "delivery", "order_billing_posts": True})
        order = self._confirmed(quantity=5, product=self._product(invoice_policy="delivery"))
        self._bill()
        self.assertFalse(order.invoice_ids | self._left_out(order).order_id.invoice_ids)
        order.order_line.qty_delivered = 2
        self._bill()
        invoice = order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total, invoice.invoice_date), ("posted", 200, self.TODAY))
        order.order_line.qty_delivered = 5
        self._bill()
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), 500)

    def test_a_missed_billing_day_is_made_up_for(self):
        self.customer.write({"order_billing": "weekly", "order_billing_weekday": "1"})  # a day of its own: Tuesday
        order = self._confirmed()
        self._bill()
        self.assertFalse(order.invoice_ids)
        self.company.ar_orders_billed_on = self.TODAY - timedelta(days=2)
        self._bill()
        self.assertTrue(order.invoice_ids)

    def test_what_is_left_out_and_why(self):
        self.env["ar.billing.requirement"].create({"customer_id": self.customer.id, "kind": "reference"})
        without, with_it, held = self._confirmed(), self._confirmed(client_order_ref="PO 7"), self._confirmed()
        held.write({"client_order_ref": "PO 8"})
        held.sudo().ar_held_on = "2026-06-01"
        self._bill()
        self.assertEqual((self._left_out(without).reason, without.invoice_ids.ids), ("reference", []))
        self.assertEqual(self._left_out(held).reason, "on_hold")
        self.assertEqual(with_it.invoice_ids.ref, "PO 7")
        without.client_order_ref = "PO 9"
        self.company.ar_orders_billed_on = False
        self._bill()
        self.assertTrue(without.invoice_ids)
        self.assertFalse(self._left_out(without))

    def test_one_failing_order_stops_nobody(self):
        bad, credit, good = self._confirmed(), self._confirmed(amount=-900), self._confirmed() | self._confirmed()
        stranger = self._confirmed(partner=self._partner(name="Another"))
        orders = type(bad)
        prepare = orders._prepare_invoice

        def fail(order):
            if order == bad:
                raise ValueError("Broken")
            return prepare(order)

        with patch.object(orders, "_prepare_invoice", fail), mute_logger(PROBLEM_LOG):
            self._bill()
        self.assertTrue(stranger.invoice_ids)
        self.assertEqual((len(good.invoice_ids), good.invoice_ids.amount_total), (1, 200))  # together, as without it
        self.assertEqual((self._left_out(credit).reason, credit.invoice_ids.ids), ("credit", []))
        self.assertEqual((self._left_out(bad).reason, self._left_out(bad).message), ("error", "ValueError: Broken"))
        problem = self.env["ar.problem"]._search_open(bad, "order_billing")
        self.assertIn("Orders Left Out", problem.advice)
        self._bill()
        self.assertFalse(bad.invoice_ids)  # once a day
        self._bill(self.TODAY + timedelta(days=1))  # which is no billing day
        self.assertTrue(bad.invoice_ids)
        self.assertTrue(problem.solved_on)
        self.assertFalse(self._left_out(bad))

    def test_orders_in_use_are_invoiced_by_the_next_run(self):
        orders = self._confirmed() | self._confirmed()
        with patch.object(type(orders), "try_lock_for_update", lambda records, **_values: records - orders[0]):
            self._bill()
        self.assertFalse(orders.invoice_ids)
        self._bill(self.TODAY + timedelta(days=1))
        self.assertEqual((len(orders.invoice_ids), orders.invoice_ids.amount_total), (1, 200))
        self._confirmed(partner=self._partner(name="Another"))  # no billing day is left
        self.assertFalse(self.env["sale.order"]._ar_find_due(self.company, self.TODAY + timedelta(days=2)))

    def test_orders_with_nothing_to_invoice_cost_little_and_once(self):
        delivered = self._product(invoice_policy="delivery")

        def count(number):
            orders = self.env["sale.order"].union(
                *(self._order(partner=partner, product=delivered) for partner in self._partners(number))
            )
            self._confirm(orders)
            self.company.ar_orders_billed_on = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._bill()
            self.env.flush_all()
            self.assertEqual(self._left_out(orders).mapped("reason"), ["nothing"] * number)
            return self.env.cr.sql_log_count - before

        spent = {number: count(number) for number in (1, 3, 13)}
        self.assertLessEqual(spent[13], spent[3] + 4, spent)
        self.company.ar_orders_billed_on = False
        self.assertFalse(self.env["sale.order"]._ar_find_due(self.company, self.TODAY))

    def test_an_invoice_that_cannot_be_posted_stays_a_draft(self):
        self.policy.order_billing_posts = True
        order = self._confirmed()
        moves = type(self.env["account.move"])
        with patch.object(moves, "_post", side_effect=ValueError("Locked")), mute_logger(PROBLEM_LOG):
            self._bill()
        self.assertEqual(order.invoice_ids.state, "draft")
        self.assertEqual(self._left_out(order).reason, "not_posted")
        self._bill()
        self.assertEqual((order.invoice_ids.state, len(self._left_out(order))), ("draft", 1))  # once a day
        tomorrow = self.TODAY + timedelta(days=1)
        self._bill(tomorrow)
        self.assertEqual((order.invoice_ids.state, order.invoice_ids.invoice_date), ("posted", tomorrow))
        self._bill(tomorrow)
        self.assertFalse(self._left_out(order))

    def test_a_customer_on_hold_gets_a_draft(self):
        self.policy.order_billing_posts = True
        self.policy.sudo().write({"effect_invoice": "block", "effect_delivered_invoice": "block"})
        order = self._confirmed(amount=1500)
        self._bill()
        self.assertEqual(order.invoice_ids.state, "draft")
        self.assertEqual(self._left_out(order).reason, "on_hold")
        self.assertTrue(order.invoice_ids.sudo().ar_held_on)

    def test_a_credit_note_is_left_to_people(self):
        self.policy.order_billing = "delivery"
        order = self._confirmed(product=self._product(invoice_policy="delivery"))
        order.order_line.qty_delivered = 1
        self._bill()
        with self._on():
            order.invoice_ids.action_post()
        order.order_line.qty_delivered = 0
        self._bill()
        self.assertEqual(len(order.invoice_ids), 1)
        self.assertEqual(self._left_out(order).reason, "credit")

    def test_what_a_person_credited_or_canceled_is_not_invoiced_again(self):
        self.policy.order_billing = "delivery"
        credited, canceled = self._confirmed(), self._confirmed(partner=self._partner(name="Another"))
        self._bill()
        canceled.invoice_ids.button_cancel()
        invoice = credited.invoice_ids
        with self._on():
            invoice.action_post()
            wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
            wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
            invoice.reversal_move_ids.action_post()
        self.assertEqual(credited.invoice_status, "to invoice")
        self._bill()
        self.assertEqual((len(credited.invoice_ids), len(canceled.invoice_ids)), (2, 1))
        self.assertEqual((self._left_out(credited) | self._left_out(canceled)).mapped("reason"), ["undone"] * 2)
        with self._on(self.TODAY + timedelta(days=1)):
            (credited | canceled)._create_invoices()  # a person makes them again
        for order in credited | canceled:
            order.order_line.product_uom_qty += 1
        self.assertEqual((credited | canceled).mapped("invoice_status"), ["to invoice"] * 2)
        self._bill(self.TODAY + timedelta(days=2))
        self.assertEqual((len(credited.invoice_ids), len(canceled.invoice_ids)), (4, 3))
        self.assertFalse(self._left_out(credited) | self._left_out(canceled))

    def test_what_people_invoice_from_now_on_is_off_the_list(self):
        failing = self._confirmed()
        others = self._confirmed(
            partner=self._partner(name="Another"), product=self._product(invoice_policy="delivery")
        )
        with mute_logger(PROBLEM_LOG):
            failing.sudo()._ar_leave_out("error", ValueError("Broken"), today=self.TODAY)
        problem = self.env["ar.problem"]._search_open(failing, "order_billing")
        self.customer.order_billing = "off"
        self._bill()
        self.assertFalse(self._left_out(failing))
        self.assertTrue(problem.solved_on)
        self.assertEqual(self._left_out(others).reason, "nothing")

    def test_invoiced_and_sent_by_themselves(self):
        self.policy.write({"order_billing_posts": True, "invoice_sending": "posting"})
        order = self._confirmed()
        self._bill()
        self.assertEqual(order.invoice_ids.ar_sending_ids.state, "waiting")

    def test_our_order_number_is_no_customer_reference(self):
        self.policy.invoice_sending = "posting"
        without, with_it = self._confirmed(), self._confirmed(client_order_ref="PO 7")
        self.env["ar.billing.requirement"].create({"customer_id": self.customer.id, "kind": "reference"})
        alone, together = (orders._create_invoices() for orders in (without, with_it | self._confirmed()))
        with self._on():
            (alone | together).action_post()
            rows = (alone | together).ar_sending_ids
            rows._judge()
            self.assertEqual(rows.mapped("reason"), ["reference"] * 2)
            alone.ref = "PO 9"  # entered by a person
            rows._judge()
        self.assertEqual((alone.ar_sending_ids.state, together.ar_sending_ids.state), ("waiting", "held"))

    def test_roles_and_companies(self):
        order = self._confirmed(product=self._product(invoice_policy="delivery"))
        self._bill()
        row = self._left_out(order)
        auditor = self._user("auditor")
        self.assertEqual(row.with_user(auditor).read(["reason", "amount_to_invoice"])[0]["reason"], "nothing")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            row.with_user(auditor).write({"reason": "error"})
        salesperson = self._user_of_odoo("sells", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            row.with_user(salesperson).read(["reason"])
        self.customer.with_user(self.collector).order_billing = "weekly"
        with self.assertRaises(AccessError):
            self.policy.with_user(self.collector).order_billing = "weekly"
