from datetime import timedelta

from lxml import html

from ..common import ArCommon


class TestAgingOverview(ArCommon):
    """The bar on the customer's form: each currency by age, credits apart."""

    def _rows(self, customer):
        """Return {currency: its cells}, as shown."""
        with self._on():
            customer.invalidate_recordset()
            tree = html.fromstring(customer.aging_html)
        rows = [
            [cell.text_content().strip().replace("\ufeff", "") for cell in row.xpath("td")]
            for row in tree.xpath("//tbody/tr[td]")
        ]
        return {row[0]: row[1:] for row in rows[::2]}

    def test_each_item_by_its_own_age(self):
        partner = self._partner()
        for late, amount in [(0, 10), (1, 20), (30, 30), (31, 40), (90, 50), (120, 60), (121, 70)]:
            self._invoice(partner, late, amount)
        self.assertEqual(
            self._rows(self._customer(partner))["USD"],
            [
                *("$\xa010.00", "$\xa050.00", "$\xa040.00", "$\xa050.00", "$\xa060.00", "$\xa070.00"),
                *("$\xa0270.00", "", "$\xa0280.00"),
            ],
        )

    def test_credits_have_a_column_of_their_own(self):
        customer, _invoice = self._late(5, 100)
        self._invoice(customer.partner_id, 1, 30, move_type="out_refund")
        cells = self._rows(customer)["USD"]
        self.assertEqual((cells[1], cells[-2], cells[-1]), ("$\xa0100.00", "$\xa0-30.00", "$\xa070.00"))

    def test_who_pays_for_others_has_a_second_table_with_them(self):
        customer, _invoice = self._late(5, 100)
        member, _invoice = self._late(40, 30)
        member.sudo().payer_id = customer
        collector = customer.with_user(self.collector)
        self.assertEqual(self._rows(collector)["USD"][-1], "$\xa0130.00")  # the second one
        self.assertIn("With the customer that it pays for", collector.aging_html)
        found = self.env["ar.customer"].with_user(self.collector).search(collector.action_open_group()["domain"])
        self.assertEqual(found, customer | member)
        self.assertEqual(self._rows(member.with_user(self.collector))["USD"][-1], "$\xa030.00")

    def test_currencies_never_mix(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        customer, _invoice = self._late(5, 100)
        self._invoice(customer.partner_id, 40, 50, currency_id=euro.id)
        rows = self._rows(customer)
        self.assertEqual(list(rows), ["USD", "EUR"])
        self.assertEqual((rows["USD"][-1], rows["EUR"][-1]), ("$\xa0100.00", "50.00\xa0€"))
        franc = self.setup_other_currency("CHF")
        self._invoice(customer.partner_id, 40, 50, currency_id=franc.id)
        franc.active = False  # what is open in it is still owed
        self.env.invalidate_all()
        self.assertEqual(list(self._rows(customer)), ["USD", "CHF", "EUR"])

    def test_widths_are_shares_of_what_is_open(self):
        customer, _invoice = self._late(5, 75)
        self._invoice(customer.partner_id, 0, 25)
        with self._on():
            self.assertIn("width: 25.00%", customer.aging_html)
            self.assertIn("width: 75.00%", customer.aging_html)

    def test_nothing_open_is_stated(self):
        customer, invoice = self._late()
        self._pay(invoice)
        with self._on():
            self.assertIn("No open items", customer.aging_html)

    def test_only_credits_divide_nothing_by_zero(self):
        refund = self._invoice(self._partner(), 1, 30, move_type="out_refund")
        self.assertEqual(self._rows(self._customer(refund.partner_id))["USD"][-1], "$\xa0-30.00")


class TestBehavior(ArCommon):
    """The customer's payment behavior so far, as read before a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer(cls._partner())

    def _paid(self, days_late, amount=100, ago=40):
        """Post an invoice paid that many days late, that many days ago."""
        day = self.TODAY - timedelta(days=ago)
        invoice = self._invoice(self.customer.partner_id, days_late, amount, today=day)
        self._pay(invoice, day=day)
        return invoice

    def _behavior_text(self):
        with self._on():
            self.customer.invalidate_recordset()
            return self.customer.behavior_text

    def test_days_are_weighted_by_amount(self):
        self._paid(5, 10)
        self._paid(10, 100)
        self.assertEqual(self._behavior_text(), "10 days late on average (paid in 12 months: 2)")

    def test_early_and_in_time(self):
        self._paid(-3)
        self.assertIn("3 days early", self._behavior_text())
        self._paid(3)
        self.assertIn("on the due date", self._behavior_text())

    def test_the_year_before_shows_the_trend(self):
        self._paid(20, ago=500)
        self._paid(5)
        self.assertEqual(
            self._behavior_text(), "5 days late on average (paid in 12 months: 1); previous year: 20 days late"
        )

    def test_what_is_still_open_does_not_count(self):
        invoice = self._invoice(self.customer.partner_id, 60, 100)
        self._pay(invoice, 40)
        self.assertEqual(self._behavior_text(), "No invoice was fully paid in the last 12 months")

    def test_what_a_credit_note_settled_was_not_paid(self):
        invoice = self._invoice(self.customer.partner_id, 60, 100)
        refund = self._invoice(self.customer.partner_id, 5, 100, move_type="out_refund")
        (self._debt(invoice) | self._debt(refund)).reconcile()
        self.assertIn("No invoice was fully paid", self._behavior_text())

    def test_a_payment_taken_back_is_forgotten(self):
        invoice = self._paid(5)
        self.assertIn("5 days late", self._behavior_text())
        self._debt(invoice).remove_move_reconcile()
        self.assertIn("No invoice was fully paid", self._behavior_text())

    def test_other_companies_and_customers_do_not_count(self):
        other, invoice = self._late(60)
        self._pay(invoice)
        self.assertIn("No invoice was fully paid", self._behavior_text())
        with self._on():
            self.assertIn("60 days late", other.behavior_text)


class TestTitles(ArCommon):
    def test_every_communication_has_a_title(self):
        customer, _invoice = self._late()
        self._run()
        reminder = self._communications(customer)
        self.assertEqual(reminder.display_title, reminder.step_id.name)
        with self._on():
            call = customer.with_user(self.collector)._log_call("reached", customer.partner_id)
        self.assertEqual(call.display_title, "Call")
