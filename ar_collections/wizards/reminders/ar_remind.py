from odoo import Command, api, fields, models


class ArRemind(models.TransientModel):
    """Dialog for a reminder about selected items: its step and recipients, and why some of the items are not listed.

    The decision is repeated when the reminder is sent.
    """

    _name = "ar.remind"
    _description = "Reminder about Selected Items"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="customer_id.currency_id")
    can_send = fields.Boolean(readonly=True)
    reason = fields.Char(readonly=True)
    step_id = fields.Many2one("ar.reminder.step", readonly=True)
    channel = fields.Selection(related="step_id.channel")
    recipients = fields.Char("To", readonly=True)
    amount = fields.Monetary("Amount due", readonly=True, help="Amount due in company currency, less credits.")
    line_ids = fields.One2many("ar.remind.line", "wizard_id", readonly=True)

    @api.model
    def _open_for(self, customer, lines):
        """Return the action that opens the dialog for items of one customer; the caller checked the user's rights."""
        wizard = self.create(self._prepare_vals(customer, lines))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remind Now"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_vals(self, customer, lines):
        """Return the dialog's values: the message, or the reason why none can be sent, and the items."""
        today = customer.company_id._ar_today()
        verdict = customer._decide_for_items(lines, today)
        decision = verdict.decision
        can_send = decision.has_message and customer.company_id.ar_active
        values = {
            "customer_id": customer.id,
            "can_send": can_send,
            "line_ids": self._prepare_lines(customer, lines, verdict, today),
        }
        if can_send:
            return {**values, **self._prepare_message_vals(customer, decision)}
        code = "not_active" if decision.has_message else decision.code
        return {**values, "reason": customer._get_code_label(code)}

    @api.model
    def _prepare_message_vals(self, customer, decision):
        """Return the message's step, channel, recipients and amount due, in company currency and less credits."""
        self.env.flush_all()  # addresses are read with plain SQL
        rows = self.env["ar.facts"]._read_recipients(customer)[customer.id]
        partners = self.env["res.partner"].browse({row["id"] for row in rows})
        recipient_vals = self.env["ar.outreach"]._prepare_recipient_vals(
            customer, decision, rows, {p.id: p for p in partners}
        )
        names = ", ".join(self.env["res.partner"].browse(recipient_vals["recipient_ids"]).mapped("display_name"))
        by_mail = self.env["ar.channel"]._get(decision.step.channel)._has_addresses
        amounts_due = sum(entry.item.chaseable for entry in decision.items) - sum(c.amount for c in decision.credits)
        return {
            "step_id": decision.step.step_id,
            "recipients": f"{names} ({recipient_vals['email_to']})" if by_mail else names,
            "amount": float(amounts_due),
        }

    @api.model
    def _prepare_lines(self, customer, lines, verdict, today):
        """Return the commands that create the selected items, each with its step or why not, oldest due date first."""
        names = customer._get_item_names(lines)
        explained = customer._explain_items(lines, verdict, today)
        return [
            Command.create(
                {
                    "move_line_id": line.id,
                    "name": names[line.id],
                    "listed": explained[line.id][0],
                    "verdict": explained[line.id][1],
                }
            )
            for line in lines.sorted(lambda line: (line.date_maturity or line.date, line.id))
        ]

    def action_send(self):
        """Send the due reminder about the selected items.

        :raise UserError: when some of the items are not open any more, or no reminder can be sent
        """
        self.ensure_one()
        lines = self.line_ids.move_line_id
        made = lines._check_selected()._remind_items(lines)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(step)s is being sent.", step=made.step_id.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ArRemindLine(models.TransientModel):
    """One selected item: whether the message lists it, and its step or the reason why not."""

    _name = "ar.remind.line"
    _description = "Selected Item of a Reminder"

    wizard_id = fields.Many2one("ar.remind", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    name = fields.Char("Document")
    date_due = fields.Date("Due", related="move_line_id.date_maturity")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_residual = fields.Monetary("Amount due", related="move_line_id.amount_residual_currency")
    listed = fields.Boolean("In the Message")
    verdict = fields.Char("Step or Reason")
