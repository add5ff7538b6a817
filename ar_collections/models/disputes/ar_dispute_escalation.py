from odoo import api, models

from ...core.disputes.dispute import OPEN_STATES
from .ar_dispute_tasks import BOOK_TASK, OVERDUE_TASK


class ArDisputeEscalation(models.Model):
    """Escalation: a dispute past its deadline becomes a task of a manager, once; the customer is not notified."""

    _inherit = "ar.dispute"

    @api.model
    def _escalate_overdue(self, company, today, auto_commit=False):
        """Step of the nightly run: escalate each open dispute that is past its deadline and was not escalated yet.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", OPEN_STATES),
            ("date_deadline", "<", today),
            ("escalated_on", "=", False),
        ]
        overdue = self.search(domain, order="date_deadline, id")
        run = self.env["ar.nightly"]._batch_run(company, "disputes", auto_commit)
        return run.over_records(
            overdue,
            lambda disputes: disputes._escalate(today),
            due=lambda disputes: disputes.filtered_domain(domain),
        ).finished

    def _escalate(self, today):
        """Give the managers a task and log it on the thread.

        :param date today: the company's date
        """
        for dispute in self.with_context(mail_activity_quick_update=True):
            manager = dispute._get_manager()
            dispute.escalated_on = today
            dispute.activity_schedule(
                OVERDUE_TASK,
                summary=self.env._("Not answered in time: %(reason)s", reason=dispute.reason_id.name),
                user_id=manager.id,
            )
            dispute._log_on_thread(self.env._("not answered in time, escalated to %(manager)s", manager=manager.name))

    def _get_manager(self):
        """Return the manager to escalate to: the reason's, the policy's, else the company's first manager.

        Managers that are archived, do not work for the company or may grant nothing of it are passed over; without any
        it is the owner.
        """
        self.ensure_one()
        company = self.company_id
        barred = self._get_barred(company, self._get_recorder())
        for manager in (self.reason_id.manager_id, self.customer_id.policy_id.manager_id):
            if manager not in barred and manager._ar_works_for(company, "auditor"):
                return manager
        return (company._ar_get_users("manager") - barred)[:1] or self.user_id

    # === TASKS OF USERS WHO LEFT === #

    def _get_task_owner(self, task):
        """Override to give the answer to the owner and an escalated dispute to a manager; the collector posts."""
        if task.activity_type_id == self.env.ref(OVERDUE_TASK):
            return self._get_manager()
        if task.activity_type_id == self.env.ref(BOOK_TASK):
            return super()._get_task_owner(task)
        return self.user_id
