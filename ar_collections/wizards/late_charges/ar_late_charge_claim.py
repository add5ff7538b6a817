from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.late_charges.refusal import ChargeRefused
from ...core.money import ZERO
from ...formats import format_amount, format_date
from ...models.late_charges.refusals import get_refusal_text
from .claim_workbook import write_workbook


class ArLateChargeClaim(models.TransientModel):
    """The claim against a customer as of a day: principal, interest and lump sums, with their computation."""

    _name = "ar.late.charge.claim"
    _inherit = ["ar.sheet.mixin"]
    _description = "Claim as of a Day"

    _sheet_template = "ar_collections.late_charge_claim_sheet"
    _sheet_report = "ar_collections.action_report_late_charge_claim"
    _sheet_fields = ("customer_id", "date", "regime_id", "has_lump_sums", "has_all")

    customer_id = fields.Many2one("ar.customer", required=True)
    company_id = fields.Many2one(related="customer_id.company_id")
    date = fields.Date("As of", required=True, default=lambda self: self.env.company._ar_today())
    regime_id = fields.Many2one(
        "ar.late.charge.regime", "Rules", compute="_compute_regime_id", store=True, readonly=False, precompute=True,
        help="Rules by which interest and lump sums are computed. Default: those of the credit policy.",
    )  # fmt: skip
    has_lump_sums = fields.Boolean("With Lump Sums", default=True)
    has_all = fields.Boolean(
        "All That Is Owed", help="Also what is not due yet, as in insolvency proceedings. Rules are not needed then."
    )

    @api.depends("customer_id")
    def _compute_regime_id(self):
        for claim in self:
            claim.regime_id = claim.customer_id.policy_id.late_charge_regime_id

    @api.depends("customer_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for claim in self:
            day, name = format_date(self.env, claim.date), claim.customer_id.display_name or ""
            claim.display_name = self.env._("Claim against %(customer)s as of %(day)s", customer=name, day=day)

    def _has_preview(self):
        """Override to need rules, unless all that is owed is claimed."""
        return bool(self.customer_id and self.date and (self.regime_id or self.has_all))

    def _read_rows(self):
        """Return what is claimed: ([ClaimRow], {currency id: open credits}).

        :raise UserError: without rules, or a rate
        """
        self.ensure_one()
        self.customer_id.check_access("read")
        if not self.regime_id and not self.has_all:
            raise UserError(self.env._("Choose the rules by which interest is computed."))
        charges = self.env["ar.late.charge"].sudo()  # read with SQL; the access to the customer was checked
        try:
            rows, credits = charges._read_claim(self.customer_id.sudo(), self.regime_id, self.date, self.has_all)
        except ChargeRefused as refused:
            raise UserError(get_refusal_text(self.env, refused)) from refused
        return rows if self.has_lump_sums else [row.without_lump_sum() for row in rows], credits

    def _get_sheet_values(self):
        """Override to return the computation, one group for each currency."""
        rows, credits = self._read_rows()
        others = self._read_others(rows)
        return {
            "claim": self,
            "day": format_date(self.env, self.date),
            "outdated": self.regime_id._get_missing_text(self.date) if self.regime_id else False,
            "person": self._get_person_text(),
            "groups": [
                self._get_group(currency, rows, credits.get(currency.id, ZERO), others.get(currency.id, []))
                for currency in self._get_currencies(rows, credits, others)
            ],
        }

    def _get_person_text(self):
        """Return that the rules are not made for the customer, as a sentence; empty for companies."""
        if self.customer_id.partner_id.is_company or self.customer_id.policy_id.late_charge_persons:
            return ""
        return self.env._(
            "%s is no company, and the rules of the countries are about companies: choose rules for persons.",
            self.customer_id.display_name,
        )

    def _read_others(self, rows):
        """Return {currency id: [(label, Decimal)]} of what is claimed besides; an override adds other claims.

        :param list[ClaimRow] rows: what is claimed about the items
        """
        return {}

    def _get_currencies(self, rows, credits, others):
        """Return the currencies of a claim, in the order of its rows."""
        ids = [*(row.currency_id for row in rows), *credits, *others]
        return self.env["res.currency"].browse(dict.fromkeys(ids))

    def _get_group(self, currency, rows, credit, others):
        """Return rows and totals of one currency, formatted."""
        own = [row for row in rows if row.currency_id == currency.id]
        interest, lump_sums = sum(row.interest.amount for row in own), sum(row.lump_sum for row in own)
        deducted = sum(row.deducted for row in own)
        totals = [
            (self.env._("Principal"), sum(row.open for row in own)),
            (self.env._("Interest"), interest),
            (self.env._("Lump sums"), lump_sums),
            (self.env._("Late charges invoiced or waived before"), -deducted),
            *others,
            (self.env._("Open credits"), -credit),
        ]
        claimed = sum(row.total for row in own) - credit + sum(amount for _label, amount in others)
        return {
            "currency": currency.name,
            "rows": [self._get_row(row, currency) for row in own],
            "totals": [(label, format_amount(self.env, amount, currency)) for label, amount in totals if amount],
            "claimed": format_amount(self.env, claimed, currency),
        }

    def _get_row(self, row, currency):
        """Return one item with its periods, formatted."""
        periods = self.env["ar.late.charge"]._get_period_rows(row.interest, currency)
        amounts = {"amount": row.amount, "open": row.open, "interest": row.interest.amount, "lump_sum": row.lump_sum}
        return {
            "name": row.name,
            "due": format_date(self.env, row.due),
            "days": row.interest.days,
            "periods": periods,
            **{name: format_amount(self.env, amount, currency) for name, amount in amounts.items()},
        }

    def _write_workbook(self):
        """Override to write items, totals and computation."""
        return write_workbook(self)
