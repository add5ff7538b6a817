import random

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderExposure(ArOrderCommon):
    """Confirmed orders that are not invoiced count for the exposure, each amount once."""

    def _confirmed(self, *args, **values):
        order = self._order(*args, **values)
        self.policy.sudo().effect_order = "inform"
        self._confirm(order)
        return order

    def _invoice_order(self, order, quantity=None):
        """Create a draft invoice of an order, of a part of its quantity where one is given."""
        invoice = order._create_invoices()
        if quantity is not None:
            invoice.invoice_line_ids.filtered("sale_line_ids").quantity = quantity
        invoice.invoice_date = self.TODAY
        return invoice

    def test_an_order_counts_from_its_confirmation_to_its_cancellation_delivered_or_not(self):
        order = self._order(600, product=self._product(invoice_policy="delivery"))
        self._book()
        self.assertEqual(self._lines(self.customer), {})
        self._confirm(order)
        self.assertEqual(self._book(), 1)
        self.assertEqual(self._lines(self.customer), {"orders": 600})
        order._action_cancel()
        self.assertEqual(self._book(), 1)
        self.assertEqual(self._lines(self.customer), {})

    def test_taxes_and_discounts_are_included(self):
        order = self._order(200, tax_ids=self.company_data["default_tax_sale"].ids)
        order.order_line.discount = 10
        self._confirm(order)
        self._book()
        self.assertAlmostEqual(self.customer.exposure, order.amount_total, 2)
        self.assertGreater(order.amount_total, 180)

    def test_what_is_taken_back_in_exchange_is_deducted(self):
        back = Command.create({"product_id": self.product.id, "product_uom_qty": -2, "price_unit": 100, "tax_ids": []})
        order = self._order(1200)
        order.order_line = [back]
        self._confirm(order)  # exactly the limit
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 1000})

    def test_changed_lines_count(self):
        order = self._confirmed(100)
        self._book()
        order.order_line.write({"product_uom_qty": 3, "price_unit": 100})
        self.assertEqual(self._book(), 1)
        self.assertEqual(self._lines(self.customer), {"orders": 300})
        order.order_line.qty_delivered = 4
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 400})
        order.write({"order_line": [Command.create({"product_id": self.product.id, "price_unit": 50, "tax_ids": []})]})
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 450})

    def test_a_draft_and_its_order_count_once(self):
        order = self._confirmed(100, quantity=10)
        invoice = self._invoice_order(order, 4)
        self._book()
        self.assertEqual(self._lines(self.customer), {"drafts": 400, "orders": 600})
        self.policy.exposure_drafts = False
        self._night()
        self.assertEqual(self._lines(self.customer), {"orders": 1000})
        invoice.action_post()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 400, "orders": 600})
        invoice.button_draft()
        invoice.button_cancel()
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 1000})

    def test_a_draft_credit_note_does_not_count_its_order_again(self):
        order = self._confirmed(500)
        invoice = self._invoice_order(order)
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        refund = wizard.create({"journal_id": invoice.journal_id.id, "date": self.TODAY}).reverse_moves()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 500})
        self.env["account.move"].browse(refund["res_id"]).action_post()
        self._book()
        self.assertEqual(self.customer.exposure, 500)  # Odoo, too, waits to invoice it again

    def test_down_payments_are_deducted(self):
        order = self._confirmed(1000)
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": order.ids, "advance_payment_method": "fixed", "fixed_amount": 300}
        )
        down_payment = wizard._create_invoices(order)
        self._book()
        self.assertEqual(self._lines(self.customer), {"drafts": 300, "orders": 700})
        down_payment.invoice_date = self.TODAY
        down_payment.action_post()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 300, "orders": 700})
        final = order._create_invoices(final=True)
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 300, "drafts": 700})
        self.assertEqual(final.amount_total, 700)

    def test_orders_do_not_count_where_the_policy_says_so(self):
        self._confirmed(600)
        self.policy.exposure_orders = False
        self._night()
        self.assertEqual(self._lines(self.customer), {})

    def test_a_foreign_order_counts_at_its_rate(self):
        self._confirmed(300, **self._foreign())
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 150})

    def test_an_order_in_a_currency_without_a_rate_is_left_out_and_named(self):
        self._confirmed(300, **self._foreign(rate=0))
        with mute_logger("odoo.addons.ar_collections.models.customers.nightly.ar_problem"):
            self._book()
        self.assertEqual(self._lines(self.customer), {})
        with self._on():
            self.assertIn("XFC", self.customer.credit_html)

    def test_an_order_counts_for_who_gets_the_invoice(self):
        payer = self._customer(self._partner(name="Head office"))
        self._limit(payer, 1000)
        order = self._confirmed(200, partner_invoice_id=payer.partner_id.id)
        self._book()
        self.assertEqual((self._lines(self.customer), self._lines(payer)), ({}, {"orders": 200}))
        self._invoice_order(order)
        self._book()
        self.assertEqual(self._lines(payer), {"drafts": 200})
        order.partner_invoice_id = self.partner
        self._book()
        self.assertEqual(self.customer.exposure, 0)

    def test_orders_of_branches_count_and_those_of_other_companies_do_not(self):
        other = self._create_company(name="Elsewhere")
        self._confirmed(200)
        exposures = self.env["ar.credit.exposure"]
        self.assertEqual(exposures._read(self.partner, self.company)[self.partner.id].orders, 200)
        self.assertEqual(exposures._read(self.partner, other)[self.partner.id].orders, 0)

    def test_reading_takes_two_queries_however_many_customers_there_are(self):
        counts = []
        for number in (1, 5):
            partners = self.env["res.partner"].union(*self._partners(number))
            for partner in partners:
                self._confirmed(10, partner=partner)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["ar.credit.exposure"]._read_orders(partners, self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [2, 2])

    @tagged("ar_random")
    def test_random_histories_end_with_what_orders_and_ledger_say(self):
        self.policy.sudo().effect_order = "inform"
        for seed in range(2):
            history, orders, moves = random.Random(seed), [], []
            for _number in range(15):
                self._do_something(history, orders, moves)
                if history.random() < 0.4:
                    self._check_exposure(seed)
            self._check_exposure(seed)

    def _check_exposure(self, seed):
        self._book()
        self.env.invalidate_all()
        self.assertAlmostEqual(self.customer.exposure, self._fresh(), 2, f"seed {seed}")
        self.assertAlmostEqual(self.customer.exposure, self._ledger(self.partner) + self._open_orders(), 2, seed)

    def _open_orders(self):
        """Return what is to be invoiced of the orders, by the ORM."""
        orders = self.env["sale.order"].search([("partner_id", "=", self.partner.id), ("state", "=", "sale")])
        return sum(
            max(max(line.product_uom_qty, line.qty_delivered) - line.qty_invoiced, 0) * line.price_unit
            for line in orders.order_line
        )

    def _do_something(self, history, orders, moves):
        """Do something at random with orders and invoices."""
        quantity, price = history.randint(1, 9), history.randint(100, 9000) / 100
        confirmed = [order for order in orders if order.state == "sale"]
        drafts = [move for move in moves if move.state == "draft"]
        kind = history.choice(("order", "order", "change", "deliver", "invoice", "invoice", "post", "cancel", "reset"))
        if kind == "order":
            orders.append(self._order(price, quantity=quantity))
            self._confirm(orders[-1])
        elif kind == "change" and confirmed:
            line = history.choice(confirmed).order_line[0]
            line.product_uom_qty = max(quantity, line.qty_invoiced)
        elif kind == "deliver" and confirmed:
            history.choice(confirmed).order_line[0].qty_delivered = quantity
        elif kind == "invoice" and (left := [order for order in confirmed if order.invoice_status == "to invoice"]):
            moves.append(self._invoice_order(history.choice(left), 1))
        elif kind == "post" and drafts:
            history.choice(drafts).action_post()
        elif kind == "cancel" and (free := [order for order in confirmed if not order.invoice_ids]):
            history.choice(free)._action_cancel()
        elif kind == "reset" and (posted := [move for move in moves if move.state == "posted"]):
            history.choice(posted).button_draft()
