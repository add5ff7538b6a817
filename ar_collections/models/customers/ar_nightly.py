import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.tools import SQL

from ...const import NIGHTLY_STEPS
from .batch_run import BatchRun

_logger = logging.getLogger(__name__)

#: Names the lock that keeps two workers from running the same company's night; any number that is not used elsewhere.
LOCK = 1_937_206_112


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
    def _batch_run(self, company, step, auto_commit=False):
        """Return the helper that works through the records of a step, see `BatchRun`."""
        return BatchRun(self.env, company, step, auto_commit)

    @api.model
    def _cron_run(self):
        """Run the steps of every company whose run hour has come, in its own time zone. Called hourly."""
        for company in self._get_due_companies():
            if not self._run_company(company, auto_commit=True):
                self.env["ir.cron"]._commit_progress(remaining=1)  # there is more to do: continue soon
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _get_due_companies(self):
        """Return the companies with a credit policy whose run hour has come."""
        companies = self.env["res.company"].search([("ar_policy_ids", "!=", False)])
        return companies.filtered(lambda company: company._ar_now().hour >= company.ar_run_hour)

    @api.model
    def _run_company(self, company, auto_commit=False):
        """Run the steps of one company; nothing where another worker is at it.

        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out, and the run is to be continued
        """
        with self._lock_company(company) as is_locked:
            if not is_locked:
                _logger.info("Another worker runs the collections of company %s.", company.id)
                return True
            today = company._ar_today()
            return all(self._run_step(step, company, today, auto_commit) for step in self._get_steps())

    @api.model
    def _run_step(self, step, company, today, auto_commit):
        """Run one step; a failure is stored as a problem of the company and does not stop the next step.

        :param step: (code, model, method), see `_get_steps`
        :return: False where the time ran out
        """
        code, model, method = step
        try:
            finished = getattr(self.env[model].with_company(company), method)(company, today, auto_commit=auto_commit)
        except psycopg2.OperationalError:
            if not auto_commit:
                raise
            self.env.cr.rollback()
            _logger.info("Step %s of company %s met another transaction.", code, company.id, exc_info=True)
            return True  # the next turn repeats it
        except Exception as error:  # no failure of one step may stop the others
            if not auto_commit:
                raise
            self.env.cr.rollback()
            _logger.exception("Step %s of company %s failed.", code, company.id)
            self.env["ar.problem"]._report(company, code, error, company=company)
            self.env["ir.cron"]._commit_progress()
            return True
        return finished is not False

    @contextmanager
    def _lock_company(self, company):
        """Lock a company's night beyond the commits of its batches; yield whether it was free.

        The lock belongs to the database session, so it ends with a worker that is killed.
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
