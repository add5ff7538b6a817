from odoo import api, fields, models

from ....formats import format_amount, format_date


class ArPlacementPayment(models.Model):
    """Money or a credit that reduced a placed item since the placement, and what the agency was told about it."""

    _name = "ar.placement.payment"
    _inherit = ["ar.access.mixin"]
    _description = "Payment of a Placed Item"
    _order = "date, id"

    placement_id = fields.Many2one("ar.placement", required=True, readonly=True, index=True, ondelete="cascade")
    customer_id = fields.Many2one(related="placement_id.customer_id")
    company_id = fields.Many2one(related="placement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="placement_id.currency_id")
    line_id = fields.Many2one("ar.placement.line", "Item", required=True, readonly=True, ondelete="cascade", index=True)
    # The journal item of the payment: it stays where reconciliations are made anew.
    counterpart_id = fields.Many2one(
        "account.move.line", "Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Date(required=True, readonly=True)
    name = fields.Char("Document", readonly=True)
    amount = fields.Monetary(readonly=True, help="0: the payment was reversed.")
    is_credit = fields.Boolean("Credit", readonly=True, help="No money came in: it was credited.")
    is_direct = fields.Boolean(
        "Paid to Us",
        default=True,
        readonly=True,
        help="Whether the customer paid to you and not to the agency, for its commission.",
    )
    amount_reported = fields.Monetary("Reported", readonly=True)
    reported_on = fields.Date(readonly=True)
    is_reported = fields.Boolean(compute="_compute_is_reported", store=True)

    _once = models.UniqueIndex("(line_id, counterpart_id)", "Each payment of an item is listed once.")

    @api.depends("amount", "amount_reported", "is_direct", "is_credit")
    def _compute_is_reported(self):
        """Compute whether the agency knows of it: what it collected itself needs no report."""
        for payment in self:
            known = payment.currency_id.compare_amounts(payment.amount, payment.amount_reported) == 0
            payment.is_reported = known or (not payment.is_direct and not payment.is_credit)

    def action_switch(self):
        """Switch between paid to us and paid to the agency, which the ledger does not tell."""
        self._require("collector")
        for payment in self.sudo():  # users may not write what the ledger says; this alone is theirs
            payment.is_direct = not payment.is_direct
        return True

    def _get_report_text(self):
        """Return the payment as the agency reads it."""
        self.ensure_one()
        values = {
            "day": format_date(self.env, self.date),
            "invoice": self.line_id.name,
            "amount": format_amount(self.env, self.amount, self.currency_id),
        }
        if not self.amount:
            return self.env._("%(day)s, %(invoice)s: the payment that we reported was reversed", **values)
        if self.is_credit:
            return self.env._("%(day)s, %(invoice)s: %(amount)s credited", **values)
        return self.env._("%(day)s, %(invoice)s: %(amount)s paid to us", **values)
