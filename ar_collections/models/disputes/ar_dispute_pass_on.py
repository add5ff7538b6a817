from odoo import models
from odoo.exceptions import UserError

from ...core.disputes import dispute as rules
from ...core.workdays import WorkCalendar
from ...formats import format_date
from .ar_dispute_tasks import OVERDUE_TASK, TASK


class ArDisputePassOn(models.Model):
    """Another owner or another reason of an open dispute: customers choose the wrong one, or somebody else knows.

    Who may: collectors, the owner and managers, see `action_pass_on`; why: docs/decisions/0035-passing-on-disputes.md.
    """

    _inherit = "ar.dispute"

    def _pass_on(self, reason, owner, note):
        """Give the dispute another reason, another owner, or both; the task moves with it.

        :param reason: `ar.dispute.reason`
        :param owner: `res.users`
        :param str note: why, for the new owner; it is logged with what has changed
        :raise UserError: where nothing would change, the owner may not answer it, or the dispute has ended
        """
        # Every RPC caller can set the context keys with which `mail` logs nothing.
        self = self._with_trace()  # noqa: PLW0642
        self._lock_open()
        is_new_reason, told = reason != self.reason_id, self.date_deadline
        self._check_change(reason, owner)
        today = self.company_id._ar_today()
        day = self._get_next_deadline(reason, today) if is_new_reason else told
        is_overdue = bool(day) and day < today
        self._end_tasks([TASK] if is_overdue else [TASK, OVERDUE_TASK])
        self._track_set_log_message(note)
        self.with_context(mail_auto_subscribe_no_notify=True).write(
            {
                "reason_id": reason.id,
                "user_id": owner.id,
                "date_deadline": day,
                "escalated_on": is_overdue and self.escalated_on,
            }
        )
        self._add_owner_task()
        if is_overdue and is_new_reason:
            tasks = self._get_tasks(OVERDUE_TASK).with_context(mail_activity_quick_update=True)
            tasks.user_id = self._get_manager()
        self._log_passed_on()
        self.customer_id._mark_changed()
        if self.state == rules.REVIEW and day and told and day > told:  # for a new one *Start Review* tells the day
            self.env["ar.outreach"]._notify(self, "dispute_review", is_manual=True)

    # === OWNER === #

    def _get_next_owners(self):
        """Return the users to whom the user may pass the dispute on, and the present owner.

        They may answer it: with a role in the company, and not barred from granting it. Nobody but a manager takes a
        dispute over, because the owner grants alone.
        """
        self.ensure_one()
        barred = self._get_barred(self.company_id, self._get_recorder())
        if not self._has_role("manager"):
            barred |= self.env.user
        return (self.company_id._ar_get_users("auditor") - barred) | self.user_id

    def _propose_owner(self, reason):
        """Return the owner by the rule of new disputes, where the user may choose that one; else the present one.

        :param reason: `ar.dispute.reason`
        """
        self.ensure_one()
        if reason == self.reason_id:
            return self.user_id
        owner = self._get_owner(self.customer_id, reason, self._get_recorder())
        return owner if owner in self._get_next_owners() else self.user_id

    def _check_change(self, reason, owner):
        """Check that there is a change, to a reason of the company and to an owner who may answer.

        :raise UserError: otherwise, with what to choose
        """
        reasons = self.reason_id | self.reason_id._get_for(self.company_id)
        if reason not in reasons or (reason, owner) == (self.reason_id, self.user_id):
            raise UserError(self.env._("Choose another owner or another reason."))
        if owner in self._get_next_owners():
            return
        raise UserError(
            self.env._(
                "%(user)s cannot be the owner of %(dispute)s. An owner has at least the role “%(role)s” in "
                "%(company)s, and did not record the dispute where one person may grant nothing alone. Only "
                "collections managers take disputes over themselves.",
                user=owner.sudo().name,  # who may not read all users is told which one it is
                dispute=self.name,
                role=self.env.ref("ar_collections.ar_collections_group_auditor").sudo().name,  # as above
                company=self.company_id.display_name,
            )
        )

    # === DEADLINE, LOG === #

    def _get_next_deadline(self, reason, today):
        """Return the last day for an answer where the dispute gets another reason. Extension point.

        :param reason: `ar.dispute.reason`, the new one
        :param date today: the company's date
        """
        self.ensure_one()
        policy = self.customer_id.sudo().policy_id  # only for the calendar
        calendar = policy._get_work_calendar(today) if policy else WorkCalendar()
        days = (self.reason_id.sla_days, reason.sla_days)
        return rules.deadline_passed_on(self.date_raised, self.date_deadline or today, today, days, calendar)

    def _log_passed_on(self):
        self.ensure_one()
        reader = self._in_staff_language()
        reader._log_on_thread(
            reader.env._(
                "passed on to %(owner)s: %(reason)s, answer due by %(date)s",
                owner=self.user_id.name,
                reason=reader.reason_id.name,
                date=format_date(reader.env, self.date_deadline),
            )
        )
