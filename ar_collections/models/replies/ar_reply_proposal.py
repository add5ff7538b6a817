from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...core.replies import kinds
from ...messages import REPLY_TASKS

#: What a reply is about -> method that opens the dialog for it.
PROPOSALS = {
    kinds.PAID: "_propose_payment",
    kinds.PROMISE: "_propose_promise",
    kinds.DISPUTE: "_propose_dispute",
    kinds.WRONG_CONTACT: "_propose_contact",
    kinds.COPY: "_propose_copies",
    kinds.PAYMENT_LINK: "_propose_link",
}


class ArReplyProposal(models.Model):
    """What a person can do about a reply: the dialog that fits it, filled in. Nothing is recorded before."""

    _inherit = "ar.reply"

    def _get_task_text(self, reader):
        """Return the summary of the collector's task: what the reply is about, the day, and what is suspicious.

        :param reader: records whose language is the collector's
        """
        self.ensure_one()
        template = reader.env._(REPLY_TASKS.get(self.kind, REPLY_TASKS[kinds.UNCLEAR]))
        text = template % {"words": self._get_summary()}
        if self.day:
            text = f"{text} ({self.customer_id.with_context(lang=reader.env.lang)._format_date(self.day)})"
        return reader.env._("SUSPICIOUS: %(text)s", text=text) if self.is_flagged else text

    def _get_summary(self):
        """Return the sentence that the reply is about, else its subject or its beginning."""
        self.ensure_one()
        return (self.sentence or self.message_id.subject or "")[:100]

    # === BUTTONS === #

    def action_propose(self):
        """Open the dialog that fits the reply, filled in.

        :raise UserError: where the reply is suspicious, or there is no such dialog
        """
        self.ensure_one()
        self._require("collector")
        self._check_not_suspicious()
        if self.kind not in PROPOSALS:
            raise UserError(self.env._("There is nothing to record: answer the customer, or close the inquiry."))
        action = getattr(self, PROPOSALS[self.kind])()
        return {**action, "context": {**action.get("context", {}), "ar_reply_id": self.id}}

    def action_answer(self):
        """Open the dialog to write to the customer."""
        self.ensure_one()
        self._require("collector")
        lines = self._get_named_lines()
        return self.env["ar.message.new"]._open_for(self.customer_id, "message", lines)

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self._require("auditor")
        return self.customer_id._get_form_action()

    def action_close(self):
        """Close the inquiry: no answer is needed, or it was given elsewhere."""
        self._require("collector")
        self.inquiry_ids.filtered(lambda inquiry: inquiry.state == "open").action_close()

    def action_stop_emails(self):
        """Put the sender's address on Odoo's list of those who want no e-mails, as a person confirms.

        :raise UserError: where the reply is suspicious, wants something else, or has no sender
        """
        self.ensure_one()
        self._require("collector")
        self._check_not_suspicious()
        if kinds.STOP not in {row["kind"] for row in self.findings or ()} or not self.email_from:
            raise UserError(self.env._("The customer did not ask for that by email."))
        text = self.env._(
            "No more emails to %(address)s, as asked for. Claims can still be sent by letter.", address=self.email_from
        )
        # Odoo keeps the list for administrators; the role was checked, and the address is the sender's own.
        self.env["mail.blacklist"].sudo()._add(self.email_from, message=plaintext2html(text))
        self.customer_id.message_post(body=text, subtype_xmlid="mail.mt_note")
        self.customer_id._mark_changed()
        self.inquiry_ids.filtered(lambda inquiry: inquiry.state == "open").action_close()

    @api.model
    def _answer_opened(self, customer):
        """Note that the reply from which a dialog was opened is answered; nothing without one.

        :param customer: the account of the dialog: the context may name any reply
        """
        reply_id = self.env.context.get("ar_reply_id")
        reply = self.browse(reply_id if isinstance(reply_id, int) else ()).exists()
        if reply.customer_id == customer and reply.has_access("read"):
            reply.inquiry_ids._end("answered")
            customer._close_answered_tasks()

    # === DIALOGS === #

    def _get_named_lines(self):
        """Return the open items of the invoices that the reply names."""
        customer = self.customer_id
        lines = customer._browse_lines([item.item_id for item in customer._get_facts().items])
        return lines.filtered(lambda line: line.move_id in self.move_ids).sudo(self.env.su)

    def _get_note(self):
        """Return the customer's words for the note of a dialog."""
        received = fields.Datetime.context_timestamp(self, self.received_on).date()
        return self.env._(
            "From the reply of %(day)s: “%(words)s”",
            day=self.customer_id._format_date(received),
            words=self._get_summary(),
        )

    def _fill(self, action, **values):
        """Fill in the dialog of an action; return the action."""
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.write({"note": self._get_note(), **values})
        return action

    def _propose_promise(self):
        """Return the action of a promise for the day that the customer named; one that is over is left out."""
        action = self.env["ar.promise.new"]._open_for(self.customer_id, lines=self._get_named_lines())
        is_ahead = self.day and self.day >= self.company_id._ar_today()
        return self._fill(action, **({"date": self.day} if is_ahead else {}))

    def _propose_payment(self):
        """Return the action of a reported payment of the day that the customer named."""
        action = self.env["ar.reported.payment.new"]._open_for(self.customer_id, lines=self._get_named_lines())
        return self._fill(action, **({"date": self.day} if self.day else {}))

    def _propose_dispute(self):
        """Return the action of a dispute about the invoices that the customer named."""
        action = self.customer_id.action_new_dispute()
        context = {"default_note": self._get_note(), "ar_selected_line_ids": self._get_named_lines().ids}
        return {**action, "context": {**action["context"], **context}}

    def _propose_contact(self):
        """Return the action of a new contact for reminders with the address that the customer named."""
        return {
            "name": self.env._("New Contact"),
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_parent_id": self.customer_id.partner_id.id,
                "default_type": "collections",
                "default_email": self.new_address or False,
                "default_name": self.new_address or False,
            },
        }

    def _propose_copies(self):
        """Return the action that sends copies of the invoices that the customer named, else of all open ones."""
        lines = self._get_named_lines() or self._get_open_lines()
        return self.env["ar.message.new"]._open_for(self.customer_id, "copies", lines)

    def _propose_link(self):
        """Return the action that shows a payment link to copy."""
        return self.env["ar.pay.link"]._open_for(self.customer_id, self._get_named_lines() or self._get_open_lines())

    @api.model
    def _get_open_lines(self):
        """Return the customer's open items."""
        customer = self.customer_id
        return customer._browse_lines([item.item_id for item in customer._get_facts().items]).sudo(self.env.su)
