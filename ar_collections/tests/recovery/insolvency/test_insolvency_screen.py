"""What the customer's form still offers in insolvency proceedings, and what it says instead."""

from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import UserError

from .common_insolvency import InsolvencyCommon

#: Buttons that would only be refused where all is from before the opening.
USELESS = ("action_promise", "action_new_payment_plan", "action_settle", "action_place")


class TestInsolvencyScreen(InsolvencyCommon):
    def test_without_proceedings_nothing_is_hidden(self):
        self._pay(self.later)
        self.assertEqual((self.customer.insolvency_text, self.customer.is_all_insolvent), (False, False))

    def test_nothing_is_left_to_agree_on_when_all_is_from_before(self):
        self._pay(self.later)
        self._open()
        with self._on():
            self.assertTrue(self.customer.is_all_insolvent)
            for name in ("action_settle", "action_place", "action_promise"):
                with self.subTest(name), self.assertRaises(UserError):
                    getattr(self.customer.with_user(self.collector), name)()
        self.assertIn("stays on hold", self.customer.insolvency_text)

    def test_later_debts_can_be_agreed_on(self):
        self._open()
        with self._on():
            self.assertFalse(self.customer.is_all_insolvent)
            wizard = self.env["ar.settlement.new"].browse(
                self.customer.with_user(self.collector).action_settle()["res_id"]
            )
        self.assertEqual(wizard.move_line_ids, self._debt(self.later))

    def test_a_credit_is_nothing_to_agree_on(self):
        self._pay(self.later)
        self._invoice(self.partner, amount=20.0, move_type="out_refund")
        self._open()
        with self._on():
            self.assertTrue(self.customer.is_all_insolvent)

    def test_the_form_hides_what_leads_to_a_refusal(self):
        customers = self.env["ar.customer"].with_user(self.credit_manager)
        arch = etree.fromstring(customers.get_view(view_type="form")["arch"])
        for name in USELESS:
            (button,) = arch.xpath(f"//header/button[@name='{name}']")
            self.assertIn("is_all_insolvent", button.get("invisible"), name)
        (release,) = arch.xpath("//button[@name='action_credit_release']")
        self.assertIn("insolvency_text", release.get("invisible"))

    def test_proceedings_in_another_branch_are_named(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.collector.company_ids |= branch
        account = self.env["ar.customer"].sudo()._ensure_for_partners(self.partner, branch).sudo(False)
        self._open()
        with self._on():
            self.assertEqual(account.insolvency_text, self.customer.insolvency_text)
            self.assertTrue(account.is_all_insolvent)
            self.assertEqual(account.insolvency_count, 0)

    def test_a_moratorium_that_is_over_is_not_named_before_the_night_ends_it(self):
        self._pay(self.later)
        until = date(2026, 7, 9)
        insolvency = self._open(kind="moratorium", until=until)
        for day, is_named in ((until, True), (until + timedelta(days=1), False)):
            self.env.invalidate_all()
            with self._on(day):
                named = (bool(self.customer.insolvency_text), self.customer.is_all_insolvent)
                rows = [row for row in self.customer._get_agreement_rows() if row["title"] == "Insolvency proceedings"]
            self.assertEqual((*named, bool(rows)), (is_named,) * 3)
        self.assertEqual(insolvency.state, "open")

    def test_many_customers_cost_as_few_queries_as_one(self):
        others = self.env["ar.customer"]
        for number in range(4):
            others |= self._customer(self._partner(name=f"Insolvent {number}"))
        for customer in others:
            self._open(customer=customer)
        counts = []
        for customers in (others[:1], others):
            self.env.invalidate_all()
            customers.fetch(["partner_id", "company_id"])
            before = self.env.cr.sql_log_count
            customers.mapped("insolvency_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
