from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ArMessageEditSend(models.TransientModel):
    """From the words to the customer: checked, compared with the books once more, logged, sent."""

    _inherit = "ar.message.edit"

    # === BUTTONS === #

    def action_send(self):
        """Send the message in these words, today, as a person's order: the step counts as spoken.

        :return: the dialog again, with the words kept, where what the message lists changed meanwhile
        :raise UserError: for who may not, or when nothing may be said any more
        """
        self._check_words()
        self._check_waits()
        if not self.can_send:
            raise UserError(self.env._("This message waits for a manager's approval. Save it instead."))
        today, (waiting, rules, decision) = self._look_again()
        step_id = self.communication_id.step_id.id or self.step_id.id
        if (
            self._get_content(self.communication_id._content_of(decision), today) != self.content
            or decision.step.step_id != step_id
        ):
            return self._show_change(waiting, rules, decision, today)
        if self.communication_id.deadline and self.communication_id.deadline < today:
            return self._show_deadline(rules, decision, today)
        if self.communication_id:
            self._send_waiting()
        else:
            self._send_new(waiting, rules, decision, today)
        self.customer_id._refresh_next(today)
        if self.preview_line_id:
            self.preview_line_id.done = "sent"
        return {"type": "ir.actions.act_window_close"}

    def action_save(self):
        """Keep the words with the message; it still waits for approval or for the printer."""
        self._check_words()
        self._check_waits()
        self.communication_id._check_editable()  # there must be one
        self._store()
        return {"type": "ir.actions.act_window_close"}

    # === STEPS === #

    def _check_words(self):
        """Refuse who may not, an empty message and recipients of somebody else."""
        self.ensure_one()
        customer = self.customer_id
        customer._check_collector()
        customer.check_access("write")
        if is_html_empty(self.words_above) and is_html_empty(self.words_below):
            raise UserError(self.env._("Write at least one sentence: a list of invoices alone is no message."))
        if self.channel != "email":
            return
        if not (self.subject or "").strip():
            raise UserError(self.env._("Give the message a subject."))
        if self.recipient_ids.commercial_partner_id - customer.partner_id:
            raise UserError(
                self.env._(
                    "Choose contacts of %(customer)s: the message is for nobody else.", customer=customer.display_name
                )
            )
        unreached = self.recipient_ids.filtered(lambda partner: not partner.email_normalized)
        if unreached or not self.recipient_ids:
            raise UserError(
                self.env._(
                    "Choose recipients with an e-mail address. Without one: %(names)s.",
                    names=", ".join(unreached.mapped("name")) or self.env._("nobody is chosen"),
                )
            )

    def _check_waits(self):
        """Refuse a message that does not wait any more, and one to somebody else."""
        message = self.communication_id
        if message:
            message._check_editable()
        if message and message.customer_id != self.customer_id:
            raise UserError(self.env._("This message is for another customer. Open it from there."))

    def _look_again(self):
        """Lock the customer and ask the ladder once more.

        :return: (today, what :meth:`_decide_for_person` returns)
        :raise UserError: when somebody else is at work on the customer, or nothing may be said any more
        """
        if not self.customer_id.try_lock_for_update():
            raise UserError(self.env._("Somebody else is at work on this customer just now. Try again in a moment."))
        self._check_waits()
        today = self.company_id._ar_today()
        waiting, rules, decision = self.customer_id._decide_for_person(today)
        if waiting.filtered("edited_on") - self.communication_id:
            raise UserError(self.env._("A colleague edited a message to this customer meanwhile. Open it from there."))
        if waiting.filtered(lambda message: message.state == "review") - self.communication_id:
            raise UserError(self.env._("A message to this customer waits for approval by now. Open it from there."))
        return today, (waiting, rules, decision)

    def _prepare_words_vals(self):
        """Return the words as the log takes them."""
        words = {name: self[name] for name in ("subject", "words_above", "words_below")}
        recipients = self.recipient_ids if self.channel == "email" else self.env["res.partner"]
        return self.env["ar.communication"]._prepare_words_vals(words, recipients)

    def _store(self):
        """Keep the words with the message that waits, and tell the thread."""
        message = self.communication_id.sudo()  # the engine's log; rights were checked
        message._write_words(self._prepare_words_vals())
        self._tell_thread()
        return message

    def _send_waiting(self):
        """Release the message that waits, in these words."""
        message = self._store()
        message._close_review_tasks()
        message.write({"human": True, "approved_by_id": False if message.returned else self.env.uid})
        self.env["ar.outreach"]._release(message)

    def _send_new(self, waiting, rules, decision, today):
        """Say what the ladder says now, in these words; what the night prepared gives way."""
        customer = self.customer_id.with_company(self.company_id)
        waiting._cancel("outdated")
        outreach = self.env["ar.outreach"]
        outreach._perform(
            {customer: (None, rules, decision)},
            waiting.browse(),
            today,
            human=True,
            words={customer: self._prepare_words_vals()},
        )
        outreach._wake_mail_queue()
        self._tell_thread()

    def _tell_thread(self):
        """Note on the customer's thread who changed the message: the audit trail of every change."""
        self.customer_id.message_post(
            body=self.env._("The message “%(step)s” was edited before it is sent.", step=self.step_id.name),
            subtype_xmlid="mail.mt_note",
        )

    def _show_change(self, waiting, rules, decision, today):
        """Show the list as it is now, keep the words, and let the person look at both.

        A message that waited is replaced by one with the new list, which takes the words over.
        """
        message = self.communication_id
        if message:
            replaced = self._store()
            customer = self.customer_id.with_company(self.company_id)
            made = self.env["ar.outreach"]._perform({customer: (None, rules, decision)}, replaced, today)
            self.communication_id = made or replaced
            shown = self._read_shown(self.communication_id.sudo(), today)  # the engine's log
        else:
            shown = self._read_draft(self.customer_id, waiting, rules, decision, today)
        kept = ("subject", "words_above", "words_below", "recipient_ids", "customer_id")
        shown = {name: value for name, value in shown.items() if name not in kept}
        self.write({**shown, "changed": True, "was_late": False})
        return self._get_dialog()

    def _show_deadline(self, rules, decision, today):
        """Give the message that waited too long a new deadline, and let the person look whether the words name the old.

        Sent as it is, it would only come back.
        """
        message = self.communication_id.sudo()  # the engine's log; rights were checked
        message.deadline = self.env["ar.outreach"]._get_deadline(message.step_id, rules, decision, today)
        message.invalidate_recordset(["items_html", "pay_html", "contact_html"])
        self._store()
        self.write({**self._read_parts(message), "changed": False, "was_late": True})
        return self._get_dialog()
