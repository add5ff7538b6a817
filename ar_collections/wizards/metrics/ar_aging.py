from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...core.customers.aging import BY_DUE_DATE, BY_INVOICE_DATE
from ...models.metrics.ar_aging_item import LATE
from .aging_workbook import write_workbook


class ArAging(models.TransientModel):
    """The aging of a company as of a day: totals that tie out to the ledger, the items, and an Excel export."""

    _name = "ar.aging"
    _inherit = ["ar.wizard.mixin", "ar.workbook.mixin"]
    _description = "Aged Receivables"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("As of", required=True, default=lambda self: self.env.company._ar_today())
    basis = fields.Selection(
        [(BY_DUE_DATE, "Due date"), (BY_INVOICE_DATE, "Date of invoice")],
        "Age from",
        required=True,
        default=BY_DUE_DATE,
    )
    not_due = fields.Monetary(compute="_compute_totals")
    late_1 = fields.Monetary(compute="_compute_totals")
    late_2 = fields.Monetary(compute="_compute_totals")
    late_3 = fields.Monetary(compute="_compute_totals")
    late_4 = fields.Monetary(compute="_compute_totals")
    late_5 = fields.Monetary(compute="_compute_totals")
    credits = fields.Monetary(compute="_compute_totals", help="Credit notes and unapplied cash.")
    total = fields.Monetary("Sum of open items", compute="_compute_totals")
    ledger_balance = fields.Monetary(
        compute="_compute_totals", help="Balance of the receivable accounts at the end of the day, posted entries only."
    )
    difference = fields.Monetary(
        "Settled between branches", compute="_compute_totals",
        help="Items of this company that were reconciled with entries of another branch, or vice versa.",
    )  # fmt: skip
    label_1 = fields.Char(compute="_compute_labels")
    label_2 = fields.Char(compute="_compute_labels")
    label_3 = fields.Char(compute="_compute_labels")
    label_4 = fields.Char(compute="_compute_labels")
    label_5 = fields.Char(compute="_compute_labels")

    @api.depends("company_id", "date", "basis")
    def _compute_totals(self):
        as_of = self.env["ar.as.of"]
        for wizard in self:
            wizard._check_company_is_ours()
            company, day = wizard.company_id, wizard.date or wizard.company_id._ar_today()
            aging = as_of._read_aging(company, day, basis=wizard.basis, edges=company._ar_aging_edges())
            ledger = as_of._read_ledger_balance(company, day)
            wizard.not_due = float(aging.not_due)
            for name, amount in zip(LATE, aging.buckets[1:], strict=True):
                wizard[name] = float(amount)
            wizard.credits = float(aging.credits)
            wizard.total = float(aging.total)
            wizard.ledger_balance = float(ledger)
            wizard.difference = float(ledger - aging.total)

    @api.depends("company_id")
    def _compute_labels(self):
        for wizard in self:
            for number, label in enumerate(wizard.company_id._ar_aging_names()[1:], 1):
                wizard[f"label_{number}"] = label

    @api.depends("date", "basis")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env["ar.aging.item"]._get_title(wizard.date, wizard.basis)

    def _check_company_is_ours(self):
        """Raise `AccessError` for a company that is not active: SQL reads the totals without record rules."""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You can only see the aged receivables of companies you have access to."))

    def action_show(self):
        """Open the items, grouped by customer."""
        self.ensure_one()
        return self.env["ar.aging.item"]._get_action(self.company_id, self.date, self.basis)

    def _write_workbook(self):
        """Override to write totals, customers and items."""
        return write_workbook(self)

    def _get_items(self):
        """Return the `ar.aging.item` records of the aging, the oldest due date first."""
        context = {"ar_aging_date": fields.Date.to_string(self.date), "ar_aging_basis": self.basis}
        items = self.env["ar.aging.item"].with_company(self.company_id).with_context(**context)
        return items.search_fetch([("company_id", "=", self.company_id.id)], order="due_date, id")

    def _get_customer_rows(self):
        """Return [(customer's name, buckets, credits, total)], sorted by name; lines without a partner come last."""
        company = self.company_id
        found = self.env["ar.as.of"]._read_aging(
            company, self.date, by="customer", basis=self.basis, edges=company._ar_aging_edges()
        )
        # sudo: a customer with items of this company may be restricted to another one; only the names are shown.
        partners = self.env["res.partner"].sudo().browse([key for key in found if key])
        names = {partner.id: partner.display_name for partner in partners}
        names[None] = self.env._("No customer")
        keys = sorted(found, key=lambda key: (key is None, names[key].lower()))
        return [(names[key], found[key].buckets, found[key].credits, found[key].total) for key in keys]
