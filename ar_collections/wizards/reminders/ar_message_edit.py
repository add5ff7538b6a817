from odoo import api, fields, models
from odoo.exceptions import UserError


class ArMessageEdit(models.TransientModel):
    """Dialog to edit subject, text and recipients of one message before it is sent; its list of items is generated.

    The message is either a waiting one (`communication_id`) or the reminder that is due now and not created yet. Before
    sending, the text is checked, and the decision is repeated under a lock on the customer: when the list or the
    deadline changed meanwhile, the dialog opens again with the text kept.
    """

    _name = "ar.message.edit"
    _inherit = ["ar.wizard.mixin"]
    _description = "Edit a Message"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    commercial_partner_id = fields.Many2one(related="customer_id.partner_id", string="Company of the Customer")
    communication_id = fields.Many2one("ar.communication", "Message", readonly=True, ondelete="cascade")
    preview_line_id = fields.Many2one("ar.preview.line", readonly=True, ondelete="set null")
    step_id = fields.Many2one("ar.reminder.step", readonly=True)
    day = fields.Date("Planned for", readonly=True, help="Date of a step that is sent before its time.")
    channel = fields.Char(compute="_compute_channel")
    subject = fields.Char()
    recipient_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('email_normalized', '!=', False)]",
        help="Contacts of this customer with an email address.",
    )
    text_above = fields.Html("Text above the List", help="Greeting and introduction, above the list of items.")
    items_html = fields.Html("Items", readonly=True)
    text_below = fields.Html("Text below the List")
    end_html = fields.Html("End of the Message", readonly=True)
    content = fields.Char(readonly=True, help="Items the message listed when it was shown, to detect changes.")
    changed = fields.Boolean(readonly=True)
    was_late = fields.Boolean(
        readonly=True, string="Deadline Passed", help="Whether the deadline passed while the message was waiting."
    )
    can_send = fields.Boolean(compute="_compute_can_send")

    @api.depends("communication_id")
    def _compute_can_send(self):
        """Compute whether the user may send: a manual message needs no approval, one in review needs a manager."""
        manager = self.env["ar.access.mixin"]._has_role("manager")
        for wizard in self:
            message = wizard.communication_id
            wizard.can_send = not message or (message.state == "review" and (message.returned or manager))

    @api.depends("communication_id", "step_id")
    def _compute_channel(self):
        """Compute the channel: that of the waiting message, else that of the step."""
        for wizard in self:
            wizard.channel = wizard.communication_id.channel or wizard.step_id.channel

    # === OPEN === #

    @api.model
    def _open_for(self, customer, line=None, day=None):
        """Return the action that opens the dialog for the reminder that is due to the customer now.

        A waiting message with edited text, or one in review, is opened instead: a manual reminder must not bypass an
        approval.

        :param line: the `ar.preview.line` it is opened from
        :param date day: the day whose step is sent before its time; default: today
        :raise UserError: when no reminder can be sent now
        """
        today = customer.company_id._ar_today()
        waiting, verdict = customer._decide_manually(today, day)
        existing = waiting.filtered(lambda m: (m.edited_on or m.state == "review") and m._is_editable())[:1]
        if existing:
            return self._open_waiting(existing, line)
        draft = self._read_draft(customer, waiting, verdict, today)
        return self.create({**draft, "preview_line_id": line and line.id, "day": day})._get_dialog()

    @api.model
    def _open_waiting(self, communication, line=None):
        """Return the action that opens the dialog for a waiting message.

        :raise UserError: when its text cannot be edited any more
        """
        communication.ensure_one()._check_editable()
        shown = self._read_shown(communication.sudo(), communication.company_id._ar_today())  # collectors only read
        return self.create(
            {**shown, "communication_id": communication.id, "preview_line_id": line and line.id}
        )._get_dialog()

    @api.model
    def _read_draft(self, customer, waiting, verdict, today):
        """Return the dialog's values for a message that does not exist yet: it is created, read and rolled back."""
        with self.env.cr.savepoint() as savepoint:
            waiting.line_ids.write({"uses_step": False})
            waiting.line_ids.flush_recordset(["uses_step"])
            communication = self.env["ar.outreach"]._log({customer: verdict}, today, is_manual=True)
            shown = self._read_shown(communication, today)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return shown

    @api.model
    def _read_shown(self, communication, today):
        """Return the dialog's values for a message."""
        return {
            "customer_id": communication.customer_id.id,
            "step_id": communication.step_id.id,
            "recipient_ids": communication.recipient_ids.ids,
            "content": self._get_content(communication._content(), today),
            **communication._get_edited_text(),
            **self._read_parts(communication),
        }

    @api.model
    def _read_parts(self, communication):
        """Return the generated parts of the message as the customer will see them."""
        end = communication.contact_html
        if communication._get_channel()._has_addresses:
            end = communication.pay_html + end
        return {"items_html": communication.items_html, "end_html": end}

    @api.model
    def _get_content(self, content, today):
        """Return the contents of a message as a string to compare: it is the same as long as nothing changes.

        :param content: see `ar.communication._content`
        """
        step_id, items, credits = content
        return repr((str(today), step_id, sorted(items, key=repr), sorted(credits)))

    def _get_dialog(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit the Message"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    # === BUTTONS === #

    def action_send(self):
        """Send the message with this text today, as a manual reminder that uses its step.

        :return: the dialog again, with the text kept, where the list or the deadline changed meanwhile
        :raise UserError: when the user may not send it, or no reminder can be sent any more
        """
        self._check_text()
        self._check_waiting()
        if not self.can_send:
            raise UserError(
                self.env._("This message needs the approval of a manager before it is sent. Save it instead.")
            )
        today, waiting, verdict = self._recheck()
        decision = verdict.decision
        step_id = self.communication_id.step_id.id or self.step_id.id
        if (
            self._get_content(self.communication_id._content_of(decision), today) != self.content
            or decision.step.step_id != step_id
        ):
            return self._show_change(waiting, verdict, today)
        if self.communication_id.deadline and self.communication_id.deadline < today:
            return self._show_deadline(verdict, today)
        if self.communication_id:
            self._send_waiting()
        else:
            self._send_new(waiting, verdict, today)
        self.customer_id._mark_changed()
        self.customer_id._decide_anew()
        if self.preview_line_id:
            self.preview_line_id.done = self.preview_line_id.outcome or "sent"
        return {"type": "ir.actions.act_window_close"}

    def action_save(self):
        """Store the text on the waiting message, which still waits for approval or to be printed."""
        self._check_text()
        self._check_waiting()
        self.communication_id._check_editable()  # there must be one
        self._store()
        return {"type": "ir.actions.act_window_close"}
