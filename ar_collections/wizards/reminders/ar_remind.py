from odoo import Command, api, fields, models

from ...core.facts import INSTALLMENT
from ...core.reminders.early import early_day
from ...core.reminders.upcoming import next_contact
from ...notification import notification


class ArRemind(models.TransientModel):
    """What can be sent to a customer now: the step that is due, or the next one early, and what uses no step.

    It opens for every customer, with the reason where the schedule says to wait. The decision is repeated when a
    reminder is sent.
    """

    _name = "ar.remind"
    _inherit = ["ar.wizard.mixin"]
    _description = "Remind Now"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="customer_id.currency_id")
    can_send = fields.Boolean(readonly=True)
    day = fields.Date(readonly=True, help="Date on which the schedule would send the step; empty: it is due.")
    has_selected_items = fields.Boolean(readonly=True, help="Whether a person selected the items.")
    is_for_member = fields.Boolean(
        "For One Customer", readonly=True, help="Whether it is about all of a customer that another one pays for."
    )
    is_call = fields.Boolean(readonly=True, help="Whether the step is a call.")
    reason = fields.Char(readonly=True)
    placed_text = fields.Char(readonly=True)
    payer_text = fields.Char(readonly=True)
    installments_text = fields.Char("Installments", readonly=True)
    has_group = fields.Boolean(readonly=True, help="Whether items of other customers are listed, too.")
    step_id = fields.Many2one("ar.reminder.step", readonly=True)
    channel = fields.Selection(related="step_id.channel")
    recipients = fields.Char("To", readonly=True)
    amount = fields.Monetary("Amount due", readonly=True, help="Amount due in company currency, less credits.")
    last_id = fields.Many2one("ar.communication", "Last reminder", readonly=True)
    can_copy = fields.Boolean(readonly=True, help="Whether there are invoices to send copies of.")
    is_active = fields.Boolean(related="customer_id.company_id.ar_active")
    line_ids = fields.One2many("ar.remind.line", "wizard_id", readonly=True)

    # === OPEN === #

    @api.model
    def _open_for(self, customer, lines=None):
        """Return the action that opens the dialog for a customer; the caller checked the user's rights.

        :param lines: the items that a person selected; default: all that is open
        """
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
        """Return the dialog's values: the step or the reason why there is none, and what else can be sent."""
        today, payer = customer.company_id._ar_today(), customer._get_payer()
        selected = lines if lines is not None else customer._get_group_lines()
        verdict = customer._decide_for_items(lines, today)
        # What the payer got is repeated to the payer, from its own account.
        repeated = set(customer._get_repeated_items(verdict.facts)) if payer == customer else set()
        step_vals, shown = self._prepare_decided_vals(payer, verdict, today)
        return {
            "customer_id": customer.id,
            "payer_text": self._get_payer_text(customer, payer),
            "has_group": len(selected.partner_id.commercial_partner_id) > 1,
            "has_selected_items": lines is not None or payer != customer,
            "is_for_member": lines is None and payer != customer,
            "installments_text": self._get_installments_text(customer, shown.decision),
            "line_ids": self._prepare_lines(customer, selected, shown, today),
            "last_id": bool(repeated & set(selected.ids)) and customer._get_last_reminder().id,
            "placed_text": customer._get_placed_text(customer._find_placed(selected)),
            "can_copy": bool(selected.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))),
            **step_vals,
        }

    @api.model
    def _get_payer_text(self, customer, payer):
        """Return who gets the reminder where another customer pays; empty where none does."""
        if payer == customer:
            return ""
        return self.env._(
            "%(payer)s pays for %(customer)s and gets the reminder, with the items below only.",
            payer=payer.display_name,
            customer=customer.display_name,
        )

    @api.model
    def _get_installments_text(self, customer, decision):
        """Return that the message lists installments of payment plans, which are no items of the list; empty: none."""
        listed = [entry.item for entry in decision.items if entry.item.kind == INSTALLMENT]
        if not listed or not decision.has_message:
            return ""
        days = ", ".join(customer._format_date(item.due_date) for item in listed)
        return self.env._("The message also lists the installments of %(days)s.", days=days)

    @api.model
    def _prepare_decided_vals(self, customer, verdict, today):
        """Return the values of the step that is due, or of the next one that can be sent before its day.

        :param Verdict verdict: of today
        :return: the values, with the reason where no step is due, and the verdict that explains the items
        """
        if not customer.company_id.ar_active:
            return {"reason": customer._get_code_label("not_active")}, verdict
        if verdict.decision.has_message:
            return self._prepare_step_vals(customer, verdict.decision), verdict
        planned = next_contact(verdict.facts, verdict.rules, verdict.decision, today)
        values = {"reason": customer._get_wait_text(verdict.decision, planned)}
        day = early_day(verdict.facts, verdict.rules, today)
        early = customer._look_ahead(verdict, today, day)
        if not early.decision.has_message:
            return values, verdict
        return {**values, "day": day, **self._prepare_step_vals(customer, early.decision)}, early

    @api.model
    def _prepare_step_vals(self, customer, decision):
        """Return the step, and message values unless it is a call, which a person makes."""
        if self.env["ar.channel"]._get(decision.step.channel)._is_spoken:
            return {"step_id": decision.step.step_id, "is_call": True}
        return {"can_send": True, **self._prepare_message_vals(customer, decision)}

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
        """Return the commands that create the items, each with its step or why not, oldest due date first."""
        names = customer._get_item_names(lines)
        explained = customer._explain_items(lines, verdict, today)
        return [
            Command.create(
                {
                    "move_line_id": line.id,
                    "name": names[line.id],
                    "debtor": line.partner_id.commercial_partner_id.display_name,
                    "listed": explained[line.id][0],
                    "verdict": explained[line.id][1],
                }
            )
            for line in lines.sorted(lambda line: (line.date_maturity or line.date, line.id))
        ]

    # === BUTTONS === #

    def action_send(self):
        """Send the step about the selected items; about all items, open it for editing first.

        :raise UserError: when some of the items are not open any more, or no reminder can be sent
        """
        self.ensure_one()
        if not self.has_selected_items:
            return self.env["ar.message.edit"]._open_for(self._check_customer(), day=self.day)
        lines = self.line_ids.move_line_id
        if self.is_for_member:
            made = self._check_customer()._remind_items(None, self.day)
        else:
            made = lines._check_selected()._remind_items(lines, self.day)
        return notification(self.env._("%(step)s is being sent.", step=made.step_id.name))

    def action_repeat(self):
        """Open the last reminder with present amounts, to be sent again; it uses no step."""
        return self._write("repeat")

    def action_copies(self):
        """Open a message with copies of the invoices."""
        return self._write("copies")

    def action_message(self):
        """Open an empty message to the customer."""
        return self._write("message")

    def _write(self, kind):
        """Return the action that opens a message of a kind of ``const.WRITTEN``."""
        customer = self._check_customer()
        lines = self.line_ids.move_line_id & customer._get_group_lines()
        return self.env["ar.message.new"]._open_for(customer, kind, lines)

    def action_print_copies(self):
        """Print the invoices."""
        self._check_customer()
        moves = self.line_ids.move_line_id.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
        return self.env.ref("account.account_invoices").report_action(moves)

    def action_log_call(self):
        """Open the dialog to record a call instead."""
        return self._check_customer().action_log_call()

    def _check_customer(self):
        """Check that the user may work on the account.

        :return: the `ar.customer`
        :raise UserError: for who is no collector
        """
        self.ensure_one()
        self.customer_id._require("collector")
        self.customer_id.check_access("write")
        return self.customer_id


class ArRemindLine(models.TransientModel):
    """One selected item: whether the message lists it, and its step or the reason why not."""

    _name = "ar.remind.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Selected Item of a Reminder"

    wizard_id = fields.Many2one("ar.remind", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    name = fields.Char("Document")
    debtor = fields.Char("Customer")
    date_due = fields.Date("Due", related="move_line_id.date_maturity")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_residual = fields.Monetary("Amount due", related="move_line_id.amount_residual_currency")
    listed = fields.Boolean("In the Message")
    verdict = fields.Char("Step or Reason")
