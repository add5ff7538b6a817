from odoo import models
from odoo.tools import SQL, html2plaintext, plaintext2html

from ...const import CALLS_REACHED, CALLS_UNREACHED
from ..customers.sql import pg_array
from .mail.origin import Origin

CALL_TYPE = "ar_collections.mail_activity_type_call"

ADDRESS_TYPE = "ar_collections.mail_activity_type_address"

REPLY_TYPE = "ar_collections.mail_activity_type_reply"

#: The follow-up of a call: result -> method of the customer that opens the dialog. Other domains define the methods.
NEXT_BUTTONS = {
    "promised": "action_promise",
    "says_paid": "action_report_payment",
    "disputes": "action_new_dispute",
    "wants_plan": "action_new_payment_plan",
}


class ArCustomer(models.Model):
    """Calls to customers and replies from them.

    A call is recorded in the log and in the chatter, with its follow-up. A reply pauses automatic contact for some days
    and creates a task for the collector to answer it.
    """

    _inherit = "ar.customer"

    # === MERGING === #

    def _drop_duplicates(self, others):
        """Override to cancel the reminders that wait for the other accounts, and to count a step once.

        The next run writes one message about all items. Where both accounts have sent a step for an item, the log keeps
        both, and one of the two lines uses the step.
        """
        result = super()._drop_duplicates(others)
        self.env["ar.communication"]._waiting(others)._cancel("outdated")
        self.env.flush_all()
        # The log is append-only for the ORM; only the mark of the unique index is changed.
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_communication_line line SET uses_step = FALSE
                  FROM ar_communication communication, ar_communication_line kept, ar_communication kept_communication
                 WHERE communication.id = line.communication_id AND kept_communication.id = kept.communication_id
                   AND COALESCE(line.member_id, communication.customer_id) = ANY(%(others)s::int[])
                   AND line.uses_step AND kept.uses_step
                   AND kept.move_line_id = line.move_line_id AND kept.step_id = line.step_id
                   AND (COALESCE(kept.member_id, kept_communication.customer_id) = %(own)s
                        OR (COALESCE(kept.member_id, kept_communication.customer_id) = ANY(%(others)s::int[])
                            AND kept.id < line.id))
                """,
                others=pg_array(others.ids),
                own=self.id,
            )
        )
        self.env["ar.communication.line"].invalidate_model(["uses_step"])
        return result

    # === CALLS === #

    def action_log_call(self):
        """Open the dialog to record a call."""
        self.ensure_one()
        self._require("collector")
        self.check_access("read")
        return self.env["ar.call.log"]._open_for(self)

    def _log_call(self, result, contact, note="", next_date=None):
        """Record a call that was made now.

        A call that the reminder schedule planned counts as made: its task is closed, its communication becomes `sent`.
        Otherwise a new communication is logged.

        :param str result: one of ``const.CALL_RESULTS``
        :param contact: the `res.partner` who was called
        :param str note: a summary of the call
        :param date next_date: when to call again; None: no further call is planned
        :return: the communication
        """
        self.ensure_one()
        tasks = self._get_call_tasks()
        planned = tasks._get_planned_calls()
        call = planned[:1] or self.env["ar.channel.call"]._log(self, contact)
        call.write({"call_result": result, "note": note, "recipient_ids": contact.ids})
        self._close_call_tasks(tasks, planned, self._get_call_text(call, contact))
        if call.state == "planned":
            call._set_state("sent", date_sent=self.company_id._ar_today())
        call._update_last_contact()
        if next_date:
            self._schedule_call(next_date, contact, result)
        if result == "wrong_number":
            self._add_task(
                ADDRESS_TYPE, self.env._("The phone number of %(contact)s is wrong", contact=contact.display_name)
            )
        self._mark_changed()
        return call

    def _get_next_step(self, result):
        """Return the action after a call: the dialog that fits its result, or to close the present one."""
        button = getattr(self, NEXT_BUTTONS.get(result, ""), None)
        return button() if button else {"type": "ir.actions.act_window_close"}

    # === TASKS === #

    def _get_call_tasks(self):
        """Return the open tasks to call this customer, those planned by the reminder schedule first."""
        tasks = self.sudo().activity_ids  # also those of colleagues, because the call was made
        planned = tasks._get_planned_calls().activity_id
        return planned | tasks.filtered(lambda task: task.activity_type_id.category == "phonecall")

    def _close_call_tasks(self, tasks, planned, text):
        """Close the call tasks; the chatter gets the text once, with the first task, or as a note without one.

        :param tasks: all open call tasks
        :param planned: the communications of those that the reminder schedule planned
        :param str text: see `_get_call_text`
        """
        scheduled = planned.activity_id
        first = tasks[:1]
        if first:
            first.action_feedback(feedback=text)
        else:
            self.message_post(body=plaintext2html(text), subtype_xmlid="mail.mt_note")
        for task in scheduled - first:
            task.action_feedback()
        (tasks - scheduled - first).unlink()

    def _can_do_task(self, task, user):
        """Override: the call of a step may also be made by the salesperson or the user whom the step names."""
        if super()._can_do_task(task, user):
            return True
        if not user._ar_works_for(self.company_id):
            return False  # who has left, as most users that this is asked about: nothing is searched for their tasks
        call = task._get_planned_calls()
        return bool(call) and user in call.step_id.user_id | self.partner_id.user_id

    def _schedule_call(self, day, contact, result):
        """Create a task for the user to call again."""
        text = self.env._(
            "Call %(contact)s again: %(result)s", contact=contact.display_name, result=self._get_result_label(result)
        )
        customer = self.sudo().with_context(mail_activity_quick_update=True)  # as in `_add_task`
        customer.activity_schedule(CALL_TYPE, date_deadline=day, summary=text, user_id=self.env.uid)

    def _get_call_text(self, call, contact):
        """Return the text about the call for the chatter, as plain text."""
        text = self.env._(
            "Call with %(contact)s: %(result)s",
            contact=contact.display_name,
            result=self._get_result_label(call.call_result),
        )
        return f"{text}\n{call.note}" if call.note else text

    def _get_result_label(self, result):
        """Return the label of a call result, in the user's language."""
        return dict(self.env["ar.communication"]._fields["call_result"]._description_selection(self.env))[result]

    # === PRIORITY === #

    def _read_unreached_calls(self, today):
        """Return {customer id: number of calls that reached nobody since the last one that did}, within 90 days."""
        self.env["ar.communication"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT missed.customer_id, COUNT(*)
                  FROM ar_communication missed
                 WHERE missed.customer_id = ANY(%(customers)s::int[])
                   AND missed.state = 'sent'
                   AND missed.call_result IN %(unreached)s
                   AND missed.date_sent > %(today)s::date - 90
                   AND NOT EXISTS (
                       SELECT FROM ar_communication reached
                        WHERE reached.customer_id = missed.customer_id
                          AND reached.state = 'sent'
                          AND reached.call_result IN %(reached)s
                          AND reached.date_sent >= missed.date_sent)
              GROUP BY missed.customer_id
                """,
                customers=pg_array(self.ids),
                unreached=CALLS_UNREACHED,
                reached=CALLS_REACHED,
                today=today,
            )
        )
        return dict(rows)

    # === REPLIES === #

    def _message_post_after_hook(self, message, msg_values):
        """Override of `mail` to handle what the customer wrote, by e-mail or on the customer page, as a reply."""
        result = super()._message_post_after_hook(message, msg_values)
        for customer in self:
            if customer._is_reply(message):
                customer.sudo()._handle_reply(message)  # the customer has no rights on the account
        if message.author_id == self.env.user.partner_id:
            self._mark_changed(decide=False)
        return result

    def _is_reply(self, message):
        """Return whether the message was written by a person on the customer's side.

        Messages of colleagues and automatic replies, such as out-of-office notices, are no replies.
        """
        if isinstance(self.env.context.get("ar_origin"), Origin) or message.is_internal or message.subtype_id.internal:
            return False
        colleague = message.author_id and not message.author_id.partner_share
        return message.message_type in ("email", "comment") and not colleague

    def _handle_reply(self, message):
        """Pause automatic contact for the policy's working days, and create a task for the collector to answer."""
        self.ensure_one()
        reader = self.with_context(lang=self.collector_id.lang or self.company_id.partner_id.lang)
        if self._is_pausing_reply(message):
            self._pause_for_answer(reader.env._("Reply from the customer"))
        if self.snooze_until:
            self.action_end_snooze()
        summary, note = self._get_reply_task(message, reader)
        self._add_task(REPLY_TYPE, summary, note=note, append=True)

    def _is_pausing_reply(self, message):
        """Return whether automatic contact waits for the answer to a reply; extension point."""
        return True

    def _get_reply_task(self, message, reader):
        """Return summary and details (safe HTML or False) of the task to answer a reply; extension point.

        :param reader: this account in the collector's language
        """
        words = message.subject or html2plaintext(message.body or "").strip().partition("\n")[0]
        return reader.env._("Answer: %(words)s", words=words[:100]), False

    def _pause_for_answer(self, reason):
        """Pause automatic contact for the policy's working days, so that a person can answer; a longer pause stays.

        :param str reason: what the customer did, for colleagues
        :return: the day on which contact may go on; None without a pause
        """
        until = self._get_reply_pause()
        if until and (not self.pause_until or self.pause_until < until):
            self.write({"pause_until": until, "pause_reason": reason})
        return until and self.pause_until

    def _get_reply_pause(self):
        """Return the day on which the pause after a reply of today ends; None without a pause."""
        policy = self.policy_id
        if not policy.reply_pause_days:
            return None
        today = self.company_id._ar_today()
        return policy._get_work_calendar(today).add_workdays(today, policy.reply_pause_days + 1)
