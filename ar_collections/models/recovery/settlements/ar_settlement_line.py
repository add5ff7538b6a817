from odoo import api, fields, models

from ....core.agreements.settlement import open_part
from ....core.money import to_decimal


class ArSettlementLine(models.Model):
    """An overdue item of a settlement: what is owed of it, and the item's residual when it was requested."""

    _name = "ar.settlement.line"
    _inherit = ["ar.agreement.line"]
    _description = "Settled Item"
    _order = "settlement_id, date_due, id"

    _agreement = "settlement_id"

    settlement_id = fields.Many2one("ar.settlement", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    # As in promises: a settlement must not block the correction of an invoice; it follows to the new items.
    move_line_id = fields.Many2one(
        "account.move.line", "Open Item", index="btree_not_null", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", readonly=True, ondelete="set null")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    amount = fields.Monetary("Owed", required=True, readonly=True)
    residual_before = fields.Monetary("Previously Open", required=True, readonly=True)
    credited_before = fields.Monetary(readonly=True, help="Amount credited on the item before the settlement.")
    amount_left = fields.Monetary("Open", compute="_compute_amount_left", compute_sudo=True)
    is_live = fields.Boolean(default=True, readonly=True, help="Whether the settlement is requested or open.")

    _one_settlement = models.UniqueIndex("(move_line_id) WHERE is_live", "An item can be in one settlement at a time.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The owed amount must be positive.")

    @api.depends("move_line_id.amount_residual_currency", "move_line_id.parent_state", "amount", "residual_before")
    def _compute_amount_left(self):
        """Compute what is open of the amounts; what was credited on the rest of an item does not reduce them."""
        parts = [line._get_part() for line in self]
        outside = self.env["ar.facts"]._read_credited_outside(parts)
        for line, part, credited in zip(self, parts, outside, strict=True):
            _line_id, amount, before, _credited_before = part
            owed = line.move_line_id.parent_state == "posted"
            line.amount_left = float(open_part(amount, before - credited, line._get_residual())) if owed else 0.0

    def _get_residual(self):
        """Return what is open of the whole item."""
        self.ensure_one()
        item = self.move_line_id
        return to_decimal(item.currency_id.round(item.amount_residual_currency))

    def _get_part(self):
        """Return (journal item id or None, owed amount, residual then, credited by then), for `ar.facts`."""
        self.ensure_one()
        amounts = (self.amount, self.residual_before, self.credited_before)
        return (self.move_line_id.id or None, *(to_decimal(self.currency_id.round(amount)) for amount in amounts))

    @api.model
    def _get_holding_domain(self):
        """Override to return the lines of requested and open settlements."""
        return [("is_live", "=", True)]
