from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.worklist import priority
from odoo.addons.ar_collections.messages import PRIORITY_PARTS

from ..common import ArCommon


class TestPriority(ArCommon):
    """The nightly run stores whom to work on first, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_priority_large_amount = 1000

    def _parts(self, customer):
        """Return {code: points}, as stored."""
        self.env.invalidate_all()
        return {part["code"]: part["points"] for part in customer.priority_parts or ()}

    def test_the_run_stores_points_and_their_parts(self):
        customer, _invoice = self._late(45, 500)
        self._run()
        self.assertEqual(self._parts(customer), {"overdue": 15, "age": 10, "not_contacted": 10})
        self.assertEqual(customer.priority_score, 35)

    def test_the_parts_are_texts_with_points(self):
        customer, _invoice = self._late(45, 500)
        self._run()
        self.assertEqual(
            customer.priority_text, "$\xa0500.00 to collect: 15 · 45 days late: 10 · No contact for 30 days: 10"
        )
        for text in ("45 days late", "35"):
            self.assertIn(text, customer.priority_html)

    def test_whoever_owes_nothing_has_no_points_any_more(self):
        customer, invoice = self._late(45, 500)
        self._run()
        self._pay(invoice)
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual((customer.priority_score, customer.priority_text), (0, ""))
        self.assertFalse(customer.priority_parts)
        self.assertFalse(customer.priority_html)

    def test_the_list_starts_with_the_most_points(self):
        small, _invoice = self._late(5, 10, name="Small")
        large, _invoice = self._late(5, 900, name="Large")
        old, _invoice = self._late(200, 900, name="Old")
        self._run()
        customers = self.env["ar.customer"].search([("id", "in", (small | large | old).ids)])
        self.assertEqual(customers.mapped("partner_id.name"), ["Old", "Large", "Small"])

    def test_a_dry_run_stores_nothing(self):
        customer, _invoice = self._late(45, 500)
        self._run(dry_run=True)
        self.assertEqual(customer.priority_score, 0)

    def test_the_same_day_twice_gives_the_same(self):
        customer, _invoice = self._late(45, 500)
        self._run()
        first = self._parts(customer)
        self._run()
        self.assertEqual(self._parts(customer), first)

    def test_a_bad_debtor_of_this_company(self):
        customer, _invoice = self._late(45, 500)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        customer.partner_id.with_company(other).trust = "bad"
        self._run()
        self.assertNotIn("risk", self._parts(customer))
        customer.partner_id.with_company(self.company).trust = "bad"
        self._run()
        self.assertEqual(self._parts(customer)["risk"], 10)

    def test_a_customer_of_the_worst_risk_class(self):
        customer, _invoice = self._late(45, 500)
        for risk_class, expected in (("D", None), ("E", 10)):
            customer.sudo().risk_class = risk_class
            self._run()
            self.assertEqual(self._parts(customer).get("risk"), expected)

    def test_who_cannot_be_written_to(self):
        customer, _invoice = self._late(4, 10, email=False, street=False)
        self._run()
        self.assertEqual(self._parts(customer)["no_address"], 10)

    def test_a_postal_address_does_not_help_a_step_by_mail(self):
        customer, _invoice = self._late(4, 10, email=False)
        self._run()
        self.assertCode(customer, "no_address")
        self.assertEqual(self._parts(customer)["no_address"], 10)

    def test_promises_and_disputes_come_in_by_number(self):
        customer, _invoice = self._late(45, 500)
        model = type(self.env["ar.customer"])
        with (
            patch.object(model, "_read_broken_promises", lambda customers, today: {customer.id: 2}),
            patch.object(model, "_read_late_disputes", lambda customers, today: {customer.id: 1}),
        ):
            self._run()
        self.assertEqual(self._parts(customer)["broken_promise"], 15)
        self.assertEqual(self._parts(customer)["late_dispute"], 10)
        self.assertIn("Broken promises (2): 15", customer.priority_text)

    def test_the_weights_are_the_companys(self):
        customer, _invoice = self._late(45, 500)
        self.company.write({"ar_priority_overdue": 100, "ar_priority_age": 0, "ar_priority_unreached": 0})
        self._run()
        self.assertEqual(self._parts(customer), {"overdue": 50})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.company.ar_priority_age = -1
            self.env.flush_all()

    def test_without_a_large_amount_it_is_found_among_the_late_customers(self):
        self.company.ar_priority_large_amount = 0
        for number, partner in enumerate(self._partners(10), 1):
            self._invoice(partner, 5, number * 100)
        self._run()
        self.assertEqual(self.company._ar_get_priority_weights().large_amount, Decimal(1000))

    def test_nobody_late_is_no_reason_to_fail(self):
        self.company.ar_priority_large_amount = 0
        empty = self.env["res.company"].create({"name": "Brand New"})
        self.assertEqual(empty._ar_get_priority_weights().large_amount, Decimal(1))

    def test_every_part_has_a_text(self):
        self.assertEqual(set(PRIORITY_PARTS), set(priority.CODES))
        customer, _invoice = self._late()
        for code in priority.CODES:
            text = customer._get_priority_text({"code": code, "points": 1, "number": 3, "amount": "12.5"})
            self.assertNotIn("%", text)

    def test_the_settings_reach_the_company(self):
        self.env["res.config.settings"].sudo().create({"company_id": self.company.id}).write({"ar_priority_risk": 7})
        self.assertEqual(self.company.ar_priority_risk, 7)

    def test_money_in_another_currency_is_weighed_in_company_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2, "currency_id": euro.id, "company_id": self.company.id}
        )
        invoice = self._invoice(self._partner(), 5, 400, currency_id=euro.id)
        customer = self._customer(invoice.partner_id)
        self._run()
        self.assertEqual(customer.priority_parts[0]["amount"], "200")
