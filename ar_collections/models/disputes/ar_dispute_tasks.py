from odoo import models

from ...core.disputes.dispute import OPEN_STATES

TASK = "ar_collections.mail_activity_type_dispute"

OVERDUE_TASK = "ar_collections.mail_activity_type_dispute_overdue"

BOOK_TASK = "ar_collections.mail_activity_type_dispute_book"


class ArDisputeTasks(models.Model):
    """The tasks of staff about a dispute: answer it, and post the credit note."""

    _inherit = "ar.dispute"

    def _add_owner_task(self):
        """Give the owner the task to answer by the deadline; the disputes that a customer sends on a day share one."""
        for dispute in self.with_context(mail_activity_quick_update=True):
            dispute = dispute._in_staff_language()
            if shared := dispute._find_siblings()._get_answer_tasks()[:1]:
                self.env["ar.customer"]._append_to_task(shared, f"{dispute.name}: {dispute.reason_id.name}")
                shared.date_deadline = min(shared.date_deadline, dispute.date_deadline)
                continue
            dispute.activity_schedule(
                TASK, date_deadline=dispute.date_deadline, summary=dispute.reason_id.name, user_id=dispute.user_id.id
            )

    def _add_booking_task(self):
        """Give the collector the task to post the credit note; until then the granted amount stays excluded."""
        self.ensure_one()
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            BOOK_TASK,
            summary=self.env._("Post a credit note of %(amount)s", amount=self._format_amount(self.amount_accepted)),
            user_id=(self.customer_id.collector_id or self.user_id).id,
        )

    def _close_when_booked(self):
        """Close the posting tasks of disputes whose credit notes are all posted."""
        booked = self.filtered(lambda dispute: set(dispute.credit_note_ids.mapped("state")) == {"posted"})
        booked.activity_unlink([BOOK_TASK])

    def _end_tasks(self, kinds=(TASK, OVERDUE_TASK)):
        """Close the tasks to answer these disputes, also those of the escalation.

        A shared task is made anew for the others: with their reasons and deadlines, on whichever dispute it was.

        :param kinds: external ids of the types of tasks, `TASK` among them
        """
        holders = self.filtered(lambda dispute: dispute._get_answer_tasks())
        self.activity_unlink(list(kinds))
        for dispute in self:
            left = dispute._find_siblings() - self
            tasks = left._get_answer_tasks()
            if any(dispute.name in (task.note or "") for task in tasks):
                left.activity_unlink([TASK])
            elif tasks or dispute not in holders:
                continue
            left.sorted("id")._add_owner_task()

    def _find_siblings(self):
        """Return the other open disputes that the customer sent on the same day on the portal, of the same owner."""
        self.ensure_one()
        if self.origin != "portal":
            return self.browse()
        siblings = [
            ("customer_id", "=", self.customer_id.id),
            ("origin", "=", "portal"),
            ("date_raised", "=", self.date_raised),
            ("user_id", "=", self.user_id.id),
            ("state", "in", OPEN_STATES),
            ("id", "not in", self.ids),
        ]
        return self.search(siblings)

    def _get_answer_tasks(self):
        """Return the open tasks of these disputes to answer them."""
        return self._get_tasks(TASK)

    def _get_tasks(self, kind):
        """Return the open tasks of a type.

        :param str kind: external id of the type
        """
        kind = self.env.ref(kind)
        return self.activity_ids.filtered(lambda task: task.activity_type_id == kind)
