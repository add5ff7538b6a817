from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ....const import WRITE_OFF_KINDS, WRITE_OFF_REASONS
from ....core.money import to_decimal
from ....core.recovery.write_off import BAD_DEBT, NOT_POSITIVE, SMALL


class ArWriteOffNew(models.TransientModel):
    """Dialog to write off open items: the list first, then the entry, or the request to a second person."""

    _name = "ar.write.off.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Write off"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(WRITE_OFF_KINDS, "Type", required=True, default=BAD_DEBT)
    reason_code = fields.Selection(WRITE_OFF_REASONS, "Reason", required=True, default="no_means")
    reason = fields.Text("Explanation", help="What was tried; who decides and auditors read it.")
    date = fields.Date("Accounting Date", required=True)
    claims_relief = fields.Boolean(
        "Claim Tax Relief",
        help="Whether the tax is booked back at once, where the country's dates allow it. Otherwise it becomes a task.",
    )
    line_ids = fields.One2many("ar.write.off.new.line", "wizard_id", "Items")
    amount_total = fields.Monetary("Total", compute="_compute_amount_total", currency_field="company_currency_id")
    second_text = fields.Char(compute="_compute_second_text")

    @api.model
    def _open(self, items, kind=BAD_DEBT):
        """Return the action that opens the dialog with these items, all selected in full.

        :param items: open `account.move.line`, of one company
        """
        if not items:
            raise UserError(self.env._("Nothing is open of what you selected: select open invoices."))
        if len(items.company_id) > 1:
            raise UserError(self.env._("Select items of one company: each company has its own write-offs."))
        wizard = self.create(
            {
                "company_id": items.company_id.id,
                "kind": kind,
                "reason_code": "small" if kind == SMALL else "no_means",
                "date": items.company_id._ar_today(),
                "line_ids": [
                    Command.create({"move_line_id": item.id, "amount": item.amount_residual_currency})
                    for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id))
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write off"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("line_ids.amount", "line_ids.move_line_id")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.line_ids.mapped("amount_company"))

    @api.depends("amount_total", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_second_text(self):
        """Compute a sentence where a second person has to approve."""
        for wizard in self:
            company = wizard.company_id.sudo()  # the amount is shown to who writes off
            decides = self.env["ar.write.off"]._has_role("credit_manager")
            alone = decides and wizard.amount_total <= company.ar_write_off_alone
            wizard.second_text = False if alone else self.env._("Another person, a credit manager, has to approve it.")

    def action_confirm(self):
        """Request the write-off, which books it where the user may decide alone, and open it."""
        self.ensure_one()
        write_offs = self.env["ar.write.off"]
        amounts = {}
        for line in self.line_ids:
            amount = to_decimal(line.amount)
            if not amount.is_finite():
                write_offs._refuse(NOT_POSITIVE, line.move_line_id.move_id.name)
            amounts[line.move_line_id] = amount
        made = write_offs._request(
            self.company_id, amounts, self.kind, self.reason_code, self.reason, self.date, self.claims_relief
        )
        return made._get_form_action()


class ArWriteOffNewLine(models.TransientModel):
    """An item in the dialog, with the amount that is written off of it."""

    _name = "ar.write.off.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Item to Write off"

    wizard_id = fields.Many2one("ar.write.off.new", required=True, readonly=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", "Item", required=True, readonly=True, ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    partner_id = fields.Many2one(related="move_line_id.partner_id", string="Customer")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    company_currency_id = fields.Many2one(related="move_line_id.company_currency_id")
    residual = fields.Monetary(related="move_line_id.amount_residual_currency", string="Open")
    amount = fields.Monetary("Write off", required=True)
    amount_company = fields.Monetary(compute="_compute_amount_company", currency_field="company_currency_id")

    @api.depends("amount", "move_line_id")
    def _compute_amount_company(self):
        for line in self:
            item = line.move_line_id
            share = line.amount / item.amount_residual_currency if item.amount_residual_currency else 0
            line.amount_company = item.amount_residual * share
