from datetime import timedelta

from .common_risks import ArRisksCommon


class TestRisks(ArRisksCommon):
    """Each kind of risk about customers: what is listed, with which amount, and what is not."""

    # === CONCENTRATION === #

    def test_one_customer_with_a_large_share(self):
        self._small(9)
        risk = self._risks("concentration")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 10_000))
        self.assertIn("53 %", risk.text)
        self.company.sudo().ar_risk_share = 60
        self.assertFalse(self._risks("concentration"))

    def test_a_share_is_reached_exactly(self):
        self._small(30, 1000.0)
        self.company.sudo().ar_risk_share = 25
        self.assertEqual(self._risks("concentration").amount, 10_000)
        self._small(1, 0.01)
        self.assertFalse(self._risks("concentration"))

    def test_a_group_counts_as_one(self):
        top = self._partner(name="Holding")
        accounts = self._small(4, 3000.0)
        accounts.partner_id.write({"parent_id": top.id})
        risk = self._risks("concentration").filtered(lambda one: "Holding" in one.text)
        self.assertEqual(risk.amount, 12_000)
        self.assertIn("one group", risk.text)
        self.assertIn(risk.customer_id, accounts)

    def test_zero_percent_lists_nothing(self):
        self.company.sudo().write({"ar_risk_share": 0, "ar_risk_large": 0})
        self.assertFalse(self._risks())

    # === LIMITS AND COVER === #

    def test_exposures_over_the_limit_by_a_large_amount(self):
        self._limit(self.customer, 4000)
        self._night()
        risk = self._risks("over_limit")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 6000))
        self.assertRegex(risk.text, "10,000.*4,000")
        self._limit(self.customer, 9900)
        self.assertFalse(self._risks("over_limit"), "a hundred are not large")

    def test_the_exposure_of_a_group_is_what_its_limit_is_compared_with(self):
        """The member has a limit, and so a row of its own in the report: the head's own exposure is nothing."""
        partner = self.customer.partner_id.sudo()
        partner.write({"is_company": True, "parent_id": self._partner(name="Head of the Group").id})
        head = self._customer(partner.parent_id)
        self._limit(self.customer, 20_000)
        self._limit(head, 4000, is_group_limit=True)
        self._night()
        risk = self._risks("over_limit")
        self.assertEqual((risk.customer_id, risk.amount), (head, 6000))
        self.assertRegex(risk.text, "10,000.*4,000")

    def test_not_insured_where_most_is(self):
        self._insure(self._small(1, 5000.0), 4500)
        self.assertFalse(self._risks("uninsured"), "most of what is owed is not insured")
        insured = self._small(1, 20_000.0)
        self._insure(insured, 19_000)
        risks = self._risks("uninsured")
        self.assertEqual(self._amounts(risks), [10_000, 1000])
        self.assertEqual(risks.customer_id, self.customer | insured)

    def test_cover_that_ends(self):
        self._insure(self.customer, 4500, insured_until=self.TODAY + timedelta(days=30))
        risk = self._risks("cover_ends")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 4500))
        self._insure(self.customer, 4500, insured_until=self.TODAY + timedelta(days=31))
        self.assertFalse(self._risks("cover_ends"))
        self._insure(self.customer, 4500, guarantee_amount=20_000, guarantee_until=self.TODAY - timedelta(days=1))
        risk = self._risks("cover_ends")
        self.assertEqual(risk.amount, 10_000, "no more than what is open")
        self.assertIn("guarantee", risk.text)

    def test_dates_of_the_insurer(self):
        self._insure(self.customer, 4500, extension_days=30, notify_days=30)
        risk = self._risks("insurer_date")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 10_000))
        self.company.sudo().ar_risk_cover_days = 5
        self.assertFalse(self._risks("insurer_date"))

    # === CLASSES, PROMISES, INVOICES === #

    def test_classes_that_got_worse(self):
        account = self.customer.sudo()
        account.write({"risk_class": "D", "risk_score": 40, "risk_source": "scored"})
        before = {"date": self.TODAY - timedelta(days=120), "risk_class": "B", "score": 75, "source": "scored"}
        before |= {"customer_id": account.id, "company_id": account.company_id.id}
        self.env["ar.credit.score"].sudo().create(before)
        risk = self._risks("class_worse")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 10_000))
        self.assertIn("Class D, a quarter ago B", risk.text)

    def test_broken_promises(self):
        item = self._debt(self.invoice)
        with self._on():
            promise = self.customer._promise(self.TODAY + timedelta(days=5), {item.id: None})
        promise.sudo().state = "broken"
        promise.sudo().line_ids.is_live = False
        risk = self._risks("broken_promise")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 10_000))
        self.assertEqual(risk.user_id, self.collector)
        self._pay(self.invoice)
        self.assertFalse(self._risks("broken_promise"))

    def test_what_is_promised_again_is_not_broken(self):
        self.policy.sudo().promise_broken_max = 10
        item = self._debt(self.invoice)
        for state in ("broken", "open"):
            with self._on():
                promise = self.customer._promise(self.TODAY + timedelta(days=5), {item.id: None})
            promise.sudo().state = state
            promise.sudo().line_ids.is_live = state == "open"
        self.assertFalse(self._risks("broken_promise"))

    def test_invoices_that_did_not_arrive(self):
        self.invoice.is_move_sent = False
        self.company.sudo().ar_reviewed_on = False
        with self._on():
            self.env["ar.customer"].sudo()._review_data_company(self.company, self.TODAY)
        risk = self._risks("not_sent")
        self.assertEqual((risk.customer_id, risk.amount), (self.customer, 10_000))
        self.assertEqual(risk.action_open()["res_model"], "ar.data.finding")

    def test_what_is_paid_is_no_risk(self):
        self._pay(self.invoice)
        self.assertFalse(self._risks())

    def _insure(self, accounts, amount, **values):
        insurance = {
            "insured_amount": amount, "insured_until": self.TODAY + timedelta(days=365),
            "insurance_decided_on": self.TODAY - timedelta(days=365), "insurer_id": self._insurer().id, **values,
        }  # fmt: skip
        with self._on():
            accounts.with_user(self.credit_manager).write(insurance)

    def _insurer(self):
        return self.env["res.partner"].search([("name", "=", "Insurer")], limit=1) or self._partner(name="Insurer")
