from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Promises to pay on the invoice: whether one is open, the list, and the button to record one."""

    _inherit = "account.move"

    ar_promised = fields.Boolean(
        "Promised",
        compute="_compute_ar_promises",
        search="_search_ar_promised",
        groups="base.group_user",
        help="Whether an open promise to pay covers the item.",
    )
    ar_promise_ids = fields.Many2many(
        "ar.promise", string="Promises", compute="_compute_ar_promises", groups="base.group_user"
    )

    def _compute_ar_promises(self):
        # Everybody who may see the invoice sees that it is promised; the promises only those who may read them.
        lines = self.env["ar.promise.line"].sudo().search([("move_id", "in", self.ids)])
        by_move = lines.grouped("move_id")
        readable = self.env["ar.promise"].has_access("read")
        for move in self:
            found = by_move.get(move, lines.browse())
            move.ar_promised = any(found.mapped("is_live"))
            move.ar_promise_ids = found.promise_id.ids if readable else False

    @api.model
    def _search_ar_promised(self, operator, value):
        if operator != "in":
            return NotImplemented
        # As in the compute: everybody who may see the invoice may see that it is promised.
        live = self.env["ar.promise.line"].sudo()._search([("is_live", "=", True), ("move_id", "!=", False)])
        promised = Domain("id", "in", live.subselect("move_id"))
        return promised if True in value else ~promised

    def action_ar_promise(self):
        """Open the dialog to record a promise about this invoice."""
        self.ensure_one()
        return self.env["ar.promise.new"]._open_for(self.ar_customer_id, self)
