from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError

from .common_request import ArRequestCommon


class TestCreditRequestMade(ArRequestCommon):
    """Requests, what is refused, and the facts that are gathered."""

    def _refused(self, text, **values):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            self._request(**values)
        self.assertFalse(self.env["ar.credit.request"].search([("customer_id", "=", self.customer.id)]))

    def test_what_cannot_be_decided_is_refused_with_the_way_out(self):
        self._refused("has already", amount=5000)
        self._refused("cannot be negative", amount=-1)
        self._refused("two things", amount=0)
        self._refused("Enter the last day", duration="temporary")
        self._refused("passed already", duration="temporary", until=self.TODAY - timedelta(days=1))
        self._refused("Enter a reason", reason="  ")

    def test_what_is_no_number_is_refused(self):
        for amount in (float("nan"), float("inf")):
            self._refused("amount as a number", amount=amount)

    def test_a_contact_of_a_company_has_no_limit_of_its_own(self):
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.payer.id, "user_id": self.salesperson.id}
        )
        self._refused("belongs to a company", partner=person)

    def test_one_request_of_a_kind_at_a_time(self):
        request = self._request()
        with self.assertRaisesRegex(UserError, f"{request.name}.*not decided yet"):
            self._request(30000)
        self._request(30000, duration="temporary", until=self.TODAY)
        request.with_user(self.salesperson).action_withdraw()
        self.assertEqual(request.state, "withdrawn")
        self._request(30000)

    def test_a_customer_without_an_account_gets_one(self):
        partner = self._partner(name="New Payer", user_id=self.salesperson.id)
        action = partner.with_user(self.salesperson).action_ar_request_limit()
        self.assertEqual(action["context"]["default_partner_id"], partner.id)
        request = self._request(3000, partner=partner)
        self.assertEqual((request.kind, request.partner_id), ("account", partner))
        self._approve(request)
        self.assertEqual(self._limit_of(request.customer_id), ("amount", 3000))

    def test_an_archived_account_holds_the_limit_all_the_same(self):
        self.customer.active = False
        request = self._request(9000)
        self.assertEqual(request.customer_id, self.customer)
        self._approve(request)
        self.assertEqual(self._limit_of(), ("amount", 9000))

    def test_facts_and_recommendation(self):
        for days, paid in ((70, 70), (60, 65), (50, 45)):
            invoice = self._invoice(self.payer, days, 1000)
            self._pay(invoice, day=self.TODAY - timedelta(days=paid))
        self._invoice(self.payer, 10, 300)
        request = self._request(20000).sudo()
        facts = request.facts
        self.assertEqual(
            {name: float(facts[name]) for name in ("exposure", "overdue", "turnover", "terms_days", "invoices")},
            {"exposure": 300, "overdue": 300, "turnover": 3300, "terms_days": 30, "invoices": 4},
        )
        # Weighed by amounts, twice in the last three months: (1000 x (0 - 5 + 5) x 2 + 300 x 10 x 2) / 6600
        self.assertEqual(facts["days_beyond_terms"], "0.9")
        self.assertEqual(float(facts["proven"]), 2000)  # the first two together, before the late one began
        # 3,300 x 30.9 / 365 = 279.37; proven is more; class C may have all of it
        self.assertEqual(float(request.recommendation["amount"]), 2000)
        self.assertIn("279.37", request.recommended_reasons)
        self.assertIn("3,300.00", request.facts_html)

    def test_time_in_a_dispute_that_was_granted_is_no_delay(self):
        """Requests count the delay as the score does."""
        invoice = self._invoice(self.payer, 40, 100)
        reason = self.env["ar.dispute.reason"].create({"name": "Test", "user_id": self.credit_manager.id})
        line = self._debt(invoice)
        with self._on(self.TODAY - timedelta(days=35)):
            dispute = self.env["ar.dispute"]._raise_dispute(self.customer, reason, {line.id: Decimal(100)}, "Broken")
        self.assertNotIn("days_beyond_terms", self._request().sudo().facts)  # nobody knows yet who is right
        dispute.sudo().line_ids.amount_accepted = 20
        dispute.sudo().write({"state": "partly", "date_resolved": self.TODAY - timedelta(days=15)})
        self._pay(invoice, 80)
        request = self._request(30000, duration="temporary", until=self.TODAY).sudo()
        self.assertEqual(float(request.facts["days_beyond_terms"]), 20)

    def test_a_newcomer_gets_what_the_policy_says(self):
        self.policy.newcomer_limit = 2550
        request = self._request(20000).sudo()
        self.assertEqual(float(request.recommendation["amount"]), 2500)
        self.assertIn("newcomers", request.recommended_reasons)
        self.assertFalse(self.customer.credit_limit == 2500)

    def test_facts_are_gathered_anew_until_the_decision(self):
        request = self._request()
        self._invoice(self.payer, 1, 700)
        request.with_user(self.collector).action_refresh_facts()
        self.assertEqual(float(request.sudo().facts["exposure"]), 700)

    def test_promises_count(self):
        invoice = self._invoice(self.payer, 5, 400)
        with self._on():
            promise = self.customer._promise(self.TODAY, {self._debt(invoice).id: None})
        promise.sudo().write({"state": "broken", "ended_on": self.TODAY})
        request = self._request().sudo()
        self.assertEqual((request.facts["kept"], request.facts["broken"]), ("0", "1"))
