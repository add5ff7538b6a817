import logging
import time
from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from ....const import NIGHTLY_STEPS
from .batch_run import CONFLICTS, RETRY_LOCKED, BatchRun

_logger = logging.getLogger(__name__)

#: Names the lock that keeps two workers from running the same company's night; any number that is not used elsewhere.
LOCK = 1_937_206_112

#: How often a step is tried that meets another transaction, before the next step begins without it.
TRIES = 3


class ArNightly(models.AbstractModel):
    """The nightly run: for each company an ordered list of steps, in one scheduled action.

    The order is part of the rules: promises are judged before reminders are decided, the snapshot comes after both. A
    company is run by one worker at a time. A step that fails, or a company, stops nothing else. A run may be repeated
    and continued at any time, because each step looks for what is still to be done.
    """

    _name = "ar.nightly"
    _description = "Nightly Run"

    @api.model
    def _get_steps(self):
        """Return the steps in their order: [(code, model, method)].

        Extension point: an override inserts its own. The method takes ``company``, ``today`` and ``auto_commit``, works
        through :meth:`_batch_run`, and returns False where the time ran out. The code is that of its problems.
        """
        return list(NIGHTLY_STEPS)

    @api.model
    def _get_phases(self):
        """Return the steps in two parts: until the messages of the day, and what may take long.

        The first part is run for all companies before the second, so that the history of key figures of a new company
        lets no other wait for its messages. Nor for what failed: its list ends both parts. That the first has come to
        its end is stored; `ar.mail.health` looks at it.
        """
        steps = self._get_steps()
        codes = [code for code, _model, _method in steps]
        end = codes.index("snapshots") if "snapshots" in codes else len(codes)
        problems = [step for step in steps[end:] if step[0] == "problems"]
        return [[*steps[:end], *problems, ("nightly_run", "res.company", "_ar_store_run")], steps[end:]]

    @api.model
    def _batch_run(self, company, step, auto_commit=False, is_part=False):
        """Return the helper that works through the records of a step, see `BatchRun`."""
        interruptions = self._count_interruptions() if auto_commit else 0
        return BatchRun(self.env, company, step, auto_commit, is_part, interruptions)

    @api.model
    def _count_interruptions(self):
        """Return how often in a row the scheduled action that runs now was ended from outside before: 0 to 2.

        Odoo counts turns that did not come back; after three it waits for the next interval and begins anew.
        """
        # sudo: the progress is a technical record of the scheduled action itself.
        turns = self.env["ir.cron.progress"].sudo()
        turn_id = self.env.context.get("ir_cron_progress_id")
        turn = turns.search([("id", "=", turn_id)]) if turn_id else turns
        return min(max(turn.timed_out_counter - 1, 0), 2)  # this turn is counted already

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_run(self):
        """Run the steps of every company whose run hour has come, in its own time zone. Called hourly."""
        progress = self.env["ir.cron"]._commit_progress
        if time.monotonic() >= self.env.context.get("cron_end_time", float("inf")):
            progress(remaining=1)  # Odoo calls again without time left; the work continues in a new turn, soon
            return
        for steps in self._get_phases():
            for company in self._put_interrupted_last(self._get_due_companies()):
                if not self._try_company(company, steps):
                    progress(remaining=1)  # there is more to do: continue soon
                    return
        progress(remaining=0)

    @api.model
    def _get_due_companies(self):
        """Return the companies with a credit policy, or with collections active, whose run hour has come."""
        companies = self.env["res.company"].search(["|", ("ar_policy_ids", "!=", False), ("ar_active", "=", True)])
        return companies.filtered(lambda company: company._ar_now().hour >= company.ar_run_hour)

    @api.model
    def _put_interrupted_last(self, companies):
        """Return the companies in their order; after an interruption those that got through last are first.

        So a company whose work ends the process does not keep the others from their turn.
        """
        if not self._count_interruptions():
            return companies
        return sorted(companies, key=lambda company: str(company.ar_run_ended_on or ""), reverse=True)

    @api.model
    def _try_again_soon(self, delay):
        """Let the scheduled action that runs now be called again after the delay, unless it is anyway.

        :param timedelta delay: time from now
        """
        cron_id, now = self.env.context.get("cron_id"), fields.Datetime.now()
        planned = [("cron_id", "=", cron_id), ("call_at", ">", now), ("call_at", "<=", now + delay)]
        # sudo: triggers are technical records of the scheduled action itself.
        if cron_id and not self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
            self.env["ir.cron"].sudo().browse(cron_id)._trigger(at=now + delay)

    # === ONE COMPANY === #

    @api.model
    def _try_company(self, company, steps):
        """Run steps of one company; an unexpected error is logged and does not stop the other companies.

        :return: False where the time ran out
        """
        try:
            return self._run_company(company, auto_commit=True, steps=steps)
        except Exception:  # a failing step was handled before: this is the database, or the lock
            _logger.exception("The night of company %s failed.", company.id)
            self.env.cr.rollback()
            return True

    @api.model
    def _run_company(self, company, auto_commit=False, steps=None):
        """Run the steps of one company; nothing where another worker is at it.

        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :param steps: default: all, see `_get_steps`
        :return: False where the time ran out, and the run is to be continued
        """
        with self._lock_company(company) as is_locked:
            if not is_locked:
                _logger.info("Another worker runs the collections of company %s.", company.id)
                return True
            if auto_commit:
                self.env["ir.cron"]._commit_progress()  # a new transaction sees what the worker before has stored
            today = company._ar_today()
            steps = self._get_steps() if steps is None else steps
            return all(self._run_step(step, company, today, auto_commit) for step in steps)

    @api.model
    def _run_step(self, step, company, today, auto_commit):
        """Run one step; a failure is stored as a problem of the company and does not stop the next step.

        :param step: (code, model, method), see `_get_steps`
        :return: False where the time ran out
        """
        code, model, method = step
        for _number in range(TRIES):
            try:
                # Scheduled actions have no language; what they write for colleagues has the company's.
                lang = get_lang(self.env, company.partner_id.lang).code
                run = getattr(self.env[model].with_company(company).with_context(lang=lang), method)
                finished = run(company, today, auto_commit=auto_commit)
            except Exception as error:  # no failure of one step may stop the others
                if not auto_commit:
                    raise
                self.env.cr.rollback()
                failure = error
                if not isinstance(error, (*CONFLICTS, UniqueViolation)):
                    break
            else:
                if auto_commit:
                    self.env["ir.cron"]._commit_progress()  # else a failure of the next step would undo the rest
                return finished is not False
        self._report_step(code, company, failure)
        return True

    @api.model
    def _report_step(self, code, company, error):
        """Store that a step failed for a company."""
        _logger.warning("Step %s of company %s failed.", code, company.id, exc_info=error)
        problems = self.env["ar.problem"]
        known = code in problems._fields["code"].get_values(self.env)
        problems._report(company, code if known else "problems", error, company=company)
        if isinstance(error, CONFLICTS):
            self._try_again_soon(RETRY_LOCKED)
        self.env["ir.cron"]._commit_progress()

    @contextmanager
    def _lock_company(self, company):
        """Lock a company's night beyond the commits of its batches; yield whether it was free.

        The lock belongs to the database session, so it ends with a worker that is killed. It needs a connection of its
        own, as Odoo has: a pooler that shares sessions between transactions does not keep it.
        """
        ((is_locked,),) = self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK, company.id))
        try:
            yield is_locked
        except BaseException:
            self.env.cr.rollback()  # a failed transaction would refuse the statement below
            raise
        finally:
            if is_locked:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK, company.id))
