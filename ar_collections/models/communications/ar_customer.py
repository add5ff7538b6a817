from odoo import models
from odoo.tools import SQL, html2plaintext, plaintext2html

from ...const import CALLS_REACHED, CALLS_UNREACHED
from ..customers.sql import pg_array

CALL_TYPE = "ar_collections.mail_activity_type_call"

ADDRESS_TYPE = "ar_collections.mail_activity_type_address"

#: Where a call leads next: result -> the customer's button, where that kind of agreement is installed.
NEXT_BUTTONS = {"promised": "action_promise", "disputes": "action_new_dispute", "wants_plan": "action_new_payment_plan"}

REPLY_TYPE = "ar_collections.mail_activity_type_reply"


class ArCustomer(models.Model):
    """Calls: noted in the log and on the thread, and what follows from them.

    The customer answers: the machine falls silent for some days, a person goes on.
    """

    _inherit = "ar.customer"

    def action_log_call(self):
        """Open the dialog that notes a call."""
        self.ensure_one()
        self._require("collector")
        self.check_access("read")
        return self.env["ar.call.log"]._open_for(self)

    def _log_call(self, result, contact, note="", next_date=None):
        """Note a call that was made just now.

        A call that the ladder waits for is this one: its task is done, its communication becomes `sent`. Otherwise
        the log gets a row of its own.

        :param str result: one of ``const.CALL_RESULTS``
        :param contact: whom we talked to, or tried to: `res.partner`
        :param str note: what was said
        :param date next_date: when to call again, if at all
        :return: the communication
        """
        self.ensure_one()
        tasks = self._get_call_tasks()
        planned = tasks._get_planned_calls()
        call = planned[:1] or self.env["ar.outreach"]._log_call(self, contact)
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
        return call

    def _get_next_step(self, result):
        """Return the action of what follows from a call: the dialog of a promise, a dispute or a plan, or nothing."""
        button = getattr(self, NEXT_BUTTONS.get(result, ""), None)
        return button() if button else {"type": "ir.actions.act_window_close"}

    # === TASKS === #

    def _get_call_tasks(self):
        """Return the open tasks to call this customer: those of the ladder first."""
        tasks = self.sudo().activity_ids  # whoever is to call, the call was made
        planned = tasks._get_planned_calls().activity_id
        return planned | tasks.filtered(lambda task: task.activity_type_id.category == "phonecall")

    def _close_call_tasks(self, tasks, planned, text):
        """Close the tasks to call; what was said stands on the thread once, with the first of them or alone."""
        scheduled = planned.activity_id
        first = tasks[:1]
        if first:
            first.action_feedback(feedback=text)
        else:
            self.message_post(body=plaintext2html(text), subtype_xmlid="mail.mt_note")
        for task in scheduled - first:
            task.action_feedback()
        (tasks - scheduled - first).unlink()

    def _schedule_call(self, day, contact, result):
        """Give whoever called the task to call again."""
        text = self.env._(
            "Call %(contact)s again: %(result)s", contact=contact.display_name, result=self._get_result_label(result)
        )
        customer = self.sudo().with_context(mail_activity_quick_update=True)  # tasks are given as in `_add_task`
        customer.activity_schedule(CALL_TYPE, date_deadline=day, summary=text, user_id=self.env.uid)

    def _get_call_text(self, call, contact):
        """Return what the thread says about the call, as plain text."""
        text = self.env._(
            "Call with %(contact)s: %(result)s",
            contact=contact.display_name,
            result=self._get_result_label(call.call_result),
        )
        return f"{text}\n{call.note}" if call.note else text

    def _get_result_label(self, result):
        return dict(self.env["ar.communication"]._fields["call_result"]._description_selection(self.env))[result]

    # === PRIORITY === #

    def _read_unreached_calls(self, today):
        """Return {customer id: calls that reached nobody, since one that did}, of the last three months."""
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
        """Override of `mail` to take what the customer wrote, by e-mail or on the own page, as a reply."""
        result = super()._message_post_after_hook(message, msg_values)
        for customer in self:
            if customer._is_reply(message):
                customer.sudo()._handle_reply(message)  # whoever writes to us changes nothing but this
        return result

    def _is_reply(self, message):
        """Tell whether a person on the customer's side wrote the message.

        Neither colleagues nor machines do: an out-of-office notice leaves everything as it is.
        """
        if self.env.context.get("ar_no_reply") or message.is_internal or message.subtype_id.internal:
            return False
        colleague = message.author_id and not message.author_id.partner_share
        return message.message_type in ("email", "comment") and not colleague

    def _handle_reply(self, message):
        """Pause automatic contact by the policy's working days, and give the collector the task to answer."""
        self.ensure_one()
        reader = self.with_context(lang=self.collector_id.lang or self.company_id.partner_id.lang)
        until = self._get_reply_pause()
        if until and (not self.pause_until or self.pause_until < until):
            self.write({"pause_until": until, "pause_reason": reader.env._("Reply from the customer")})
        if self.snooze_until:
            self.action_end_snooze()
        words = message.subject or html2plaintext(message.body or "").strip().partition("\n")[0]
        self._add_task(REPLY_TYPE, reader.env._("Answer: %(words)s", words=words[:100]))

    def _get_reply_pause(self):
        """Return the day from which automatic contact may go on after a reply of today, if it pauses at all."""
        policy = self.policy_id
        if not policy.reply_pause_days:
            return None
        today = self.company_id._ar_today()
        return policy._get_work_calendar(today).add_workdays(today, policy.reply_pause_days + 1)
