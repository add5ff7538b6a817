from odoo import api, fields, models


class ArMessageEdit(models.TransientModel):
    """The words of one message, changed by a person before it goes out; the list of items stays the engine's.

    Either a message that waits is changed (`communication_id`), or one is written that the ladder would say now.
    """

    _name = "ar.message.edit"
    _description = "Edit a Message"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    commercial_partner_id = fields.Many2one(related="customer_id.partner_id", string="Company of the Customer")
    communication_id = fields.Many2one("ar.communication", "Message", readonly=True, ondelete="cascade")
    preview_line_id = fields.Many2one("ar.preview.line", readonly=True, ondelete="set null")
    step_id = fields.Many2one("ar.reminder.step", readonly=True)
    channel = fields.Char(compute="_compute_channel")
    subject = fields.Char()
    recipient_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('email_normalized', '!=', False)]",
        help="Contacts of this customer with an e-mail address.",
    )
    words_above = fields.Html("Above the List", help="Greeting and opening.")
    items_html = fields.Html("Items", readonly=True)
    words_below = fields.Html("Below the List")
    end_html = fields.Html("End of the Message", readonly=True)
    content = fields.Char(readonly=True, help="What the message listed when it was shown, to notice changes.")
    changed = fields.Boolean(readonly=True)
    was_late = fields.Boolean(readonly=True, help="The deadline had passed while the message waited.")
    can_send = fields.Boolean(compute="_compute_can_send")

    @api.depends("communication_id")
    def _compute_can_send(self):
        """A collector's own order needs no approval; what waits for one needs a manager."""
        manager = self.env.user.has_group("ar_collections.ar_collections_group_manager")
        for wizard in self:
            message = wizard.communication_id
            wizard.can_send = not message or (message.state == "review" and (message.returned or manager))

    @api.depends("communication_id", "step_id")
    def _compute_channel(self):
        """A message that waits knows how it goes out, whatever the dialog was told."""
        for wizard in self:
            wizard.channel = wizard.communication_id.channel or wizard.step_id.channel

    # === OPEN === #

    @api.model
    def _open_for(self, customer, line=None):
        """Open the dialog for what may be said to the customer now.

        A message that a person edited already, or that waits for review, is opened itself: no order of a collector
        goes around an approval.

        :param line: the `ar.preview.line` it is opened from
        :raise UserError: when nothing may be said now
        """
        today = customer.company_id._ar_today()
        waiting, rules, decision = customer._decide_for_person(today)
        held = waiting.filtered(lambda m: (m.edited_on or m.state == "review") and m._is_editable())[:1]
        if held:
            return self._open_waiting(held, line)
        draft = self._read_draft(customer, waiting, rules, decision, today)
        return self.create({**draft, "preview_line_id": line and line.id})._get_dialog()

    @api.model
    def _open_waiting(self, communication, line=None):
        """Open the dialog for a message that waits.

        :raise UserError: when it does not wait any more
        """
        communication.ensure_one()._check_editable()
        shown = self._read_shown(communication.sudo(), communication.company_id._ar_today())  # the engine's log
        return self.create(
            {**shown, "communication_id": communication.id, "preview_line_id": line and line.id}
        )._get_dialog()

    @api.model
    def _read_draft(self, customer, waiting, rules, decision, today):
        """Return what the dialog shows of a message that is not written yet: it is written, read and taken back."""
        with self.env.cr.savepoint() as savepoint:
            waiting.line_ids.write({"uses_step": False})
            waiting.line_ids.flush_recordset(["uses_step"])
            communication = self.env["ar.outreach"]._log({customer: (rules, decision)}, today, human=True)
            self.env["ar.outreach"]._ensure_page_links(communication.customer_id)
            shown = self._read_shown(communication, today)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return shown

    @api.model
    def _read_shown(self, communication, today):
        """Return what the dialog shows of a message."""
        return {
            "customer_id": communication.customer_id.id,
            "step_id": communication.step_id.id,
            "recipient_ids": communication.recipient_ids.ids,
            "content": self._get_content(communication._content(), today),
            **communication._get_words(),
            **self._read_parts(communication),
        }

    @api.model
    def _read_parts(self, communication):
        """Return the engine's parts of the message, as the customer will read them."""
        end = communication.contact_html
        if communication.channel == "email":
            end = communication.pay_html + end
        return {"items_html": communication.items_html, "end_html": end}

    @api.model
    def _get_content(self, content, today):
        """Return what a message says as text that is the same as long as nothing changes."""
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
