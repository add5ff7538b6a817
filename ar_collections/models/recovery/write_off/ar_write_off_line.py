from odoo import api, fields, models

from ....core.money import proportion, to_decimal


class ArWriteOffLine(models.Model):
    """An item of a write-off: how much of it, and what became of the loss and its tax. Found from the debt."""

    _name = "ar.write.off.line"
    _inherit = ["ar.access.mixin"]
    _description = "Written-Off Item"
    _order = "write_off_id, date_due, id"

    write_off_id = fields.Many2one("ar.write.off", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="write_off_id.company_id", store=True, index=True)
    state = fields.Selection(related="write_off_id.state")
    move_line_id = fields.Many2one(
        "account.move.line",
        "Open Item",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",  # a write-off must not block the correction of an invoice
    )
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", readonly=True, ondelete="set null")
    partner_id = fields.Many2one("res.partner", "Customer", index=True, readonly=True, ondelete="restrict")
    customer_id = fields.Many2one("ar.customer", "Customer Account", compute="_compute_customer_id")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount = fields.Monetary("Written off", required=True, readonly=True)
    residual_before = fields.Monetary("Open", readonly=True, help="Open amount when the write-off was requested.")
    amount_company = fields.Monetary(
        "In Company Currency", readonly=True, currency_field="company_currency_id",
        help="Amount at the rate that the item is booked with.",
    )  # fmt: skip
    loss_line_id = fields.Many2one(
        "account.move.line", "Entry", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # === Tax === #
    amount_tax = fields.Monetary(
        "Tax", readonly=True, currency_field="company_currency_id",
        help="Part of the amount that is tax on the invoice.",
    )  # fmt: skip
    amount_relieved = fields.Monetary(
        "Tax Booked back", readonly=True, currency_field="company_currency_id",
    )  # fmt: skip
    relief_from = fields.Date(readonly=True, help="First day on which tax relief can be claimed; empty: not known.")
    relief_until = fields.Date(readonly=True, help="Last day on which tax relief can be claimed; empty: no end.")
    relief_move_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")
    # === Money came after all === #
    reversal_move_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")
    date_reversed = fields.Date("Reversed on", readonly=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount that is written off must be positive.")

    @api.depends("partner_id.commercial_partner_id", "company_id")
    def _compute_customer_id(self):
        """Compute the account that the debt belongs to now."""
        partners = self.partner_id.commercial_partner_id
        accounts = self.env["ar.customer"].search(
            [("partner_id", "in", partners.ids), ("company_id", "in", self.company_id.ids)]
        )
        found = {(account.partner_id, account.company_id): account for account in accounts}
        for line in self:
            line.customer_id = found.get((line.partner_id.commercial_partner_id, line.company_id), False)

    @api.model
    def _prepare_vals(self, item, amount):
        """Return the values about an open item.

        :param item: `account.move.line`
        :param Decimal amount: what is written off, in the item's currency
        """
        left, booked = to_decimal(item.amount_residual_currency), to_decimal(item.amount_residual)
        company_amount = item.company_currency_id.round(float(proportion(booked, amount, left)))
        return {
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "partner_id": item.partner_id.id,
            "name": item.move_id.name,
            "date_due": item.date_maturity or item.date,
            "currency_id": item.currency_id.id,
            "amount": float(amount),
            "residual_before": item.amount_residual_currency,
            "amount_company": company_amount,
        }
