import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

#: Customers per transaction; each change is noted on the account, so it takes its time.
BATCH = 250


class ArAssignmentRun(models.Model):
    """Applying the rules: when an account is opened, every night, and when a manager says so."""

    _inherit = "ar.assignment.rule"

    @api.model
    def _cron_assign(self):
        """Give the customers without a collector to whom the rules say, company after company, batch after batch."""
        companies = self.env["res.company"].search([("ar_policy_ids", "!=", False)])
        todo = {}
        for company in companies:
            with self._stopping_nobody(company):
                todo[company] = self._get_plan(company)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=sum(map(len, todo.values())))
        for company, plan in todo.items():
            for ids in split_every(BATCH, plan):
                with self._stopping_nobody(company):
                    self._assign({customer_id: plan[customer_id] for customer_id in ids})
                if not progress(len(ids)):
                    return

    @contextmanager
    def _stopping_nobody(self, company):
        """Undo and log what fails in the block; invoices, the night run and other companies go on.

        A condition that worked when it was written fails when a field in it is gone.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except Exception as error:  # whatever the rules' authors managed to write
            self.env.invalidate_all(flush=False)
            _logger.warning("The assignment rules of %s failed: %s", company.name, error)

    @api.model
    def _get_plan(self, company, customers=None):
        """Return {customer id: (rule, user)} for a company's customers whose collector nobody chose.

        :param customers: default: all of them
        """
        rules = self.search([("company_id", "=", company.id)])
        if not rules:
            return {}
        domain = [("company_id", "=", company.id), ("user_id", "=", False), ("assigned_by", "!=", "hand")]
        if customers is not None:
            domain.append(("id", "in", customers.ids))
        return rules._plan(self.env["ar.customer"].search(domain, order="id"))

    @api.model
    def _assign(self, plan):
        """Write a plan down; who got a collector meanwhile, or is being worked on, is left alone.

        :param plan: {customer id: (rule, user)}
        :return: the customers that were assigned
        """
        customers = self.env["ar.customer"].browse(plan).try_lock_for_update()
        free = customers.filtered(lambda customer: not customer.user_id and customer.assigned_by != "hand")
        for (rule, user), assigned in free.grouped(lambda customer: plan[customer.id]).items():
            assigned._assign_by_rule(rule, user)
        return free
