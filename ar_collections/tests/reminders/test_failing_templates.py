from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, TEMPLATE_LOGS, ArCommon

QWEB_LOG = "odoo.addons.base.models.ir_qweb"
BATCH_RUN = "odoo.addons.ar_collections.models.customers.nightly.batch_run"


class TestFailingTemplates(ArCommon):
    """A template or layout that always fails is tried a few times, said once, and stops no other messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad, good = cls._template(name="Bad words"), cls._template(name="Good words")
        cls._on_schedule(
            {"days": 3, "mail_template_id": good.id},
            {"days": 20, "mail_template_id": cls.bad.id},
        )
        partners = cls._partners(16)
        cls._invoices(partners[:10], 21)
        cls._invoices(partners[10:], 4)
        customers = [cls._customer(partner) for partner in partners]
        cls.failing = cls.env["ar.customer"].union(*customers[:10])
        cls.others = cls.env["ar.customer"].union(*customers[10:])
        cls._break(cls.bad)

    @classmethod
    def _break(cls, template):
        """Store a body that cannot be rendered, which no screen accepts."""
        body = "<p t-out='object.gone.name'/>"
        cls.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            [body, template.id],
        )
        cls.env.invalidate_all()

    def _run_quietly(self, *args):
        """Run the day; return (summary, the problems logged)."""
        with mute_logger(QWEB_LOG, *TEMPLATE_LOGS[1:]), self.assertLogs(PROBLEM_LOG, "WARNING") as log:
            summary = self._run(*args)
        return summary, log.output

    def _problems(self, records):
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids), ("code", "=", "reminders")]
        return self.env["ar.problem"].sudo().search(domain)

    def test_after_some_failures_its_other_messages_wait_for_the_next_run(self):
        summary, log = self._run_quietly()
        self.assertEqual(summary["failed"], 5)
        self.assertEqual(summary["no_contact"]["message_failed"], 5)
        self.assertEqual(len(self._problems(self.failing)), 5)
        self.assertEqual(self.failing.mapped("decision_code").count("message_failed"), 5)
        self.assertEqual(len(log), 6)

    def test_other_templates_get_their_messages(self):
        self._run_quietly()
        self.assertEqual(len(self._communications(self.others)), 6)
        self.assertFalse(self._communications(self.failing))

    def test_it_is_said_once_with_the_name_of_the_template(self):
        self._run_quietly()
        problem = self._problems(self.company)
        self.assertEqual(len(problem), 1)
        self.assertIn("Bad words", problem.message)
        self.assertIn("gone", problem.message)
        # The next turn of the day has nobody to decide about, or others: nothing was tried again.
        self.env["account.move"]._end_expired_no_chase(self.company, self.TODAY)
        self.others.sudo().decision_date = False
        run = self.env["ar.customer"].sudo()
        with self._on(), patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60):
            for number in (6, 0):
                self.assertEqual(len(run._customers_to_run(self.company, self.TODAY, auto_commit=True)), number)
                run._remind_company(self.company, self.TODAY, auto_commit=True)
        self.assertFalse(problem.solved_on)
        self._run_quietly(self.TODAY.replace(day=self.TODAY.day + 1))
        self.assertEqual((self._problems(self.company), problem.times), (problem, 2))

    def test_a_corrected_template_is_used_in_the_next_run(self):
        self._run_quietly()
        self.bad.body_html = "<p>Better words</p>"
        self._run(self.TODAY.replace(day=self.TODAY.day + 1))
        self.assertEqual(len(self._communications(self.failing)), 10)
        self.assertTrue(
            all(problem.solved_on for problem in self._problems(self.failing) | self._problems(self.company))
        )

    def test_a_message_that_waits_for_review_stays(self):
        self.bad.body_html = "<p>Good words</p>"
        self.policy.review_above = 1
        self._run()
        waiting = self._communications(self.failing)
        self._break(self.bad)
        with mute_logger(PROBLEM_LOG, QWEB_LOG, *TEMPLATE_LOGS):
            self._run(self.TODAY.replace(day=self.TODAY.day + 1))
        self.assertEqual(set(waiting.mapped("state")), {"review"})

    def test_a_broken_layout_ends_after_a_few_attempts(self):
        layout = self.env.ref("ar_collections.communication_mail_layout").sudo()
        layout.arch = "<t t-name='x'><t t-out='object.gone'/></t>"
        self.bad.body_html = "<p>Good words</p>"
        summary, log = self._run_quietly()
        self.assertEqual(summary["failed"], 10)
        self.assertEqual(len(log), 12)
        self.assertFalse(self._communications(self.failing | self.others))

    def test_the_same_failure_of_another_kind_stops_the_run(self):
        self.company.email = self.collector.email = False
        with patch(f"{BATCH_RUN}.SAME_FAILURES", 3), mute_logger(QWEB_LOG, *TEMPLATE_LOGS):
            summary = self._run()
        self.assertEqual(summary["failed"], 3)
        self.assertIn("Stopped after 3 failures", self._problems(self.company).message)

    def test_the_problem_tells_the_cause_and_not_the_whole_template(self):
        self._run_quietly()
        for problem in self._problems(self.failing) | self._problems(self.company):
            self.assertIn("'ar.communication' object has no attribute 'gone'", problem.message)
            self.assertNotIn("<p", problem.message)
            self.assertNotIn("Traceback", problem.message)

    def test_a_conflict_while_a_template_is_rendered_is_no_failure_of_it(self):
        conflict = SerializationFailure("could not serialize access")
        messages = type(self.env["ar.communication"])
        with (
            patch.object(messages, "_get_message_values", side_effect=conflict),
            mute_logger(QWEB_LOG, *TEMPLATE_LOGS),
        ):
            summary = self._run()
        self.assertEqual((summary["failed"], summary["locked"]), (5, 6))
