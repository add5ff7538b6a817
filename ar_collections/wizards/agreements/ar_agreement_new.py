from odoo import Command, api, fields, models
from odoo.exceptions import LockError, UserError

from ...core.money import to_decimal
from ...formats import format_amount
from ...notification import notification


class ArAgreementNew(models.AbstractModel):
    """Dialog in which staff record something about open items: items, amounts and a date.

    A concrete model has the field ``line_ids``, with lines that inherit `ar.agreement.new.line`.
    """

    _name = "ar.agreement.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Agreement about Open Items"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    date = fields.Date(required=True)
    note = fields.Text(help="Summary of the conversation.")
    total_text = fields.Char("Total", compute="_compute_total_text")

    @api.depends("line_ids.ticked", "line_ids.amount")
    def _compute_total_text(self):
        """Compute the sums of what is selected: one for each currency, as amounts of several are never added up."""
        for wizard in self:
            ticked = wizard.line_ids.filtered("ticked")
            sums = [
                (sum(lines.mapped("amount")), currency) for currency, lines in ticked.grouped("currency_id").items()
            ] or [(0, wizard.line_ids[:1].currency_id)]
            texts = [format_amount(self.env, amount, currency) for amount, currency in sums if currency]
            wizard.total_text = " + ".join(texts)

    @api.model
    def _open_for(self, customer, moves=None, lines=None):
        """Return the action that opens the dialog with all items that it may be about.

        Preselected are the given items, else the overdue ones, else all; without given ones those of one currency, the
        account's if it has any, because what is recorded is in one currency.

        :param moves: `account.move` recordset: preselect their items
        :param lines: `account.move.line` recordset: preselect these items
        :raise UserError: for who is no collector, and where there is no such item
        """
        self.env["ar.access.mixin"]._require("collector")
        customer.check_access("read")
        amounts = self._get_amounts(customer) if customer else {}
        items = self.env["account.move.line"].browse(amounts)
        selected = lines or (moves.line_ids if moves else items.browse())
        if not items or (selected and not items & selected):
            raise UserError(self._get_nothing_text())
        today = customer.company_id._ar_today()
        ticked = items & selected or self._choose_items(customer, items, today)
        wizard = self.create(
            {
                "customer_id": customer.id,
                "date": self._get_first_date(customer, today),
                "line_ids": self._prepare_lines(customer, items, ticked, amounts),
            }
        )
        return {
            "name": self._get_title(),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _choose_items(self, customer, items, today):
        """Return the items that are preselected where none is given, see `_open_for`."""
        late = items.filtered(lambda line: (line.date_maturity or line.date) < today) or items
        own = late.filtered(lambda line: line.currency_id == customer.currency_id)
        return own or late.filtered(lambda line: line.currency_id == late[:1].currency_id)

    @api.model
    def _prepare_lines(self, customer, items, ticked, amounts):
        """Return the commands that create the lines of the dialog.

        :param items: `account.move.line` recordset
        :param ticked: those of the items that are preselected
        :param amounts: {journal item id: Decimal}
        """
        names = customer._get_item_names(items)
        return [
            Command.create(
                {
                    "move_line_id": item.id,
                    "name": names[item.id],
                    "ticked": item in ticked,
                    "amount": float(amounts[item.id]),
                }
            )
            for item in items
        ]

    def _get_ticked_amounts(self):
        """Return {journal item id: Decimal} of the selected lines, as entered."""
        self.ensure_one()
        return {line.move_line_id.id: to_decimal(line.amount) for line in self.line_ids.filtered("ticked")}

    def action_record(self):
        """Record what was entered, and close the dialog with a short message.

        :raise UserError: when it is not accepted, with the reason and what to do
        """
        self.ensure_one()
        self.env["ar.access.mixin"]._require("collector")
        try:
            message = self._record()
        except LockError as error:
            raise UserError(
                self.env._("This account is locked by another operation; try again in a moment.")
            ) from error
        return notification(message)

    # === EACH KIND === #

    @api.model
    def _get_amounts(self, customer):
        """Return {journal item id: Decimal} of what may be selected; a concrete model implements it."""
        raise NotImplementedError

    @api.model
    def _get_first_date(self, customer, today):
        """Return the date that the dialog proposes."""
        return today

    @api.model
    def _get_title(self):
        """Return the title of the dialog; a concrete model implements it."""
        raise NotImplementedError

    @api.model
    def _get_nothing_text(self):
        """Return why there is nothing to select; a concrete model implements it."""
        raise NotImplementedError

    def _record(self):
        """Record what was entered; a concrete model implements it.

        :return: the message to the user
        :raise UserError: when it is not accepted
        :raise LockError: when another transaction holds the account
        """
        raise NotImplementedError


class ArAgreementNewLine(models.AbstractModel):
    """One open item of the dialog; a concrete model has the field ``wizard_id``."""

    _name = "ar.agreement.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Item of a New Agreement"
    _order = "date_due, id"

    move_line_id = fields.Many2one("account.move.line", required=True, readonly=True, ondelete="cascade")
    name = fields.Char("Document", readonly=True)
    move_id = fields.Many2one(related="move_line_id.move_id")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due", store=True)
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_residual = fields.Monetary(related="move_line_id.amount_residual_currency", string="Amount due")
    ticked = fields.Boolean("Selected")
    amount = fields.Monetary()
