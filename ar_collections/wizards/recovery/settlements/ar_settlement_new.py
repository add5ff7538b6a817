from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ....core.money import ZERO, to_decimal
from ....core.recovery.settlement import NOTHING_SELECTED
from ....messages import SETTLEMENT_REFUSALS


class ArSettlementNew(models.TransientModel):
    """Dialog that requests a settlement of overdue items of a customer."""

    _name = "ar.settlement.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Request a Settlement"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    move_line_ids = fields.Many2many("account.move.line", string="Items")
    amount_open = fields.Monetary("Owed", compute="_compute_amount_open")
    amount_agreed = fields.Monetary("To Pay", help="What the customer pays; the rest is credited then.")
    date_until = fields.Date("Pay until", help="Last day of a payment that counts.")
    reason = fields.Text(help="Why less is accepted; who decides and auditors read it.")
    ability_count = fields.Integer(related="customer_id.ability_count")

    @api.depends("move_line_ids")
    def _compute_amount_open(self):
        for wizard in self:
            free = wizard.customer_id._get_placeable_items(wizard.currency_id)
            kept = [item for item_id, item in free.items() if item_id in wizard.move_line_ids.ids]
            wizard.amount_open = float(sum(map(wizard.customer_id._get_free_to_place, kept), ZERO))

    @api.model
    def _open_for(self, customer):
        """Open the dialog with all overdue items of which nothing is agreed, in the currency with the oldest of them.

        :raise UserError: without the collector's role, or where nothing can be settled
        """
        self.env["ar.access.mixin"]._require("collector")
        customer.check_access("read")
        names = list(dict.fromkeys(item.currency for item in customer._get_facts().items))
        currencies = self.env["res.currency"]._ar_by_name(names)
        for currency in map(currencies.get, names):
            lines = self.env["ar.settlement.line"].sudo()  # requests count, whoever may read them
            found = customer._get_placeable_items(currency)
            taken = lines.search([("move_line_id", "in", list(found)), ("is_live", "=", True)]).move_line_id.ids
            free = [item_id for item_id in found if item_id not in taken]
            if free:
                return self._open(customer, currency, free)
        raise UserError(self.env._(SETTLEMENT_REFUSALS[NOTHING_SELECTED]))

    @api.model
    def _open(self, customer, currency, item_ids):
        wizard = self.create(
            {"customer_id": customer.id, "currency_id": currency.id, "move_line_ids": [Command.set(item_ids)]}
        )
        return {
            "name": self.env._("Request a Settlement"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_request(self):
        """Request the settlement; a credit manager other than the user approves it.

        :raise UserError: where it is not possible, with the way out; nothing is stored then
        """
        self.ensure_one()
        if not self.date_until:
            raise UserError(self.env._("Enter the last day to pay."))
        amount = to_decimal(self.amount_agreed)
        if amount.is_finite():
            amount = to_decimal(self.currency_id.round(self.amount_agreed))
        settlement = self.env["ar.settlement"]._request(
            self.customer_id, self.currency_id, amount, self.date_until, self.reason, self.move_line_ids.ids
        )
        return settlement._get_form_action()
