from odoo import api, fields, models

from ....core.recovery.write_off import ReliefRules


class ArTaxRelief(models.Model):
    """From when until when a country gives back the tax on what customers do not pay. Data, not code."""

    _name = "ar.tax.relief"
    _inherit = ["ar.access.mixin", "ar.country.rule.mixin"]
    _description = "Tax Relief for Bad Debts"
    _order = "country_id"
    _rec_name = "country_id"

    _writable = {"credit_manager": ("active", "country_id", "months", "has_end", "last_months", "source")}

    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", required=True, index=True, ondelete="restrict")
    months = fields.Integer(
        "From (months)", required=True,
        help="Number of months after the later of due date and supply from which relief can be claimed.",
    )  # fmt: skip
    has_end = fields.Boolean("Ends", help="Whether relief can be claimed for a limited time only.")
    last_months = fields.Integer(
        "Until (months)", help="Number of months after the same day until which relief can be claimed."
    )
    source = fields.Text(help="Where the rule is published.")

    _country_once = models.UniqueIndex("(country_id) WHERE active", "This country has a rule already.")
    _months_in_order = models.Constraint(
        "CHECK (months >= 0 AND (has_end IS NOT TRUE OR last_months >= months))",
        "Relief cannot end before it begins: enter months from 0 on, and a later end.",
    )

    @api.model
    def _get_rules(self, company):
        """Return the rules of the company's country; ``None`` where there are none, and no date is known.

        :rtype: core.recovery.write_off.ReliefRules
        """
        country = company.account_fiscal_country_id or company.country_id
        rule = self.sudo().search([("country_id", "=", country.id)], limit=1)  # decided the same for everybody
        return ReliefRules(rule.months, rule.last_months if rule.has_end else None) if rule and country else None
