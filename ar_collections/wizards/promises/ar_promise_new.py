from odoo import Command, api, fields, models
from odoo.exceptions import LockError, UserError

from ...core.money import to_decimal
from ...core.promises.request import PromiseRefused


class ArPromiseNew(models.TransientModel):
    """Dialog in which staff record a promise to pay: items, amounts and date."""

    _name = "ar.promise.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Promise to Pay"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    date = fields.Date("Will be paid on", required=True)
    note = fields.Text(help="Summary of the conversation.")
    line_ids = fields.One2many("ar.promise.new.line", "wizard_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount_total")
    amount_total = fields.Monetary("Total", compute="_compute_amount_total")

    @api.depends("line_ids.ticked", "line_ids.amount")
    def _compute_amount_total(self):
        for wizard in self:
            ticked = wizard.line_ids.filtered("ticked")
            wizard.currency_id = (ticked or wizard.line_ids)[:1].currency_id
            same = ticked.filtered(lambda line, own=wizard.currency_id: line.currency_id == own)
            wizard.amount_total = sum(same.mapped("amount"))

    @api.model
    def _open_for(self, customer, moves=None, lines=None):
        """Return the action that opens the dialog with all items that may be promised.

        Preselected are the given items, else the overdue ones, else all.

        :param moves: `account.move` recordset: preselect their items
        :param lines: `account.move.line` recordset: preselect these items
        :raise UserError: for who is no collector, and when nothing can be promised
        """
        self.env["ar.access.mixin"]._require("collector")
        customer.check_access("read")
        free = customer._get_free_amounts() if customer else {}
        items = self.env["account.move.line"].browse(free)
        selected = lines or (moves.line_ids if moves else items.browse())
        if selected and not items & selected:
            items = items.browse()
        if not items:
            raise UserError(
                self.env._(
                    "None of these items can be promised: they are paid, being paid, or part of another agreement."
                )
            )
        today = customer.company_id._ar_today()
        ticked = items & selected or items.filtered(lambda line: self._due(line) < today) or items
        wizard = self.create(
            {
                "customer_id": customer.id,
                "date": fields.Date.add(today, days=7),
                "line_ids": self._prepare_lines(customer, items, ticked, free),
            }
        )
        return {
            "name": self.env._("Promise to Pay"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_lines(self, customer, items, ticked, free):
        """Return the commands that create the lines of the dialog.

        :param items: `account.move.line` recordset
        :param ticked: those of the items that are preselected
        :param free: {journal item id: Decimal, the amount that may be promised}
        """
        names = customer._get_item_names(items)
        return [
            Command.create(
                {
                    "move_line_id": item.id,
                    "name": names[item.id],
                    "ticked": item in ticked,
                    "amount": float(free[item.id]),
                }
            )
            for item in items
        ]

    @api.model
    def _due(self, line):
        return line.date_maturity or line.date

    def action_record(self):
        """Record the promise and return to the customer, who gets a confirmation.

        The policy's limits apply to collectors, not to collections managers.

        :raise UserError: when the promise is not accepted, with the reason and what to do
        """
        self.ensure_one()
        self.env["ar.access.mixin"]._require("collector")
        ticked = self.line_ids.filtered("ticked")
        amounts = {line.move_line_id.id: to_decimal(line.amount) for line in ticked}
        manager = self.env["ar.access.mixin"]._has_role("manager")
        try:
            promise = self.customer_id._promise(self.date, amounts, self.note or "", bound=not manager)
        except PromiseRefused as refused:
            hint = self.env._("A collections manager can still record it.")
            text = self.customer_id._get_promise_refusal(refused.code, hint)
            raise UserError(f"{text} {refused.detail}".strip()) from refused
        except LockError as error:
            raise UserError(
                self.env._("This account is locked by another operation; try again in a moment.")
            ) from error
        return self._close(promise)

    def _close(self, promise):
        """Return to where the dialog was opened from, with a short message."""
        day = promise._format_date(promise.date)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(number)s: %(amount)s promised for %(day)s.",
                    number=promise.name,
                    amount=promise._format_amount(promise.amount_total),
                    day=day,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ArPromiseNewLine(models.TransientModel):
    """One open item that may be promised."""

    _name = "ar.promise.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Item of a New Promise"
    _order = "date_due, id"

    wizard_id = fields.Many2one("ar.promise.new", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, readonly=True, ondelete="cascade")
    name = fields.Char("Document", readonly=True)
    move_id = fields.Many2one(related="move_line_id.move_id")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due", store=True)
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_residual = fields.Monetary(related="move_line_id.amount_residual_currency", string="Amount due")
    ticked = fields.Boolean("Promise")
    amount = fields.Monetary("Promised")
