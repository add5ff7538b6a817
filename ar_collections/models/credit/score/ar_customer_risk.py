from decimal import Decimal

from odoo import fields, models

from ....const import RISK_CLASSES
from ....formats import format_date
from ....messages import RISK_REASONS, RISK_REASONS_EARLY
from ..ar_customer_limit import GROUP_AUDITOR, GROUPS_SHOWN

#: How many reasons are named, those that cost most first; and what is not worth a sentence, in points.
REASONS, LEAST_LOST = 3, Decimal(1)


class ArCustomerRisk(models.Model):
    """Score and class as people read them; accounts of branches show those of the root company."""

    _inherit = "ar.customer"

    risk_html = fields.Html("Score and Class", compute="_compute_risk_html", sanitize=False, groups=GROUP_AUDITOR)
    shown_risk_class = fields.Selection(
        RISK_CLASSES, "Risk", compute="_compute_shown_risk_class", search="_search_shown_risk_class",
        groups=GROUPS_SHOWN, help="Class of the company with its branches.",
    )  # fmt: skip

    def _compute_shown_risk_class(self):
        for customer in self:
            customer.shown_risk_class = customer._get_credit_account().risk_class

    def _search_shown_risk_class(self, operator, value):
        """Find accounts by the class of their root company's account."""
        if operator != "in":
            return NotImplemented
        domain = fields.Domain.FALSE
        # sudo: the user may work for a branch alone; rules hide what is not the user's.
        for root in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            companies = self.env["ar.facts"]._get_branches(root)
            accounts = self.sudo()._search([("company_id", "=", root.id), ("risk_class", "in", list(value))])
            domain |= fields.Domain("partner_id", "in", accounts.subselect("partner_id")) & fields.Domain(
                "company_id", "in", companies.ids
            )
        return domain

    def _compute_risk_html(self):
        for customer in self:
            account = customer._get_credit_account()
            values = {
                "company": account.company_id.name if account != customer else "",
                "account": account,
                "source": account and account._get_risk_source_text(),
                "trend": account and account._get_label("risk_trend"),
                "rows": account._get_risk_rows() if account else [],
            }
            customer.risk_html = self.env["ir.qweb"]._render("ar_collections.customer_risk", values)

    def _get_label(self, name):
        """Return the label of the value of a selection; empty without a value."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _get_risk_source_text(self):
        """Return a sentence on where the class comes from."""
        self.ensure_one()
        if self.risk_override:
            return self.env._(
                "Set by %(user)s until %(until)s: %(reason)s By score it would be %(own)s.",
                user=self.risk_override_by_id.name or "",
                until=format_date(self.env, self.risk_override_until),
                reason=f"{(self.risk_override_reason or '').strip().rstrip('.')}.",
                own=self.risk_scored_class or "–",
            )
        if self.risk_source == "no_history":
            return self.env._("Class of newcomers: too few payments in the last twelve months for a score.")
        return ""

    def _get_risk_reasons(self):
        """Return the sentences on what costs the customer most points, at most three."""
        self.ensure_one()
        parts = [part for part in self._get_risk_parts() if part[4] >= LEAST_LOST][:REASONS]
        return [self._get_risk_text(code, value) for code, value, *_points in parts]

    def _get_risk_rows(self):
        """Return the rows of the table: [(sentence, points, what it gives, what it takes)]."""
        self.ensure_one()
        return [
            (self._get_risk_text(code, value), *(self._format_number(number, 1) for number in numbers))
            for code, value, *numbers in self._get_risk_parts()
        ]

    def _get_risk_parts(self):
        """Return the parts of the score: [(code, value, points, what it gives, what it takes)]; most lost first."""
        parts = (self.risk_reasons or {}).get("parts", ())
        return [(code, *map(Decimal, numbers)) for code, *numbers in parts]

    def _get_risk_text(self, code, value):
        """Return the sentence on the value of a feature."""
        texts = RISK_REASONS_EARLY if value < 0 and code in RISK_REASONS_EARLY else RISK_REASONS
        number = abs(value) if texts is RISK_REASONS_EARLY else value
        digits = 0 if number == number.to_integral_value() else 1
        sentence = self.env._(texts[code])
        return sentence % {"number": self._format_number(number, digits)}

    def _format_number(self, number, digits):
        """Return a number in the format of the user's language."""
        return self.env["res.lang"]._lang_get(self.env.lang or "en_US").format(f"%.{digits}f", float(number))
