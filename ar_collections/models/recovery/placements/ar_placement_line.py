from odoo import api, fields, models


class ArPlacementLine(models.Model):
    """An open item of a placement: the amount that was handed over, and the item's residual then."""

    _name = "ar.placement.line"
    _inherit = ["ar.agreement.line"]
    _description = "Placed Item"
    _order = "placement_id, date_due, id"

    _agreement = "placement_id"

    placement_id = fields.Many2one("ar.placement", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="placement_id.currency_id")
    state = fields.Selection(related="placement_id.state")
    # As in promises: a placement must not block the correction of an invoice; it follows to the new items.
    move_line_id = fields.Many2one(
        "account.move.line", "Open Item", index="btree_not_null", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", readonly=True, ondelete="set null")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    amount = fields.Monetary("Placed", required=True, readonly=True)
    residual_before = fields.Monetary("Previously Open", required=True, readonly=True)
    credited_before = fields.Monetary(readonly=True, help="Amount credited on the item before it was placed.")
    amount_left = fields.Monetary("Open", compute="_compute_amount_left", compute_sudo=True)
    is_live = fields.Boolean(default=True, readonly=True, help="Whether the item is proposed or placed.")

    _one_placement = models.UniqueIndex("(move_line_id) WHERE is_live", "An item can be in one placement at a time.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The placed amount must be positive.")

    @api.model
    def _get_holding_domain(self):
        """Override to return the lines of proposals and placements that hold."""
        return [("is_live", "=", True)]
