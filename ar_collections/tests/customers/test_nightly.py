from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon

NIGHTLY_LOG = "odoo.addons.ar_collections.models.customers.nightly.ar_nightly"


class TestNightly(ArCommon):
    """The steps of one company's night, in their order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nightly = cls.env["ar.nightly"].sudo()

    def _run_steps(self, *methods, auto_commit=True):
        """Run a night of these methods of `ar.problem`, in place of the real steps."""
        steps = [(f"step {number}", "ar.problem", f"_step_{number}") for number in range(len(methods))]
        for (_code, _model, name), method in zip(steps, methods, strict=True):
            self.enterContext(patch.object(self.registry["ar.problem"], name, method, create=True))
        with (
            patch.object(self.registry["ar.nightly"], "_get_steps", lambda _model: steps),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60),
            patch.object(self.env.cr, "rollback"),
        ):
            return self.nightly._run_company(self.company, auto_commit=auto_commit)

    def _note(self, notes, text, result=None, error=None):
        def step(_model, company, today, auto_commit=False):
            notes.append((text, company, today, auto_commit))
            if error:
                raise error
            return result

        return step

    def test_the_order(self):
        codes = [code for code, _model, _method in self.nightly._get_steps()]
        self.assertEqual(
            codes,
            [
                "identities",
                "handover",
                "assignment",
                "invoices",
                "promises",
                "reported_payments",
                "plans",
                "placements",
                "settlements",
                "insolvency",
                "disputes",
                "exceptions",
                "credit",
                "scores",
                "terms",
                "late_charges",
                "write_offs",
                "reminders",
                "statements",
                "receipts",
                "snapshots",
                "forecast",
                "review",
                "risks",
                "problems",
            ],
        )

    def test_every_step_has_a_kind_of_problem(self):
        kinds = dict(self.env["ar.problem"]._fields["code"].selection)
        for code, model, method in self.nightly._get_steps():
            with self.subTest(step=code):
                self.assertIn(code, kinds)
                self.assertTrue(callable(getattr(self.env[model], method)))

    def test_each_step_gets_the_company_and_its_day(self):
        notes = []
        with self._on():
            self.assertTrue(self._run_steps(self._note(notes, "one"), self._note(notes, "two", result=True)))
        self.assertEqual(notes, [("one", self.company, self.TODAY, True), ("two", self.company, self.TODAY, True)])

    def test_a_failing_step_stops_no_other_and_is_a_problem_of_the_company(self):
        notes = []
        steps = self._note(notes, "one", error=ValueError("no ledger")), self._note(notes, "two")
        selection = [("step 0", "Zero"), ("step 1", "One")]
        code = self.registry["ar.problem"]._fields["code"]
        self.enterContext(patch.multiple(code, selection=selection, _selection=dict(selection)))
        with mute_logger(NIGHTLY_LOG, PROBLEM_LOG):
            self.assertTrue(self._run_steps(*steps))
        self.assertEqual([text for text, *_rest in notes], ["one", "two"])
        problem = self.env["ar.problem"].search([("code", "=", "step 0")])
        self.assertEqual((problem.res_model, problem.res_id), ("res.company", self.company.id))
        self.assertEqual(problem.message, "ValueError: no ledger")

    def test_a_conflict_is_repeated_before_the_next_step_begins(self):
        notes, errors = [], [SerializationFailure, SerializationFailure, None]

        def judge(_model, _company, _today, auto_commit=False):
            error = errors.pop(0)
            notes.append("one")
            if error:
                raise error

        self.assertTrue(self._run_steps(judge, self._note(notes, "two")))
        self.assertEqual([note[0] if isinstance(note, tuple) else note for note in notes], ["one", "one", "one", "two"])

    def test_a_step_of_a_module_without_a_kind_of_problem_of_its_own(self):
        steps = self._note([], "one", error=ValueError("no webhook")), self._note([], "two")
        with mute_logger(NIGHTLY_LOG, PROBLEM_LOG):
            self.assertTrue(self._run_steps(*steps))
        self.assertEqual(self.env["ar.problem"].search([("code", "=", "problems")]).message, "ValueError: no webhook")

    def test_the_history_of_one_company_lets_no_other_wait_for_its_messages(self):
        first, second = self.nightly._get_phases()
        self.assertEqual([step[0] for step in first[-3:]], ["receipts", "problems", "nightly_run"])
        self.assertEqual(second[0][0], "snapshots")
        self.assertEqual(first[:-2] + second, self.nightly._get_steps())
        order = []
        self.enterContext(
            patch.object(self.registry["ar.nightly"], "_get_due_companies", lambda _model: [self.company] * 2)
        )

        def run(_nightly, company, auto_commit=False, steps=None):
            order.append(steps[0][0])
            return True

        with (
            patch.object(self.registry["ar.nightly"], "_run_company", run),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60),
        ):
            self.nightly._cron_run()
        self.assertEqual(order, ["identities", "identities", "snapshots", "snapshots"])

    def test_a_company_that_fails_stops_no_other(self):
        companies, ran = [self.company, self.company], []
        self.enterContext(patch.object(self.registry["ar.nightly"], "_get_due_companies", lambda _model: companies))

        def run(_nightly, company, auto_commit=False, steps=None):
            ran.append(company)
            if len(ran) == 1:
                raise ValueError("no calendar")
            return True

        with (
            patch.object(self.registry["ar.nightly"], "_run_company", run),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60),
            patch.object(self.env.cr, "rollback"),
            mute_logger(NIGHTLY_LOG),
        ):
            self.nightly._cron_run()
        self.assertEqual(len(ran), 4)

    def test_without_time_the_later_steps_wait(self):
        notes = []
        self.assertFalse(self._run_steps(self._note(notes, "one", result=False), self._note(notes, "two")))
        self.assertEqual(len(notes), 1)

    def test_another_module_adds_a_step(self):
        """An example of the extension point, see docs/architecture.md."""
        notes = []
        get_steps = self.registry["ar.nightly"]._get_steps

        def with_own_step(nightly):
            steps = get_steps(nightly)
            position = [code for code, _model, _method in steps].index("reminders")
            return [*steps[:position], ("reminders", "ar.customer", "_check_addresses"), *steps[position:]]

        check = patch.object(
            self.registry["ar.customer"], "_check_addresses", self._note(notes, "checked"), create=True
        )
        with check, patch.object(self.registry["ar.nightly"], "_get_steps", with_own_step), self._on():
            self.nightly._run_company(self.company)
        self.assertEqual(notes, [("checked", self.company, self.TODAY, False)])
