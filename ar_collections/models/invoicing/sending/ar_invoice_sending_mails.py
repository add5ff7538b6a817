from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.invoicing.sending import states


class ArInvoiceSendingMails(models.Model):
    """The emails with an invoice, from the mail queue to their end: one for each recipient, with its own outcome."""

    _inherit = "ar.invoice.sending"

    # What was sent is deleted by Odoo, so it is counted.
    mails_made = fields.Integer("Emails Made", readonly=True)
    mails_delivered = fields.Integer("Emails Delivered", readonly=True, help="Emails that a mail server took.")

    def _follow_generated(self, methods, last_message_id):
        """Store what Odoo made of the invoice: emails that wait in the mail queue, or all is done.

        :param methods: Odoo's sending methods
        :param int last_message_id: the newest message before
        """
        domain = [("model", "=", "account.move"), ("res_id", "=", self.move_id.id)]
        messages = self.env["mail.message"].search(
            [*domain, ("id", ">", last_message_id), ("message_type", "=", "comment")]
        )
        if states.EMAIL in methods and not messages:
            raise UserError(self.env._("Odoo sent nothing: the recipients have no email address."))
        mails = self._tie_mails(self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)]))
        if mails:
            self._set_state(
                states.QUEUED,
                message=False,
                sent_digest=self._get_digest(),
                sent_partner_id=self._get_debtor(self.move_id).id,
                mails_made=len(mails),
                mails_delivered=0,
            )
            self.env["ar.outreach"]._trigger_mail_queue()
        else:
            self._set_sent()

    def _tie_mails(self, mails):
        """Give each recipient an email of its own; tie those of the customer to the invoice, and return them.

        Colleagues who follow the invoice get Odoo's email as always: whatever becomes of it says nothing about the
        customer.
        """
        debtor = self._get_debtor(self.move_id)
        single = mails._split_recipients()
        of_customer = single.filtered(
            lambda mail: (
                not mail.recipient_ids
                or mail.recipient_ids.partner_share
                or mail.recipient_ids.commercial_partner_id == debtor
            )
        )
        tied = of_customer or single
        tied.ar_sending_id = self
        return tied

    def _drop_mails(self):
        """Let go of the emails of earlier attempts; one that a person put back into the queue does not leave."""
        mails = self.mail_ids
        mails.filtered(lambda mail: mail.state == "outgoing")._cancel_with_notifications()
        mails.ar_sending_id = False

    def _may_leave(self):
        """Return whether a queued email may be sent: nothing about the invoice has changed since it was made.

        A person may put one that failed back into the queue.
        """
        self.ensure_one()
        waits = self.state in (states.QUEUED, states.FAILED)
        return waits and self.move_id.state == "posted" and self._is_as_sent()

    def _follow_mails(self):
        """Store the state that follows from the emails, see `core.invoicing.sending.states.after_mails`."""
        for sending in self.filtered(lambda row: row.state in (states.QUEUED, states.FAILED, states.UNKNOWN)):
            mails = [(mail.state, mail.ar_began) for mail in sending.mail_ids]
            state = states.after_mails(mails, sending.mails_made, sending.mails_delivered)
            if state == states.SENT:
                sending._set_sent()
            elif state != sending.state:
                sending._set_state(state)
            if state in (states.FAILED, states.UNKNOWN):
                sending._report_failure(sending._explain_mails())

    def _explain_mails(self):
        """Return why emails were not delivered, and how many were."""
        reasons = self.mail_ids.filtered(lambda mail: mail.state == "exception").mapped("failure_reason")
        text = "\n".join(filter(None, reasons)) or self.env._("The email was canceled or deleted in the mail queue.")
        if not self.mails_delivered:
            return text
        note = self.env._(
            "Delivered to %(delivered)s of %(made)s recipients. Sending it again sends it to all of them.",
            delivered=self.mails_delivered,
            made=self.mails_made,
        )
        return f"{text}\n{note}"

    def _take_back(self):
        """Cancel emails that are still in the queue.

        Where nothing has left, the invoices are judged again; one that cannot be judged has failed. Else a person
        decides, as somebody has them already.
        """
        for sending in self:
            left = sending.mail_ids.filtered(lambda mail: mail.state == "outgoing" and not mail.ar_began)
            left._cancel_with_notifications()
            others = sending.mail_ids.filtered(lambda mail: mail.state != "cancel")
            if left and not others and not sending.mails_delivered:
                sending.mail_ids.ar_sending_id = False
                sending.write({"sent_digest": False, "sent_partner_id": False})
                sending._set_state(states.WAITING, due_at=fields.Datetime.now(), attempts=0)
                if error := sending._try_judge():
                    sending._set_state(states.FAILED)
                    sending._report_failure(self.env["ar.problem"]._get_message(error))
            else:
                sending._follow_mails()

    @api.model
    def _settle_lost_mails(self, company):
        """Settle the invoices of a company whose emails people canceled or deleted in the mail queue."""
        domain = [("company_id", "=", company.id), ("state", "=", states.QUEUED)]
        lost = self.search([*domain, ("mail_ids", "not any", [("state", "=", "outgoing")])]).try_lock_for_update()
        lost.invalidate_recordset(["state"])
        lost._follow_mails()
