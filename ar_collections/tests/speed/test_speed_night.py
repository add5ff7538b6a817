from datetime import timedelta
from unittest.mock import patch

from ..common import ArCommon


class TestSpeedNight(ArCommon):
    """A night with nothing to say writes only what changed, and the second turn of a day finds that nothing is left."""

    #: Statements of one batch with nothing to say: rules, facts, decisions, and what changed.
    BATCH = 57

    #: Statements of all steps of a turn with nothing to do; a step that finds nothing costs about four.
    TURN = 128

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._partners(50)
        cls._invoices(cls.partners, 4)
        cls.tomorrow = cls.TODAY + timedelta(days=1)

    def setUp(self):
        super().setUp()
        self.customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in self.partners)).sudo()
        self._day()  # all are reminded: on the next day there is nothing to say

    def _count(self, work, *arguments):
        """Return the number of statements of a call, with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(*arguments)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _turn(self, day):
        """Run all steps of the company as the scheduled action does, without its commits."""
        with self._on(day), patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60):
            self.env["ar.nightly"].sudo()._run_company(self.company, auto_commit=True)

    def test_a_silent_batch_costs_as_many_statements_for_fifty_customers_as_for_two(self):
        spent = {}
        for number in (1, 2, 50):  # one warms the caches
            with self._on(self.tomorrow):
                spent[number] = self._count(self.customers[:number]._run_locked, self.tomorrow)
        self.assertEqual(set(self.customers.mapped("decision_code")), {"already_sent"})
        self.assertLessEqual(spent[50], spent[2] + 3, spent)  # the points of some customers change, of others not
        self.assertLessEqual(spent[50], self.BATCH)

    def test_what_did_not_change_is_not_written(self):
        self._run(self.tomorrow)
        written = []
        write = type(self.customers).write

        def note(records, vals):
            written.append(set(vals))
            return write(records, vals)

        with patch.object(type(self.customers), "write", note):
            self._run(self.tomorrow)
        self.assertEqual(written, [])

    def test_results_of_many_reach_the_database_in_one_statement(self):
        first, second = self.customers[:2]
        rows = [[{"code": "age", "points": 3, "number": 5}], False]
        results = {
            first.id: {"overdue": 12.5, "priority_parts": rows[0], "next_date": self.tomorrow, "held_until": False},
            second.id: {"overdue": 0, "priority_parts": rows[1], "next_date": False, "held_until": self.TODAY},
        }
        self.env["ar.customer"].browse(results).fetch([*results[first.id], "write_date", "company_id"])
        self.company.currency_id.mapped("decimal_places")
        first.write({"insured_percent": 80.5, "internal_note": "Call first"})  # a type that Odoo flushes by itself
        before = self.env.cr.sql_log_count
        self.customers._write_results(results)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
        self.env.flush_all()
        self.env.invalidate_all()
        for customer in (first, second):
            stored = {name: customer[name] for name in results[customer.id]}
            self.assertEqual(stored, results[customer.id])
        self.assertEqual((first.insured_percent, first.internal_note), (80.5, "Call first"))
        self.assertFalse(second.internal_note)
        self.assertEqual((first.write_uid, first.write_date), (self.env.user, self.env.cr.now()))

    def test_the_results_are_those_of_each_day(self):
        before = self.customers[0].next_date
        self._run(self.tomorrow)
        customer = self.customers[0]
        self.assertEqual((customer.decision_date, customer.next_date), (self.tomorrow, before))
        self.assertIn("5 days late", customer.priority_text)

    def test_another_policy_applies_from_the_next_run(self):
        other = self._policy(name="Other", sequence=1, partner_domain="[('name', '=', 'Payer 3')]")
        self._run(self.tomorrow)
        self.assertEqual(self.customers.filtered(lambda c: c.policy_id == other).partner_id.name, "Payer 3")

    def test_the_second_turn_of_a_day_does_not_grow_with_the_customers(self):
        self._turn(self.tomorrow)
        few = self._count(self._turn, self.tomorrow)
        self._invoices(self._partners(50), 4)
        self._turn(self.tomorrow)
        many = self._count(self._turn, self.tomorrow)
        self.assertLessEqual(many, few + 10)  # a few more steps find something; none asks for each of the fifty
        self.assertLessEqual(many, self.TURN)

    def test_the_large_amount_is_measured_once_for_a_run(self):
        self.company.ar_priority_large_amount = 0
        self._run(self.tomorrow)
        self.assertEqual(self.company.ar_priority_found_amount, 100)
        with patch.object(type(self.company), "_ar_measure_large_amount", side_effect=AssertionError):
            self.assertEqual(self.company._ar_find_large_amount(), 100)
        self.company.ar_priority_large_amount = 5000
        self._run(self.tomorrow + timedelta(days=1))
        self.assertEqual(self.company.ar_priority_found_amount, 0)
