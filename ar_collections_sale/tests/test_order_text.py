from odoo.tests import Form, tagged

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderText(ArOrderCommon):
    """Quotations say in one line whether there is credit for them."""

    def _text(self, order):
        with self._on():
            order.invalidate_recordset(["ar_credit_text", "ar_credit_status"])
            return order.ar_credit_status, order.ar_credit_text

    def test_within_the_limit(self):
        self._invoice(self.partner, 0, 300)
        status, text = self._text(self._order(500))
        self.assertEqual(status, "good")
        for part in ("300.00", "1,000.00", "200.00", "left after this order"):
            self.assertIn(part, text)

    def test_over_the_limit(self):
        status, text = self._text(self._order(1500))
        self.assertEqual(status, "hold")
        for part in ("On hold: Patient Payer", "500.00", "release it"):
            self.assertIn(part, text)

    def test_a_group_with_less_room_is_the_one_that_is_named(self):
        head = self._customer(self._partner(name="Group"))
        head.with_user(self.credit_manager).write(
            {"credit_limit_kind": "amount", "credit_limit": 700, "is_group_limit": True}
        )
        self.partner.parent_id = head.partner_id
        self.assertIn("700.00", self._text(self._order(100))[1])

    def test_confirmed_orders_and_customers_without_limit_say_nothing(self):
        order = self._order(500)
        self._confirm(order)
        self.assertEqual(self._text(order), (False, False))
        self.assertEqual(self._text(self._order(500, partner=self._partner(name="New"))), (False, False))

    def test_it_follows_what_is_entered(self):
        with self._on(), Form(self._order(500)) as form:
            with form.order_line.edit(0) as line:
                line.price_unit = 2000
            self.assertEqual(form.ar_credit_status, "hold")
            with form.order_line.edit(0) as line:
                line.price_unit = 20
            self.assertEqual(form.ar_credit_status, "good")

    def test_a_list_is_read_with_the_same_number_of_queries_however_long_it_is(self):
        counts = []
        for number in (2, 6):
            orders = self.env["sale.order"].union(*(self._order(10) for _number in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.mapped("ar_credit_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
