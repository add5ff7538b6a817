import logging

from odoo import api, models

from ...core.disputes.dispute import OPEN_STATES
from .ar_dispute_lifecycle import OVERDUE_TASK

_logger = logging.getLogger(__name__)


class ArDisputeEscalation(models.Model):
    """Escalation: a dispute past its deadline becomes a task of a manager, once; the customer is not notified."""

    _inherit = "ar.dispute"

    @api.model
    def _cron_escalate_disputes(self):
        """Escalate the overdue disputes of every company whose run hour has come; called hourly."""
        for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self._escalate_overdue(company, auto_commit=True)

    @api.model
    def _escalate_overdue(self, company, auto_commit=False):
        """Escalate each open dispute of the company that is past its deadline and was not escalated yet.

        :param bool auto_commit: commit after each dispute, as a scheduled action does
        :return: the disputes that were escalated
        """
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", OPEN_STATES),
            ("date_deadline", "<", company._ar_today()),
            ("escalated_on", "=", False),
        ]
        overdue = self.search(domain, order="date_deadline, id")
        if auto_commit:
            self.env["ir.cron"]._commit_progress(remaining=len(overdue))
        escalated = self.browse()
        for dispute in overdue:
            # A dispute that another transaction holds is left to the next run; one that changed meanwhile is skipped.
            escalated |= dispute.try_lock_for_update().filtered_domain(domain)._escalate()
            if auto_commit and not self.env["ir.cron"]._commit_progress(1):
                break
        return escalated

    def _escalate(self):
        """Give the manager a task and log it on the thread.

        :return: self, or an empty recordset after a failure, which is logged and not raised
        """
        for dispute in self.with_context(mail_activity_quick_update=True):
            try:
                with self.env.cr.savepoint():
                    manager = dispute._get_manager()
                    dispute.escalated_on = dispute.company_id._ar_today()
                    dispute.activity_schedule(
                        OVERDUE_TASK,
                        summary=self.env._("Not answered in time: %(reason)s", reason=dispute.reason_id.name),
                        user_id=manager.id,
                    )
                    dispute._log_on_thread(
                        self.env._("not answered in time, escalated to %(manager)s", manager=manager.name)
                    )
            except Exception:  # no failure of one dispute may stop the others
                _logger.exception("Dispute %s could not be escalated.", dispute.id)
                self.env.invalidate_all(flush=False)
                return self.browse()
        return self

    def _get_manager(self):
        """Return the manager to escalate to: the reason's, the policy's, else the company's first manager.

        Managers that are archived or do not work for the company are passed over; without any it is the owner.
        """
        self.ensure_one()
        company = self.company_id
        for manager in (self.reason_id.manager_id, self.customer_id.policy_id.manager_id):
            if manager.active and company in manager.company_ids:
                return manager
        return self._get_first_manager(company) or self.user_id

    @api.model
    def _get_first_manager(self, company):
        """Return the first collections manager of the company; may be empty."""
        managers = self.env.ref("ar_collections.ar_collections_group_manager")
        domain = [("all_group_ids", "in", managers.ids), ("company_ids", "in", company.ids), ("share", "=", False)]
        return self.env["res.users"].sudo().search(domain, order="id", limit=1)  # visitors may not read users
