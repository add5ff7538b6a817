from datetime import date

from .common_owed import ArOwedCommon


class TestNonTradeAccounts(ArOwedCommon):
    """What is booked on a receivable account marked as non-trade is no debt of a customer: one rule everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.advances = cls.company_data["default_account_receivable"].copy({"code": "REC9", "non_trade": True})
        cls.employee = cls._partner(name="An Employee", email="employee@company.example.com")
        cls.advance = cls._entry(cls.employee, 400.0, account=cls.advances, day=date(2026, 4, 1))

    def _figures(self, partner):
        """Return what the readers of the ledger say about the partner: facts, items as of today, aging, debtors."""
        as_of, account = self.env["ar.as.of"], self._customer(partner)
        self.env.flush_all()
        return (
            sum(item.residual for item in self._facts(account).items),
            sum(item.residual for item in as_of._read_items(self.company, self.TODAY, partner.ids)),
            as_of._read_aging(self.company, self.TODAY, by="customer").get(partner.id),
            self.env["ar.top.debtor"].search([("partner_id", "=", partner.id)]).balance,
        )

    def test_an_advance_to_an_employee_is_never_reminded(self):
        self._run()
        self.assertFalse(self.env["ar.customer"].search([("partner_id", "=", self.employee.id)]))
        self.assertFalse(self._communications(self._customer(self.employee)))

    def test_it_is_in_no_figure(self):
        with self._on():
            self.assertEqual(self._figures(self.employee), (0, 0, None, 0))

    def test_an_invoice_booked_on_such_an_account_is_neither(self):
        self.employee.property_account_receivable_id = self.advances
        invoice = self._invoice(self.employee, 40, 900.0)
        self.assertEqual(self._debt(invoice).account_id, self.advances)
        with self._on():
            self.assertEqual(self._figures(self.employee), (0, 0, None, 0))
            sales = self.env["ar.metrics"]._measure_day(self.company, invoice.date)[0].credit_sales
            self.assertEqual(sales, 0)
        self._run()
        self.assertCode(self._customer(self.employee), "nothing_due")
        self.assertFalse(invoice.ar_next_step_id)

    def test_the_same_partner_as_a_customer_is_reminded_of_the_invoice_alone(self):
        self._invoice(self.employee, 4, 70.0)
        self.customer = self._customer(self.employee)
        self.assertEqual(self._requested(), 70)
        self.assertEqual(self.customer.balance, 70)

    def test_a_credit_on_such_an_account_covers_no_invoice(self):
        self._entry(self.employee, -500.0, account=self.advances)
        self._invoice(self.employee, 4, 70.0)
        self.customer = self._customer(self.employee)
        self.assertEqual(self._requested(), 70)

    def test_page_and_statement_show_trade_items_alone(self):
        invoice = self._invoice(self.employee, 4, 70.0)
        account = self._customer(self.employee)
        with self._on():
            rows = account._get_page_values()["groups"]
            self.assertEqual([row["name"] for group in rows for row in group["rows"]], [invoice.name])
            self.assertEqual(account._get_statement_values()["balance"], 70)

    def test_a_switched_account_is_followed_also_for_earlier_days(self):
        with self._on():
            self.advances.non_trade = False
            self.assertEqual(self._figures(self.employee)[:2], (400, 400))
            self.assertEqual(self.env["ar.as.of"]._read_aging(self.company, date(2026, 5, 1)).total, 400)
            self.advances.non_trade = True
            self.assertEqual(self._figures(self.employee), (0, 0, None, 0))
            self.assertEqual(self.env["ar.as.of"]._read_aging(self.company, date(2026, 5, 1)).total, 0)
