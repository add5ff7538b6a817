from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_delivery import ArDeliveryCommon


@tagged("post_install", "-at_install")
class TestUndelivered(ArDeliveryCommon):
    """Invoices for goods that were not delivered are flagged, and not reminded where the policy says so."""

    def setUp(self):
        super().setUp()
        self.picking = self._delivery(50, quantity=4)
        self.order = self.picking.sale_id

    def _exclusions(self):
        """Return the amounts that are left out of reminders for not being delivered."""
        facts = self.env["ar.facts"]._gather(self.customer.sudo(), self.TODAY)[self.customer.id]
        found = [exclusion for item in facts.items for exclusion in item.exclusions]
        return [float(exclusion.amount) for exclusion in found if exclusion.code == "not_delivered"]

    def test_an_invoice_says_what_was_not_delivered(self):
        invoice = self._invoice_order(self.order)
        self.assertIn("200.00", invoice.ar_undelivered_text)
        self.assertEqual(self._debt(invoice).ar_undelivered_text, invoice.ar_undelivered_text)
        self._validate(self.picking, quantity=3)
        self.env.invalidate_all()
        self.assertIn("50.00", invoice.ar_undelivered_text)

    def test_of_two_invoices_the_earlier_one_is_delivered_first(self):
        first, second = self._invoice_order(self.order, 2), self._invoice_order(self.order, 2, price_unit=80)
        self._validate(self.picking, quantity=3)
        self.env.invalidate_all()
        self.assertFalse(first.ar_undelivered_text)
        self.assertIn("80.00", second.ar_undelivered_text)
        self._credit(first, quantity=1)  # a whole piece, at its own price
        self.assertFalse(second.ar_undelivered_text)

    def test_what_was_credited_is_not_waited_for(self):
        invoice = self._invoice_order(self.order)
        self._validate(self.picking, quantity=3)
        self._credit(invoice, quantity=1)
        self.assertFalse(invoice.ar_undelivered_text)

    def test_what_came_back_was_delivered_whatever_was_credited_for_it(self):
        """Of 4 at 50, 3 are delivered, 2 come back and are credited at 30; the 20 each that are kept are owed."""
        invoice = self._invoice_order(self.order)
        self._validate(self.picking, quantity=3)
        dialog = self.env["stock.return.picking"].with_context(active_id=self.picking.id, active_model="stock.picking")
        dialog = dialog.create({})
        dialog.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(dialog.action_create_returns()["res_id"])
        self._validate(back)
        self._credit(invoice, price_unit=5)  # a rebate for all of them is about the price
        self._credit(invoice, quantity=2, price_unit=30)
        self.assertIn("30.00", invoice.ar_undelivered_text)  # 0.6 of a piece: 4 less 1 kept, 2 back and 0.4 of rebate

    def test_a_credit_note_about_the_price_delivers_nothing(self):
        """Of 4 at 50 a tenth of the price is credited, nothing is delivered: the rest of the price is waited for."""
        invoice = self._invoice_order(self.order)
        self._credit(invoice, price_unit=5)
        self.assertIn("180.00", invoice.ar_undelivered_text)

    def test_services_and_what_is_paid_are_not_flagged(self):
        service = self._order(100)
        self._confirm(service)
        self.assertFalse(self._invoice_order(service).ar_undelivered_text)
        invoice = self._invoice_order(self.order)
        self._pay(invoice)
        self.assertFalse(invoice.ar_undelivered_text)

    def test_by_default_it_is_only_flagged(self):
        self._invoice_order(self.order)
        self.assertEqual(self._exclusions(), [])

    def test_where_the_policy_waits_what_was_not_delivered_is_left_out(self):
        self.policy.sudo().waits_for_delivery = True
        invoice = self._invoice_order(self.order)
        self.assertEqual(self._exclusions(), [200])
        self._run()
        self.assertCode(self.customer, "not_delivered")
        self._validate(self.picking, quantity=3)
        self.assertEqual(self._exclusions(), [50])
        self._pay(invoice, 150)
        self.assertEqual(self._exclusions(), [50])

    def test_once_it_is_delivered_it_is_reminded(self):
        self.policy.sudo().waits_for_delivery = True
        self._invoice_order(self.order).line_ids.filtered("date_maturity").date_maturity = "2026-06-01"
        self._run()
        self.assertEqual(self._states(self.customer), [])
        self._validate(self.picking)
        self._run()
        self.assertEqual(len(self._states(self.customer)), 1)

    def test_only_managers_change_the_policy(self):
        with self.assertRaises(AccessError):
            self.policy.with_user(self.collector).waits_for_delivery = True

    def test_billers_see_it_without_reading_orders(self):
        biller = self._user_of_odoo("bills", "account.group_account_invoice")
        invoice = self._invoice_order(self.order)
        self.assertIn("200.00", invoice.with_user(biller).ar_undelivered_text)

    def test_large_amounts_are_in_the_risk_register(self):
        register = self.env["ar.credit.risk"].sudo()
        own = [("company_id", "=", self.company.id), ("kind", "=", "not_received")]
        self._invoice_order(self.order)
        with self._on():
            register._rebuild_company(self.company, self.TODAY)
        risk = register.search(own)
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 200))
        self.assertIn("open invoices: 1", risk.text)
        self._validate(self.picking)
        self.company.sudo().ar_risks_on = False
        with self._on():
            register._rebuild_company(self.company, self.TODAY)
        self.assertFalse(register.search(own))

    def test_many_invoices_take_one_query(self):
        invoices = self._invoice_order(self.order, 1) | self._invoice_order(self.order, 1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            found = self.env["ar.facts"]._read_undelivered(set(invoices.ids))
        self.assertEqual(found, dict.fromkeys(invoices.ids, 50))
