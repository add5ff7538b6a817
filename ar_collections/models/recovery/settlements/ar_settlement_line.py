from odoo import api, fields, models


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

    @api.model
    def _get_holding_domain(self):
        """Override to return the lines of requested and open settlements."""
        return [("is_live", "=", True)]
