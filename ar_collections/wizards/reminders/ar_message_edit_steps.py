from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ArMessageEditSteps(models.TransientModel):
    """The steps of the buttons: text and rights are checked, the decision repeated, the message stored or sent."""

    _inherit = "ar.message.edit"

    def _check_text(self):
        """Check the user's rights, that there is text, and that the recipients are reachable contacts of the customer.

        :raise UserError: with what to correct
        """
        self.ensure_one()
        customer = self.customer_id
        customer._require("collector")
        customer.check_access("write")
        if is_html_empty(self.text_above) and is_html_empty(self.text_below):
            raise UserError(self.env._("Write at least one sentence: a list of invoices alone is not a message."))
        if not self.env["ar.channel"]._get(self.channel)._has_addresses:
            return
        if not (self.subject or "").strip():
            raise UserError(self.env._("Enter a subject for the message."))
        if self.recipient_ids.commercial_partner_id - customer.partner_id:
            raise UserError(
                self.env._(
                    "Choose contacts of %(customer)s: the message cannot be sent to anybody else.",
                    customer=customer.display_name,
                )
            )
        unreached = self.recipient_ids.filtered(lambda partner: not partner.email_normalized)
        if unreached or not self.recipient_ids:
            raise UserError(
                self.env._(
                    "Choose recipients with an email address. Without one: %(names)s.",
                    names=", ".join(unreached.mapped("name")) or self.env._("no recipient is selected"),
                )
            )

    def _check_waiting(self):
        """Check that the message, if any, may still be edited and is for this customer."""
        message = self.communication_id
        if message:
            message._check_editable()
        if message and message.customer_id != self.customer_id:
            raise UserError(self.env._("This message is for another customer. Open it from that customer."))

    def _recheck(self):
        """Lock the customer and decide again.

        :return: (today, the communications the nightly run prepared, Verdict)
        :raise UserError: when the customer is locked, another message waits, or no reminder can be sent any more
        """
        if not self.customer_id.try_lock_for_update():
            raise UserError(self.env._("This account is locked by another operation; try again in a moment."))
        self._check_waiting()
        today = self.company_id._ar_today()
        day = self.communication_id.decided_for if self.communication_id else self.day
        waiting, verdict = self.customer_id._decide_manually(today, day)
        if not self.communication_id:
            self.customer_id._check_early(verdict, today, day)
        if waiting.filtered("edited_on") - self.communication_id:
            raise UserError(
                self.env._(
                    "A colleague has edited a message to this customer in the meantime. Open that message and "
                    "edit it there."
                )
            )
        if waiting.filtered(lambda message: message.state == "review") - self.communication_id:
            raise UserError(
                self.env._("A message to this customer is now waiting for approval. Open it from the approvals.")
            )
        return today, waiting, verdict

    def _prepare_edited_vals(self):
        """Return the values that store the text and, for an e-mail, the recipients on a communication."""
        text = {name: self[name] for name in ("subject", "text_above", "text_below")}
        has_addresses = self.env["ar.channel"]._get(self.channel)._has_addresses
        recipients = self.recipient_ids if has_addresses else self.env["res.partner"]
        return self.env["ar.communication"]._prepare_edited_vals(text, recipients)

    def _store(self):
        """Store the text on the waiting message, log it on the customer's thread, and return the message."""
        message = self.communication_id.sudo()  # users may not write the log; rights were checked
        message._write_edited_text(self._prepare_edited_vals())
        self._log_edited()
        return message

    def _send_waiting(self):
        """Release the waiting message with the edited text."""
        message = self._store()
        message._close_review_tasks()
        message.write({"is_manual": True, "approved_by_id": False if message.returned else self.env.uid})
        self.env["ar.outreach"]._release(message)

    def _send_new(self, waiting, verdict, today):
        """Send the due reminder with the edited text; it replaces what the nightly run prepared."""
        customer = self.customer_id.with_company(self.company_id)
        waiting._cancel("outdated")
        outreach = self.env["ar.outreach"]
        outreach._perform(
            {customer: verdict},
            waiting.browse(),
            today,
            is_manual=True,
            edited={customer: {**self._prepare_edited_vals(), "decided_for": self.day}},
        )
        outreach._trigger_mail_queue()
        self._log_edited()

    def _log_edited(self):
        """Log on the customer's thread that the user edited the message, as audit trail."""
        self.customer_id.message_post(
            body=self.env._("The message “%(step)s” was edited before sending.", step=self.step_id.name),
            subtype_xmlid="mail.mt_note",
        )

    def _show_change(self, waiting, verdict, today):
        """Return the dialog with the current list and the text kept, to be checked against each other.

        A waiting message is replaced by one with the new list, which takes over the text.
        """
        message = self.communication_id
        if message:
            replaced = self._store()
            customer = self.customer_id.with_company(self.company_id)
            made = self.env["ar.outreach"]._perform({customer: verdict}, replaced, today)
            self.communication_id = made or replaced
            shown = self._read_shown(self.communication_id.sudo(), today)  # rights were checked
        else:
            shown = self._read_draft(self.customer_id, waiting, verdict, today)
        kept = ("subject", "text_above", "text_below", "recipient_ids", "customer_id")
        shown = {name: value for name, value in shown.items() if name not in kept}
        self.write({**shown, "changed": True, "was_late": False})
        return self._get_dialog()

    def _show_deadline(self, verdict, today):
        """Give the waiting message a new deadline and return the dialog: the text may mention the old one.

        Sent with the passed deadline, the message would be returned for review.
        """
        message = self.communication_id.sudo()  # users may not write the log; rights were checked
        message.deadline = self.env["ar.outreach"]._get_deadline(message.step_id, verdict, today)
        message.invalidate_recordset(["items_html", "pay_html", "contact_html"])
        self._store()
        self.write({**self._read_parts(message), "changed": False, "was_late": True})
        return self._get_dialog()
