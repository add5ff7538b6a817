from datetime import timedelta

from odoo.tests import Form

from ..common import ArCommon


class TestWorklistColumns(ArCommon):
    """The columns of the worklist: debts by age, credits, status and score; customers are found by an invoice."""

    #: What the list reads of a row.
    SHOWN = (
        "worked_today", "score_text", "partner_id", "list_status", "days_overdue", "overdue", "aged_not_due", "aged_1",
        "credits", "collector_id", "activity_ids",
    )  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(40, 500, ref="C-77", vat="US12345677")
        cls._invoice(cls.customer.partner_id, -10, 70)
        cls._invoice(cls.customer.partner_id, 5, 30)
        cls._invoice(cls.customer.partner_id, 130, 11)

    def _status(self, day=None):
        self.env.invalidate_all()
        with self._on(day):
            return self.customer.list_status

    def test_debts_by_age_and_credits_add_up_to_the_balance(self):
        self._invoice(self.customer.partner_id, 0, 20, move_type="out_refund")
        self._run()
        names = ("aged_not_due", "aged_1", "aged_2", "aged_3", "aged_4", "aged_5", "credits")
        self.assertEqual([self.customer[name] for name in names], [70, 30, 500, 0, 0, 11, 20])
        self.assertEqual(self.customer.balance, 70 + 30 + 500 + 11 - 20)
        with self._on():
            self.assertEqual(self.customer.days_overdue, 130)

    def test_columns_are_named_by_the_ranges_of_the_company(self):
        self.company.ar_aging_edges = "15, 30, 60, 90"
        found = self.env["ar.customer"].with_company(self.company).fields_get(["aged_1", "aged_5"], ["string"])
        self.assertEqual((found["aged_1"]["string"], found["aged_5"]["string"]), ("1-15", "90+"))

    def test_the_score_is_shown_out_of_the_most_that_is_possible(self):
        self._run()
        self.assertEqual(self.customer.score_text, f"{self.customer.priority_score} of 100")

    def test_status_by_what_holds(self):
        self._run()
        self.assertEqual(self._status(), "Reminder due")
        self._deliver()
        self.assertEqual(self._status(), "Reminder sent")
        self._run(self.TODAY + timedelta(days=1))
        self.assertTrue(self._status().startswith("Next step on "), self._status())
        self.customer.write({"pause_until": self.TODAY + timedelta(days=9), "pause_reason": "Talks"})
        self._run(self.TODAY + timedelta(days=2))
        self.assertEqual(self._status(), "Paused until 06/19/2026")

    def test_a_call_to_make_is_the_status(self):
        self._on_schedule({"days": 3, "channel": "call"})
        self._run()
        self.assertEqual(self._status(), "Call due")

    def test_customers_are_found_by_invoice_reference_and_tax_id(self):
        other, _invoice = self._late(name="Other")
        customers = self.env["ar.customer"].with_user(self.collector)
        for words in (self.invoice.name, self.invoice.name[-5:].lower(), "C-77", "US12345677", "Patient"):
            domain = ["|", ("partner_id", "child_of", words), ("document", "ilike", words)]
            found = customers.search([("id", "in", (self.customer | other).ids), *domain])
            with self.subTest(words=words):
                self.assertIn(self.customer, found)
        self.assertFalse(customers.search([("document", "=", "No such number")]))

    def test_queries_do_not_grow_with_the_rows(self):
        self._invoices(self._partners(12), 10)
        self._run()
        customers = self.env["ar.customer"].with_user(self.collector)
        counts = []
        for limit in (2, 13):
            self.env.flush_all()
            self.env.invalidate_all()
            with self._on():
                start = self.env.cr.sql_log_count
                customers.web_search_read([], {name: {} for name in self.SHOWN}, limit=limit)
                counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])

    # === NEXT === #

    def test_after_a_call_the_next_account_of_the_worklist_follows(self):
        other, _invoice = self._late(20, 300, name="Other")
        self._run()
        first, second = (self.customer | other).sorted(lambda each: (-each.priority_score, each.id))
        with self._on():
            form = Form(
                self.env["ar.call.log"]
                .with_user(self.collector)
                .with_context(default_customer_id=first.id, default_partner_id=first.partner_id.id)
            )
            form.result = "reached"
            action = form.save().action_log_next()
        self.assertEqual(action["tag"], "ar_next_account")
        self.assertEqual(action["params"]["next"]["res_id"], second.id)
        self.assertEqual(self._communications(first).filtered("call_result").call_result, "reached")
        # Small differences alone are no work, as on the list.
        for code, found in (("small_difference", self.customer.browse()), ("too_soon", second)):
            second.sudo().write({"priority_score": 0, "decision_code": code})
            with self._on():
                self.assertEqual(first.with_user(self.collector)._find_next_account(), found)
