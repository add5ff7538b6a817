from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestProblems(ArCommon):
    """One list of what failed: stored on its record, told once, ended by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.manager = cls._user("manager", login="problem-manager")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(PROBLEM_LOG))
        self.problems = self.env["ar.problem"].sudo()

    def _report(self, record=None, code="reminders", error="It failed", **options):
        return self.problems._report(record or self.customer, code, error, **options)

    def _night(self):
        self.problems._notify_new(self.company, self.TODAY)

    def test_the_same_failure_is_one_row_that_counts(self):
        with freeze_time("2026-06-10 06:00:00"):
            self._report()
        with freeze_time("2026-06-11 06:00:00"):
            problem = self._report(error=ValueError("again"))
        self.assertRecordValues(
            problem,
            [
                {
                    "times": 2,
                    "first_on": fields.Datetime.to_datetime("2026-06-10 06:00:00"),
                    "last_on": fields.Datetime.to_datetime("2026-06-11 06:00:00"),
                    "message": "ValueError: again",
                    "customer_id": self.customer.id,
                }
            ],
        )

    def test_two_transactions_that_report_the_same_store_it_once(self):
        first = self._report()
        overlooked = patch.object(self.registry["ar.problem"], "_search_open", lambda model, *_args: model.browse())
        with overlooked, mute_logger("odoo.sql_db"):
            self.assertFalse(self._report())
        self.assertEqual(self.problems.search([("customer_id", "=", self.customer.id)]), first)

    def test_what_failed_anew_is_a_new_row(self):
        first = self._report()
        self.problems._clear(self.customer, "reminders")
        second = self._report()
        self.assertTrue(first != second and first.solved_on and not second.solved_on)

    def test_the_record_shows_it_until_it_is_solved(self):
        self._report()
        self._report(code="delivery", error=UserError("No sender"))
        self.assertEqual(self.customer.run_error.split("\n"), ["No sender", "It failed"])
        self.assertIn(self.customer, self.env["ar.customer"].search([("run_error", "!=", False)]))
        for code in ("reminders", "delivery"):
            self.problems._clear(self.customer, code)
        self.assertFalse(self.customer.run_error)
        self.assertIn(self.customer, self.env["ar.customer"].search([("run_error", "=", False)]))

    def test_every_kind_says_what_to_do(self):
        for code, _label in self.problems._fields["code"].selection:
            with self.subTest(code=code):
                self.assertGreater(len(self.problems._get_advice(code)), 20)

    def test_the_record_opens(self):
        action = self._report(self.customer).with_user(self.manager).action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("ar.customer", self.customer.id))

    def test_of_a_deleted_record_the_problem_remains_readable(self):
        partner = self._partner(name="Leaves soon")
        problem = self._report(partner, company=self.company)
        partner.unlink()
        self.assertEqual(problem.record_name, "Deleted record")
        with self.assertRaisesRegex(UserError, "was deleted"):
            problem.action_open_record()
        problem.with_user(self.manager).action_solve()
        self.assertTrue(problem.solved_on)

    # === NOTIFICATION === #

    def test_the_manager_gets_one_task_for_many_of_a_kind_and_only_once(self):
        others = [self._report(self._customer(partner)) for partner in self._partners(3)]
        self._night()
        tasks = self.problems.union(*others).activity_ids
        self.assertEqual(len(tasks), 1)
        self.assertIn("It failed (and 2 more", tasks.summary)  # Odoo's mail names the problem before it
        self.assertTrue(tasks.user_id.has_group("ar_collections.ar_collections_group_manager"))
        self._report(self.customer)
        self._night()
        self._night()
        self.assertEqual(len(self.problems.search([]).activity_ids), 2)

    def test_the_task_goes_to_another_open_problem_and_ends_with_the_last(self):
        first, second = (self._report(self._customer(partner)) for partner in self._partners(2))
        self._night()
        first._solve()
        self.assertEqual((len(first.activity_ids), len(second.activity_ids)), (0, 1))
        second._solve()
        self.assertFalse(second.activity_ids)

    def test_without_a_manager_it_waits_until_there_is_one(self):
        problem = self._report()
        with patch.object(self.registry["res.company"], "_ar_get_manager", lambda _company: self.env["res.users"]):
            self._night()
        self.assertFalse(problem.told_on or problem.activity_ids)
        self._night()
        self.assertTrue(problem.told_on and problem.activity_ids)

    def test_solved_ones_are_kept_for_a_year(self):
        old, recent = self._report(), self._report(code="delivery")
        (old | recent)._solve()
        old.solved_on -= timedelta(days=366)
        self.problems._remove_solved()
        self.assertEqual((old | recent).exists(), recent)

    def test_what_was_not_met_for_a_week_is_over(self):
        problem = self._report()
        problem.last_on -= timedelta(days=8)
        self._night()
        self.assertTrue(problem.solved_on)
        self.assertFalse(problem.told_on)

    # === ACCESS === #

    def test_who_may_read_and_solve(self):
        problem = self._report()
        for role in ("auditor", "collector"):
            user = self._user(role, login=f"reads-{role}")
            self.assertEqual(self.env["ar.problem"].with_user(user).search([]).ids, problem.ids)
            with self.assertRaisesRegex(UserError, "Only the role"):
                problem.with_user(user).action_solve()
            with self.assertRaises(AccessError):
                problem.with_user(user).message = "nothing"
        stranger = self._user("collector", login="elsewhere", company_id=self.env.ref("base.main_company").id,
                              company_ids=self.env.ref("base.main_company").ids)  # fmt: skip
        self.assertFalse(self.env["ar.problem"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.env["ar.problem"].with_user(stranger).browse(problem.id).action_solve()
