from odoo import api, models
from odoo.tools import split_every

from odoo.addons.ar_collections.models.customers.nightly.batch_run import BATCH


class ArCustomer(models.Model):
    """Several workers decide about the customers of a company."""

    _inherit = "ar.customer"

    @api.model
    def _run_customers(self, run, customers, today, due=None):
        """Override to let jobs take batches from the front, while the scheduled action works from the end.

        A company with a daily number of messages is run by one worker, which counts them.
        """
        if due or not run.auto_commit or len(customers) <= BATCH or run.company.ar_daily_ramp:
            super()._run_customers(run, customers, today, due=due)
            return
        share, key = self.env["ar.job.share"], f"ar-run-{run.company.id}-{today}"
        batches = [customers.browse(ids) for ids in split_every(BATCH, customers.ids)]
        share._begin(key, batches, lambda delayed: delayed._run_share(run.company.id, today))
        share._commit()  # the workers see the jobs
        backwards = customers.browse([customer_id for batch in reversed(batches) for customer_id in batch.ids])
        self._run_undecided(run, backwards, today)
        if run.result.finished:
            share._wait(key)
            # What a worker had locked and did not finish.
            self._run_undecided(run, backwards._select_undecided(today), today)
        # A runner that is busy may have taken none of them in the time that the scheduled action needed.
        self._report_runner(run.company, share._end(key) or share._has_runner())

    def _run_share(self, company_id, today):
        """Job: decide for those of a batch that nobody has decided about; one transaction.

        :param int company_id: the company of the accounts
        :param date today: the company's date; a job that comes on a later day does nothing
        """
        company = self.env["res.company"].browse(company_id)
        customers = self.exists().with_company(company)._select_undecided(today)
        if customers and company._ar_today() == today:
            run = self.env["ar.nightly"]._batch_run(company, "reminders", is_part=True)
            self.env["ar.customer"].with_company(company)._run_undecided(run, customers, today)
            self.env["ar.outreach"]._trigger_mail_queue()

    @api.model
    def _run_undecided(self, run, customers, today):
        """Decide for those of the accounts that nobody has decided about when they are locked."""
        if customers:
            self._run_customers(run, customers, today, due=lambda locked: locked._select_undecided(today))

    def _select_undecided(self, today):
        """Return those that nobody has decided about today."""
        undecided = self.filtered(lambda customer: not customer.decision_date or customer.decision_date < today)
        return self if len(undecided) == len(self) else undecided

    @api.model
    def _report_runner(self, company, is_served):
        """Store as a problem of the company that no worker took any job, or end that problem."""
        problems = self.env["ar.problem"]
        if is_served:
            problems._clear(company, "job_runner")
        else:
            text = self.env._("No job runner took any of the jobs of the nightly run.")
            problems._report(company, "job_runner", text, company=company)
