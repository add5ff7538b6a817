from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...core.portal.allocation import RequestRefused
from ...messages import DISPUTE_REFUSALS


class ArDisputeNew(models.TransientModel):
    """Dialog in which staff record a dispute that a customer raised by phone, letter or e-mail."""

    _name = "ar.dispute.new"
    _description = "New Dispute"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", "Invoice", readonly=True, ondelete="cascade", help="Only its items.")
    company_id = fields.Many2one(related="customer_id.company_id")
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, ondelete="cascade", domain="[('company_id', 'in', [company_id, False])]"
    )
    note = fields.Text("Description by the Customer", required=True)
    line_ids = fields.One2many("ar.dispute.new.line", "wizard_id")

    @api.model
    def default_get(self, fields_list):
        """Override of `base` to list the items that may be disputed.

        The items of a given invoice, or those in the context key ``ar_selected_line_ids``, are filled in with their
        whole open amount.
        """
        values = super().default_get(fields_list)
        customer = self.env["ar.customer"].browse(values.get("customer_id"))
        if customer and "line_ids" in fields_list:
            customer.check_access("read")
            values["line_ids"] = [Command.create(line) for line in self._prepare_lines(customer, values.get("move_id"))]
        return values

    @api.model
    def _prepare_lines(self, customer, move_id):
        """Return the values of the lines, see :meth:`default_get`."""
        disputables = {item.item_id: item for item in customer._get_disputables() if item.left}
        items = customer._browse_lines(list(disputables))
        selected = set(self.env.context.get("ar_selected_line_ids") or ())
        return [
            {
                "move_line_id": item.id,
                "open_amount": float(disputables[item.id].left),
                "amount": float(disputables[item.id].left) if move_id or item.id in selected else 0.0,
            }
            for item in items
            if not move_id or item.move_id.id == move_id
        ]

    def action_confirm(self):
        """Create the dispute and open it.

        :raise UserError: when the amounts cannot be disputed, with what to do
        """
        self.ensure_one()
        self.customer_id._require("collector")
        selected = self.line_ids.filtered("amount")
        requested = {line.move_line_id.id: line._get_exact_amount() for line in selected}
        try:
            dispute = self.env["ar.dispute"]._raise_dispute(self.customer_id, self.reason_id, requested, self.note)
        except RequestRefused as refused:
            raise UserError(str(DISPUTE_REFUSALS[refused.code])) from refused
        return dispute._get_form_action()


class ArDisputeNewLine(models.TransientModel):
    """One open item that may be disputed."""

    _name = "ar.dispute.new.line"
    _description = "New Dispute Item"

    wizard_id = fields.Many2one("ar.dispute.new", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id")
    date_due = fields.Date("Due Date", related="move_line_id.date_maturity")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    open_amount = fields.Monetary("Open", help="Open amount that is not in dispute.")
    amount = fields.Monetary("Disputed", help="Disputed amount of the item; 0 if it is not disputed.")

    def _get_exact_amount(self):
        return self.env["ar.dispute.line"]._to_exact(self.amount, self.currency_id)
