from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Promises to pay on the invoice: whether one is open, the list, and the button to record one."""

    _inherit = "account.move"

    ar_promised = fields.Boolean(
        "Promised",
        compute="_compute_ar_promised",
        search="_search_ar_promised",
        groups="base.group_user",
        help="Whether an open promise to pay covers the item.",
    )
    ar_promise_ids = fields.Many2many(
        "ar.promise",
        string="Promises",
        compute="_compute_ar_promise_ids",
        groups="ar_collections.ar_collections_group_auditor",
    )

    def _compute_ar_promised(self):
        # Everybody who may see the invoice sees that it is promised; the promises only those who may read them.
        lines = self.env["ar.promise.line"].sudo().search([("move_id", "in", self.ids), ("is_live", "=", True)])
        promised = lines.move_id
        for move in self:
            move.ar_promised = move in promised

    def _compute_ar_promise_ids(self):
        lines = self.env["ar.promise.line"].search([("move_id", "in", self.ids)])
        by_move = lines.grouped("move_id")
        for move in self:
            move.ar_promise_ids = by_move.get(move, lines.browse()).promise_id

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
        return self.env["ar.promise.new"]._open_for(self._get_ar_account(), self)
