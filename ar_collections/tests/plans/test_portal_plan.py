import re
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class ArPlanPortalCommon(ArPortalCommon):
    """Two late invoices of 200 and 100 on the customer's page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"plan_workdays": False, "plan_installments_max": 6})
        cls.other_payer = cls._partner(name="Other Payer")
        cls.foreign_invoice = cls._invoice(cls.other_payer, overdue_days=9, amount=177.0)
        cls.other_customer = cls._customer(cls.other_payer)

    def _path(self, suffix="", customer=None, token=None, **query):
        customer = customer or self.customer
        query = {"access_token": self._key(customer) if token is None else token, **query}
        return f"/my/receivables/{customer.id}/plan{suffix}?" + "&".join(f"{k}={v}" for k, v in query.items())

    def _form(self, *invoices, **query):
        """Open the form for these invoices; return the response."""
        items = "".join(f"&item={self._item(invoice).id}" for invoice in invoices)
        return self.url_open(self._path(**query) + items)

    def _hidden(self, response):
        """Return the fields of the form that accepts a plan, as the browser would send them."""
        form = re.search(r"<form[^>]*o_ar_plan_accept.*?</form>", response.text, re.S)
        self.assertTrue(form, "There is nothing to accept on the page.")
        fields = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', form.group(0)):
            fields.setdefault(name, []).append(value)
        return fields

    def _accept(self, response, name="Pat Payer", suffix="", customer=None, **changes):
        """Give a name, tick and press the button of a page; return the response."""
        customer = customer or self.customer
        data = {**self._hidden(response), "name": name, "accept": "1", **changes}
        data = {key: value for key, value in data.items() if value is not None}
        return self.url_open(f"/my/receivables/{customer.id}/plan{suffix}", data=data, method="POST")

    def _plans(self, customer=None):
        self.env.invalidate_all()
        return self.env["ar.payment.plan"].search([("customer_id", "=", (customer or self.customer).id)])

    def _make(self, *invoices, **query):
        """Ask for a plan over the invoices and accept it; return the plan."""
        form = self._form(*(invoices or (self.old, self.new)), **{"count": 3, **query})
        self._accept(form)
        return self._plans()[:1]

    def _staff_plan(self, customer=None, invoice=None, user=None, propose=True):
        """Let a collector draft a plan over an invoice (by default the old one: 200), and propose it."""
        customer, invoice = customer or self.customer, invoice or self.old
        line = self._item(invoice)
        amount = customer._get_free_amounts()[line.id]
        schedule = customer._get_schedule(amount, line.currency_id, "month", self.TODAY + timedelta(days=5), 2)
        plan = self.env["ar.payment.plan"]._make(customer, {line.id: None}, schedule, requested_by_id=self.collector.id)
        if propose:
            plan.action_propose()
        return plan

    def _assert_not_there(self, response):
        self.assertEqual(response.status_code, 404)
        self.assertIn("This link is no longer valid", response.text)
        self.assertNotIn("PLAN/", response.text)


class TestAskForAPlan(ArPlanPortalCommon):
    def test_the_button_leads_to_the_form(self):
        self.assertIn("Pay in installments", self._page().text)
        data = {"access_token": self._key(self.customer), "ask": "plan", "item": [self._item(self.old).id]}
        form = self.url_open(f"/my/receivables/{self.customer.id}/ask", data=data)
        self.assertIn("/plan?", form.url)
        self.assertIn("200.00", form.text)
        self.assertNotIn("o_ar_plan_accept", form.text)

    def test_no_button_where_the_policy_offers_none(self):
        self.policy.plan_portal = False
        self.assertNotIn("Pay in installments", self._page().text)
        self._assert_not_there(self._form(self.old))

    def test_the_schedule_is_shown_before_anything_is_agreed(self):
        form = self._form(self.old, self.new, count=3)
        self.assertEqual(form.text.count("100.00"), 3 + 1)  # three installments, and the newer invoice
        self.assertIn("unpaid 3 days after its date", form.text)
        self.assertFalse(self._plans())

    def test_accepted_inside_the_limits_it_runs_at_once(self):
        page = self._accept(self._form(self.old, self.new, count=3))
        plan = self._plans()
        self.assertIn(f"/plan/{plan.id}", page.url)
        self.assertIn("the plan is agreed", page.text)
        self.assertEqual((plan.state, plan.origin, plan.amount_total), ("active", "portal", 300.0))
        self.assertEqual((plan.accepted_name, plan.accepted_ip), ("Pat Payer", "127.0.0.1"))
        self.assertTrue(plan.terms and plan.terms_version)
        self.assertFalse(plan.requested_by_id)

    def test_then_the_items_state_it(self):
        plan = self._make()
        page = self._page().text
        self.assertIn("In a payment plan", page)
        self.assertIn(plan.name, page)
        ticked = re.findall(r'name="item"[^>]*checked', page)
        self.assertFalse(ticked)
        self.assertNotIn("days late</span>", page)

    def test_everything_that_is_late_means_what_is_not_planned(self):
        third = self._invoice(self.payer, 3, 30.0)
        self._make(self.old, self.new)
        self.assertEqual(list(self.customer._get_items_to_pay("overdue", "USD")), [self._item(third).id])
        group = self.customer._get_page_values()["groups"][0]
        self.assertEqual((group["overdue"], group["pay_overdue"], group["open"]), (30.0, 30.0, 330.0))
        self.assertEqual(group["buckets"], [300.0, 30.0, 0.0, 0.0, 0.0, 0.0])
        self.assertAlmostEqual(sum(group["shares"]), 100.0)

    def test_a_late_installment_is_late(self):
        plan = self._make()
        plan.sudo().installment_ids[0].date = self.TODAY - timedelta(days=1)
        self.assertEqual(self.customer._get_page_values()["groups"][0]["overdue"], 100.0)

    def test_beyond_the_limits_a_manager_is_asked(self):
        self.policy.plan_minimum_total = 500
        form = self._form(self.old, self.new, count=3)
        self.assertIn("cannot agree to this plan immediately", form.text)
        page = self._accept(form)
        plan = self._plans()
        self.assertIn("answer soon", page.text)
        self.assertEqual((plan.state, plan.needs_approval), ("draft", True))
        self.assertEqual(len(plan.activity_ids), 1)

    def test_approved_it_runs_because_it_was_accepted(self):
        self.policy.plan_minimum_total = 500
        plan = self._make()
        plan.with_user(self._user("credit_manager")).action_approve()
        self.assertEqual(plan.state, "active")

    def test_a_counter_offer_must_be_accepted_anew(self):
        self.policy.plan_minimum_total = 500
        plan = self._make()
        manager = self._user("credit_manager")
        schedule = self.customer._get_schedule(plan.line_ids and 300, plan.currency_id, "month", self.TODAY, 2)
        plan.with_user(manager).sudo()._change(dict.fromkeys(plan.line_ids.move_line_id.ids), schedule)
        plan.with_user(manager).action_approve()
        self.assertEqual((plan.state, plan.accepted_on), ("draft", False))
        plan.with_user(manager).action_propose()
        self._accept(self.url_open(self._path(f"/{plan.id}")), suffix=f"/{plan.id}/accept")
        self.env.invalidate_all()
        self.assertEqual((plan.state, len(plan.installment_ids)), ("active", 2))

    def test_a_down_payment_comes_first(self):
        plan = self._make(count=3, down_payment="120,50", frequency="two_weeks")
        self.assertEqual(plan.installment_ids.mapped("amount"), [120.5, 89.75, 89.75])
        days = plan.installment_ids.mapped("date")
        self.assertEqual(days[1] - days[0], timedelta(days=14))

    def test_sent_again_it_is_one_plan(self):
        form = self._form(self.old, self.new, count=3)
        self._accept(form)
        again = self._accept(form)
        self.assertEqual(len(self._plans()), 1)
        self.assertNotIn("the plan is agreed", again.text)

    def test_a_request_sent_again_is_one_request(self):
        self.policy.plan_minimum_total = 500
        form = self._form(self.old, self.new, count=3)
        self._accept(form)
        again = self._accept(form)
        self.assertEqual(len(self._plans()), 1)
        self.assertIn(f"/plan/{self._plans().id}", again.url)
        self.assertIn(f"/plan/{self._plans().id}", self._form(self.old).url)


class TestRefusals(ArPlanPortalCommon):
    def _assert_nothing(self):
        self.assertFalse(self._plans())
        self.assertFalse(self._plans(self.other_customer))

    def test_without_name_or_tick(self):
        form = self._form(self.old, self.new, count=3)
        for changes in ({"name": "  "}, {"accept": None}):
            with self.subTest(changes=changes):
                answer = self._accept(form, **changes)
                self.assertIn("confirm that you accept", answer.text)
        self._assert_nothing()

    def test_without_csrf_token(self):
        form = self._form(self.old, self.new, count=3)
        self.assertEqual(self._accept(form, csrf_token="wrong").status_code, 400)
        self._assert_nothing()

    def test_what_is_no_number_and_no_date(self):
        for query in (
            {"count": "many"},
            {"count": -3},
            {"count": 3, "first": "someday"},
            {"count": 3, "frequency": "daily"},
            {"count": 3, "down_payment": "a lot"},
            {"count": "9" * 11},
            {"count": 3, "first": "9999-12-31"},
        ):
            with self.subTest(query=query):
                self.assertEqual(self._form(self.old, **query).status_code, 200)
        self._assert_nothing()

    def test_a_date_in_the_past_and_too_large_a_down_payment(self):
        past = self._form(self.old, count=3, first=self.TODAY - timedelta(days=1))
        self.assertIn("is in the past", past.text)
        self.assertNotIn("o_ar_plan_accept", past.text)
        large = self._form(self.old, count=3, down_payment=900)
        self.assertIn("do not add up", large.text)
        for coins in ("0.001", "100.005"):
            self.assertIn("no more decimals", self._form(self.old, count=3, down_payment=coins).text)
        self._assert_nothing()

    def test_values_changed_in_the_browser_are_checked_again(self):
        form = self._form(self.old, self.new, count=3)
        past = self._accept(form, first=str(self.TODAY - timedelta(days=400)))
        self.assertIn("is in the past", past.text)
        for changes in ({"version": "old"}, {"version": None}, {"count": "2"}, {"down_payment": "50"}):
            self.assertIn("changed in the meantime", self._accept(form, **changes).text, changes)
        self._assert_nothing()

    def test_another_customers_invoice(self):
        foreign = self._item(self.foreign_invoice).id
        form = self._form(self.old, count=3)
        self._accept(form, item=[foreign])
        self._accept(form, item=[self._item(self.old).id, foreign])
        self._assert_nothing()
        self.assertNotIn("177.00", self._form(self.foreign_invoice, count=3).text)

    def test_paid_meanwhile(self):
        form = self._form(self.old, self.new, count=3)
        self._pay(self.old)
        self._accept(form)
        self._assert_nothing()

    def test_partly_paid_meanwhile_the_plan_is_shown_again(self):
        form = self._form(self.old, self.new, count=3)
        self._pay(self.old, 50.0)
        self.assertIn("changed in the meantime", self._accept(form).text)
        self._assert_nothing()

    def test_another_limit_meanwhile_makes_no_other_plan(self):
        form = self._form(self.old, self.new, count=5)
        self.policy.plan_installments_max = 4
        self.assertIn("changed in the meantime", self._accept(form).text)
        self._assert_nothing()

    def test_two_currencies_are_planned_one_at_a_time(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        foreign = self._invoice(self.payer, 1, 50.0, currency_id=euro.id)
        form = self._form(self.old, foreign, count=2)
        self.assertNotIn(foreign.name, form.text)

    def test_without_access(self):
        self._assert_not_there(self.url_open(self._path(token="wrong")))
        self._assert_not_there(self.url_open(self._path(token=self._key(self.other_customer))))


class TestThePlansPage(ArPlanPortalCommon):
    def test_what_is_paid_left_and_next(self):
        plan = self._make()
        self._pay(self.new, 100.0)
        page = self.url_open(self._path(f"/{plan.id}")).text
        self.assertEqual(page.count("Pay this installment"), 1)
        self.assertIn("200.00", page)
        self.assertIn("Paid", page)

    def test_only_documents_that_the_page_shows_are_linked(self):
        accounts = self.company_data["default_account_receivable"] + self.company_data["default_account_revenue"]
        sides = zip(accounts, ("debit", "credit"), strict=True)
        lines = [{"account_id": account.id, "partner_id": self.payer.id, side: 90.0} for account, side in sides]
        values = {"move_type": "entry", "date": self.TODAY, "line_ids": [Command.create(line) for line in lines]}
        opening = self.env["account.move"].create(values)
        opening.action_post()
        items = f"&item={self._item(self.old).id}&item={opening.line_ids.filtered('debit').id}"
        self._accept(self.url_open(self._path(count=3) + items))
        plan = self._plans()
        page = self.url_open(self._path(f"/{plan.id}")).text
        self.assertIn(opening.name, page)
        self.assertNotIn(f"/document/{opening.id}?", page)
        self.assertIn(f"/document/{self.old.id}?", page)

    def test_the_acceptance_names_its_time_zone(self):
        plan = self._make()
        plan.sudo().accepted_on = "2026-06-11 01:00:00"
        self.company.ar_time_zone = "America/Los_Angeles"
        agreement = self.env["ir.actions.report"]._render_qweb_html("ar_collections.report_payment_plan", plan.ids)[0]
        for text in (self.url_open(self._path(f"/{plan.id}")).text, agreement.decode()):
            shown = " ".join(text.split("Accepted by")[1][:600].split())
            self.assertIn("June 10, 2026, 6:00:00 PM PDT", shown)

    def test_another_customers_plan_is_not_there(self):
        plan = self._staff_plan(self.other_customer, self.foreign_invoice)
        for suffix in (f"/{plan.id}", f"/{plan.id}/agreement.pdf", "/99999999"):
            self._assert_not_there(self.url_open(self._path(suffix)))
        own = self._staff_plan()
        page = self.url_open(self._path(f"/{own.id}"))
        self._assert_not_there(self._accept(page, suffix=f"/{plan.id}/accept"))
        data = {"access_token": self._key(self.customer), "installment": plan.installment_ids[0].id}
        self._assert_not_there(self.url_open(f"/my/receivables/{self.customer.id}/plan/{plan.id}/pay", data=data))
        self.env.invalidate_all()
        self.assertEqual(plan.state, "proposed")

    def test_what_staff_only_drafted_is_not_there(self):
        plan = self._staff_plan(propose=False)
        self._assert_not_there(self.url_open(self._path(f"/{plan.id}")))
        self.assertNotIn(plan.name, self._page().text)

    def test_a_proposal_is_accepted_once(self):
        plan = self._staff_plan()
        self.assertIn("Waiting for your answer", self._page().text)
        page = self.url_open(self._path(f"/{plan.id}"))
        for _twice in range(2):
            answer = self._accept(page, suffix=f"/{plan.id}/accept")
            self.assertIn("the plan is agreed", answer.text)
        self.env.invalidate_all()
        self.assertEqual((plan.state, plan.accepted_name), ("active", "Pat Payer"))
        log = self.env["ar.communication"].search([("agreement_id", "=", plan.id), ("notice", "=", "plan_accepted")])
        self.assertEqual(len(log), 1)

    def test_a_proposal_needs_name_tick_and_the_terms_that_were_shown(self):
        plan = self._staff_plan()
        page = self.url_open(self._path(f"/{plan.id}"))
        for changes in ({"accept": None}, {"name": " "}, {"version": "other"}):
            with self.subTest(changes=changes):
                self._accept(page, suffix=f"/{plan.id}/accept", **changes)
                self.env.invalidate_all()
                self.assertEqual(plan.state, "proposed")

    def test_a_proposal_that_was_changed_is_read_again(self):
        plan = self._staff_plan()
        page = self.url_open(self._path(f"/{plan.id}"))
        schedule = self.customer._get_schedule(200, plan.currency_id, "month", self.TODAY, 3)
        plan.sudo()._change(dict.fromkeys(plan.line_ids.move_line_id.ids), schedule)
        plan.action_propose()
        again = self._accept(page, suffix=f"/{plan.id}/accept")
        self.assertIn("changed in the meantime", again.text)
        self.assertEqual((self._plans().state, plan.accepted_name), ("proposed", False))
        self._accept(again, suffix=f"/{plan.id}/accept")
        self.assertEqual((self._plans().state, len(plan.installment_ids)), ("active", 3))

    def test_a_proposal_beyond_the_limit_keeps_name_and_tick(self):
        plan = self._staff_plan()
        form = self.url_open(self._path(f"/{plan.id}"))
        self.policy.portal_agreements_per_day = 1
        self.assertTrue(self.customer._may_start("plan"))
        page = self._accept(form, suffix=f"/{plan.id}/accept")
        self.assertIn("as many payment plans as possible today", page.text)
        self.assertRegex(page.text, r'name="name"[^>]*value="Pat Payer"')
        self.assertRegex(page.text, r'name="accept"[^>]*checked')

    def test_a_proposal_paid_meanwhile(self):
        plan = self._staff_plan()
        page = self.url_open(self._path(f"/{plan.id}"))
        self._pay(self.old)
        answer = self._accept(page, suffix=f"/{plan.id}/accept")
        self.assertIn("has been paid or is part of another agreement", answer.text)
        self.env.invalidate_all()
        self.assertEqual(plan.state, "proposed")

    def test_the_agreement_as_pdf(self):
        plan = self._make()
        response = self.url_open(self._path(f"/{plan.id}/agreement.pdf"))
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_a_contact_who_is_logged_in_sees_it_without_the_link(self):
        plan = self._make()
        self._portal_user(self._partner(name="Contact", is_company=False, parent_id=self.payer.id), "plan-contact")
        self.authenticate("plan-contact", "plan-contact")
        self.assertIn(plan.name, self.url_open(self._path(f"/{plan.id}", token="none")).text)
