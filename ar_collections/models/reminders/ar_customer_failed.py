import logging

import psycopg2

from odoo import api, models

from ...core import decision as codes
from ...core.facts import EVERYTHING

_logger = logging.getLogger(__name__)


class ArCustomerFailed(models.Model):
    """What becomes of customers whose turn in the run failed, and of those whose message would fail alike."""

    _inherit = "ar.customer"

    def _end_failed_run(self, today, run, failing):
        """Mark the customer as done today after a failure, so that the next turn of the day leaves it out.

        Where the email template has failed some times, the rest of its messages is left out, too: a problem says so.

        :param BatchRun run: the run, with the error
        :param FailingTemplates failing: those of this run
        """
        # sudo: users who run the day may not write its results.
        group = self._with_members().sudo().with_context(tracking_disable=True)
        group._tell_missing_payments(today)
        group.decision_date = today  # as in `_store_results`
        template = failing.add(run.last_error)
        if template is not None:
            run.report(
                self.env._(
                    "Messages by the email template “%(template)s” cannot be written; they wait for the next run. "
                    "Last message: %(error)s",
                    template=template.sudo().name or "",  # whatever the user may read
                    error=run.last_error,
                )
            )

    def _tell_missing_payments(self, today):
        """Tell of payments that did not arrive, of which the next run would not learn: it looks at its own day.

        Where the facts themselves cannot be read, nothing is told.
        """
        try:
            with self.env.cr.savepoint():
                for customer_id, facts in self.env["ar.facts"]._gather(self, today, EVERYTHING).items():
                    if facts.registered:
                        self.browse(customer_id)._announce_missing_payments(facts, today)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this customer
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.info("Missing payments of %s are not told.", self, exc_info=True)

    @api.model
    def _leave_failing(self, verdicts, waiting, failing):
        """Exclude, in place, new messages by email templates that cannot be used in this run."""
        steps, reached = self.env["ar.reminder.step"], waiting.customer_id

        def fails(customer, decision):
            step = steps.browse(decision.step.step_id)
            by_template = customer not in reached and self.env["ar.channel"]._get(step.channel)._has_template
            return by_template and failing.has(step.mail_template_id)

        found = [c for c, verdict in verdicts.items() if verdict.decision.has_message and fails(c, verdict.decision)]
        self._exclude(verdicts, found, codes.MESSAGE_FAILED)

    # === PROBLEMS OF THE COMPANY === #

    @api.model
    def _read_problems(self, company):
        """Return {problem: how often it occurred} of the company's open problems with its reminders."""
        # sudo: problems are stored and solved, whoever the user is.
        opened = self.env["ar.problem"].sudo()._search_open(company, "reminders")
        opened.invalidate_recordset(["times"])  # other workers store it, too
        return {problem: problem.times for problem in opened}

    @api.model
    def _solve_problems(self, company, known):
        """Solve the company's problems with its reminders that the run did not meet again.

        Only after a run with customers: in the next hour of a day there is nobody to decide about, and nothing tried.
        Nor while messages are left out because of an email template: these customers are done for the day.

        :param dict known: what `_read_problems` returned before the run
        """
        over = [problem for problem, times in self._read_problems(company).items() if known.get(problem) == times]
        left_out = [("company_id", "=", company.id), ("decision_code", "=", codes.MESSAGE_FAILED)]
        if over and not self.search_count(left_out, limit=1):
            self.env["ar.problem"].sudo().union(*over)._solve()  # as above
