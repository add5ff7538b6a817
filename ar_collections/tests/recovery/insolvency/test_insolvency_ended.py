"""What the opening ends and what follows: plans with automatic payments, dividends, tax, agencies by hand."""

from datetime import date, timedelta

from odoo.exceptions import UserError

from ...autopay.common_autopay import AutopayCase
from .common_insolvency import OPENED, InsolvencyCommon


class TestInsolventPlan(AutopayCase):
    def _open(self, **values):
        with self._on():
            insolvency = self.env["ar.insolvency"].with_user(self.collector)
            insolvency = insolvency.create({"customer_id": self.customer.id, "opened_on": self.TODAY, **values})
            self.env.flush_all()
        self.env.invalidate_all()
        return insolvency.with_user(self.env.user)

    def test_its_installments_are_neither_asked_for_nor_charged(self):
        self._agree()
        self._announce()
        self._open()
        self.assertEqual((self.plan.state, self.plan.ended_on), ("cancelled", self.TODAY))
        self.assertIn("insolvency proceedings were opened", self.plan.ended_reason)
        for day in (5, 35, 65):
            self.assertEqual(self._charge(day), {})
        self.assertEqual(self._outcomes(), [])
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        self.assertEqual(facts.installments, ())
        self.assertEqual([part.code for part in facts.items[0].exclusions], ["insolvent"])

    def test_what_was_paid_of_it_stays_paid(self):
        self._agree()
        self._announce()
        self._charge(5)
        self._book()
        insolvency = self._open()
        self.assertEqual(self.plan.state, "cancelled")
        self.assertEqual((self.invoice.amount_residual, insolvency.amount_open), (200.0, 200.0))

    def test_it_does_not_come_to_life_again(self):
        self.plan._set_state("broken", ended_on=self.TODAY)
        self._open()
        with self._on(), self.assertRaises(UserError):
            self.plan._reinstate("They paid the arrears")
        self.assertEqual(self.plan.state, "broken")


class TestInsolvencyFollowed(InsolvencyCommon):
    def test_a_dividend_is_an_ordinary_payment_of_old_debts_alone(self):
        insolvency = self._open()
        with self._on():
            action = insolvency.with_user(self.collector).action_dividend()
            wizard = self.env[action["res_model"]].with_context(**action["context"])
            payment = wizard.create({"amount": 40.0, "payment_date": self.TODAY, "group_payment": True})
            payment.action_create_payments()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.old.amount_residual + self.new.amount_residual, insolvency.amount_open), (360.0, 360.0))
        self.assertEqual(self.later.amount_residual, 50.0)
        self.assertEqual(sum(self._held().values()), 360.0, "the rest stays claimed")

    def test_without_old_debts_there_is_no_dividend(self):
        for invoice in (self.old, self.new):
            self._pay(invoice)
        insolvency = self._open()
        for method in ("action_dividend", "action_write_off"):
            with self.subTest(method), self._on(), self.assertRaisesRegex(UserError, "Nothing is open from before"):
                getattr(insolvency.with_user(self.collector), method)()

    def test_an_agency_without_email_is_told_on_the_case(self):
        self.agency.delivery = "download"
        placement = self._place(self.old)
        with self.mock_mail_gateway():
            self._open(court="District Court")
        self.assertFalse(self._new_mails)
        (note,) = placement.message_ids.filtered(lambda message: "District Court" in (message.body or ""))
        self.assertFalse(note.partner_ids)

    def test_tax_of_old_debts_becomes_a_task_where_the_law_says_from_the_opening(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        taxed = self._invoice(self.partner, overdue_days=100, amount=100.0)
        taxed.button_draft()
        taxed.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]
        taxed.action_post()
        insolvency = self._open()
        (task,) = insolvency.activity_ids.filtered(lambda task: "Tax of 1 unpaid" in task.summary)
        self.assertTrue(task)
        with self._on():
            insolvency.with_user(self.manager).opened_on = OPENED + timedelta(days=1)
        self.assertEqual(len(insolvency.activity_ids), 1, "once")

    def test_a_moratorium_gives_no_tax_back(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.old.button_draft()
        self.old.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]
        self.old.action_post()
        self.assertFalse(self._open(kind="moratorium", until=date(2026, 7, 9)).activity_ids)

    def test_what_has_ended_is_not_corrected(self):
        insolvency = self._open()
        self._finish(insolvency, "closed")
        with self._on(), self.assertRaisesRegex(UserError, "ended already"):
            insolvency.with_user(self.manager).opened_on = OPENED - timedelta(days=1)
        with self._on(), self.assertRaisesRegex(UserError, "cannot be changed"):
            insolvency.with_user(self.manager).customer_id = self._customer(self._partner(name="Another"))

    def test_an_account_that_was_merged_is_refused(self):
        other = self._partner(name="Late Payer twice")
        kept = self._customer(other)
        with self._on():
            self.env["base.partner.merge.automatic.wizard"].create({})._merge([other.id, self.partner.id], other)
        self.env.invalidate_all()
        gone = self.customer.exists()
        if gone:
            with self.assertRaisesRegex(UserError, "took it over"):
                self._open(customer=gone)
        self.assertTrue(self._open(customer=kept))

    def test_the_form_says_what_is_known(self):
        insolvency = self._open(kind="moratorium", until=date(2026, 7, 9), filing_deadline=date(2026, 6, 30))
        with self._on():
            text = self.customer.insolvency_text
            self.assertIn("Last day: ", text)
            self.assertIn("File the claim by ", text)
            insolvency.with_user(self.collector).filed_on = self.TODAY
            self.assertIn("Claim filed on ", self.customer.insolvency_text)
            self.assertNotIn("File the claim by ", self.customer.insolvency_text)
