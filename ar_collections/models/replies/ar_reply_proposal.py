from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.replies import kinds
from ...messages import REPLY_TASKS

#: What a reply is about -> method that returns the action of the dialog for it, on an account.
PROPOSALS = {
    kinds.PAID: "_propose_payment",
    kinds.PROMISE: "_propose_promise",
    kinds.DISPUTE: "_propose_dispute",
    kinds.WRONG_CONTACT: "_propose_contact",
    kinds.COPY: "_propose_copies",
    kinds.PAYMENT_LINK: "_propose_link",
}

#: Of these, what is recorded on the account of who owes the items; the others are about who wrote.
OF_DEBTOR = {kinds.PAID, kinds.PROMISE, kinds.DISPUTE}


class ArReplyProposal(models.Model):
    """What a person can do about a reply: the dialog that fits it, filled in. Nothing is recorded before."""

    _inherit = "ar.reply"

    kinds_found = fields.Char(compute="_compute_kinds_found")

    @api.depends("findings", "kind")
    def _compute_kinds_found(self):
        """Compute all that the reply is about, separated by commas: the form shows a button for each."""
        for reply in self:
            reply.kinds_found = ",".join(row["kind"] for row in reply._get_rows())

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

    def _get_summary(self, kind=None):
        """Return the sentence that the reply is about, else its subject or its beginning.

        :param str kind: one of several things that it is about; default: the first
        """
        self.ensure_one()
        own = next((row["sentence"] for row in self._get_rows() if row["kind"] == kind), None)
        return (own or self.sentence or self.message_id.subject or "")[:100]

    # === BUTTONS === #

    def action_propose(self):
        """Open the dialog that fits the reply, filled in; where it may be about several accounts, one is chosen first.

        The context names one of several things in the reply as ``ar_proposal``; default: the first with a dialog.

        :raise UserError: where the reply is suspicious, or there is no such dialog
        """
        self.ensure_one()
        return self._propose(self.env.context.get("ar_proposal"))

    def _propose(self, kind=None, debtor=None):
        """Return the action of the dialog for one thing that the reply is about, filled in.

        :param str kind: default: the first with a dialog
        :param debtor: the account that was chosen, of several that owe the items
        :raise UserError: as `action_propose`, and for an account that owes nothing that the reply may be about
        """
        self._require("collector")
        self._check_not_suspicious()
        possible = [row["kind"] for row in self._get_rows() if row["kind"] in PROPOSALS]
        kind = kind or next(iter(possible), None)
        if kind not in possible:
            raise UserError(self.env._("There is nothing to record: answer the customer, or close the inquiry."))
        accounts = self._get_debtors() if kind in OF_DEBTOR else self.customer_id
        if debtor is not None:
            accounts &= debtor
        if not accounts:
            raise UserError(self.env._("Choose one of the customers."))
        if len(accounts) > 1:
            return self.env["ar.reply.account"]._open_for(self, kind)
        action = getattr(self, PROPOSALS[kind])(accounts)
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
        """Open the dialog to choose which addresses get no e-mails any more.

        :raise UserError: where the reply is suspicious, wants something else, or has no sender
        """
        self.ensure_one()
        self._check_stop()
        return self.env["ar.email.stop.new"]._open_for(self)

    def _check_stop(self):
        """Check that the user may end e-mails because of this reply.

        :raise UserError: see `action_stop_emails`
        """
        self._require("collector")
        self._check_not_suspicious()
        if kinds.STOP not in {row["kind"] for row in self.findings or ()} or not self.email_from:
            raise UserError(self.env._("The customer did not ask for that by email."))

    def _get_stop_addresses(self):
        """Return the sender's address, and those that got the message it answers, else our last one by e-mail."""
        log = self.env["ar.communication"].sudo()  # of this customer, whose reply the user may read
        own = [("customer_id", "=", self.customer_id.id), ("address_ids", "!=", False)]
        parent = self.message_id.sudo().parent_id
        answered = parent and log.search([*own, ("message_id", "=", parent.id)], limit=1)
        answered = answered or log.search([*own, ("state", "=", "sent")], order="date_sent desc, id desc", limit=1)
        return list(dict.fromkeys([self.email_from, *answered.address_ids.mapped("address")]))

    @api.model
    def _answer_opened(self, customer):
        """Note that the reply from which a dialog was opened is answered; nothing without one.

        :param customer: the account of the dialog, of who wrote or of a member of its group: the context may name any
            reply
        """
        reply_id = self.env.context.get("ar_reply_id")
        reply = self.browse(reply_id if isinstance(reply_id, int) else ()).exists()
        if reply and reply.has_access("read") and customer in reply.customer_id._get_group():
            reply.inquiry_ids._end("answered")
            reply.customer_id._close_answered_tasks()

    # === DIALOGS === #

    def _get_named_lines(self):
        """Return the open items of the invoices that the reply names, of the customer or of its group."""
        return self._get_open_lines().filtered(lambda line: line.move_id in self.move_ids)

    def _get_debtors(self):
        """Return the accounts of which a dialog is about one: those that owe the invoices that the reply names.

        Where it names none, it is the customer; one that owes nothing itself writes about those that it pays for.
        """
        lines = self._get_named_lines()
        # sudo: collectors need no right on contacts to know whose items these are.
        owed = (lines or self._get_open_lines()).sudo().partner_id.commercial_partner_id
        if not lines and self.customer_id.partner_id in owed:
            return self.customer_id
        accounts = self.customer_id._get_group().filtered(lambda account: account.partner_id in owed)
        return (accounts or self.customer_id).with_env(self.env)

    def _get_lines_of(self, debtor):
        """Return the items that the reply names of an account."""
        lines = self._get_named_lines()
        # sudo: as in `_get_debtors`; contacts are only compared.
        owed = lines.sudo().filtered(lambda line: line.partner_id.commercial_partner_id == debtor.partner_id)
        return lines & owed

    def _get_note(self, kind):
        """Return the customer's words about a kind for the note of a dialog."""
        return self.env._(
            "From the reply of %(day)s: “%(words)s”",
            day=self.customer_id._format_date(self.company_id._ar_day(self.received_on)),
            words=self._get_summary(kind),
        )

    def _fill(self, action, kind, **values):
        """Fill in the dialog of an action with the words about a kind; return the action."""
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.write({"note": self._get_note(kind), **values})
        return action

    def _propose_promise(self, debtor):
        """Return the action of a promise for the day that the customer named; one that is over is left out."""
        action = self.env["ar.promise.new"]._open_for(debtor, lines=self._get_lines_of(debtor))
        is_ahead = self.kind == kinds.PROMISE and self.day and self.day >= self.company_id._ar_today()
        return self._fill(action, kinds.PROMISE, **({"date": self.day} if is_ahead else {}))

    def _propose_payment(self, debtor):
        """Return the action of a reported payment of the day that the customer named."""
        action = self.env["ar.reported.payment.new"]._open_for(debtor, lines=self._get_lines_of(debtor))
        is_named = self.kind == kinds.PAID and self.day  # the day belongs to what the reply is about first
        return self._fill(action, kinds.PAID, **({"date": self.day} if is_named else {}))

    def _propose_dispute(self, debtor):
        """Return the action of a dispute about the invoices that the customer named."""
        action = debtor.action_new_dispute()
        lines = self._get_lines_of(debtor)
        context = {"default_note": self._get_note(kinds.DISPUTE), "ar_selected_line_ids": lines.ids}
        return {**action, "context": {**action["context"], **context}}

    def _propose_contact(self, customer):
        """Return the action of a new contact for reminders with the address that the customer named."""
        return {
            "name": self.env._("New Contact"),
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_parent_id": customer.partner_id.id,
                "default_type": "collections",
                "default_email": self.new_address or False,
                "default_name": self.new_address or False,
            },
        }

    def _propose_copies(self, customer):
        """Return the action that sends copies of the invoices that the customer named, else of all open ones."""
        lines = self._get_named_lines() or self._get_open_lines()
        return self.env["ar.message.new"]._open_for(customer, "copies", lines)

    def _propose_link(self, customer):
        """Return the action that shows a payment link to copy."""
        return self.env["ar.pay.link"]._open_for(customer, self._get_named_lines() or self._get_open_lines())

    @api.model
    def _get_open_lines(self):
        """Return the open items of the customer, and of the accounts that it pays for, with the rights of the user."""
        return self._read_debts(self.customer_id).sudo(self.env.su)
