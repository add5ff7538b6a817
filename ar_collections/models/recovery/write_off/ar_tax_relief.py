from odoo import api, fields, models

from ....core.recovery.write_off import ReliefRules


class ArTaxRelief(models.Model):
    """From when until when a country gives back the tax on what customers do not pay. Data, not code."""

    _name = "ar.tax.relief"
    _inherit = ["ar.access.mixin", "ar.country.rule.mixin"]
    _description = "Tax Relief for Bad Debts"
    _order = "country_id"
    _rec_name = "country_id"
    _logs_changes = True

    _writable = {
        "credit_manager": (
            "active",
            "country_id",
            "months",
            "has_end",
            "last_months",
            "source",
            "only_insolvency",
            "from_opening",
            "opening_months",
            "by_hand",
        )
    }

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
    only_insolvency = fields.Boolean(
        "Only in Insolvency",
        help="Without insolvency proceedings the law names no day: who writes off decides whether the tax is claimed.",
    )
    from_opening = fields.Boolean(
        "From the Opening", help="In insolvency proceedings relief can be claimed from their opening on."
    )
    opening_months = fields.Integer(
        "Until after the Opening (months)",
        help="Number of months after the opening until which it can be claimed. 0: no end",
    )
    by_hand = fields.Boolean(
        help="The law asks for more than an entry, such as a corrected invoice: there is a date and a task, and the "
        "tax is never booked back with a write-off.",
    )
    source = fields.Text(help="Where the rule is published.")

    _country_once = models.UniqueIndex("(country_id) WHERE active", "This country has a rule already.")
    _months_in_order = models.Constraint(
        "CHECK (months >= 0 AND opening_months >= 0 AND (has_end IS NOT TRUE OR last_months >= months))",
        "Relief cannot end before it begins: enter months from 0 on, and a later end.",
    )

    @api.model
    def _find_rule(self, company):
        """Return the rule of the company's country, in superuser mode; empty where there is none."""
        country = company.account_fiscal_country_id or company.country_id
        rules = self.sudo()  # decided the same for everybody
        return rules.search([("country_id", "=", country.id)], limit=1) if country else rules

    @api.model
    def _get_rules(self, company):
        """Return the rules of the company's country; ``None`` where there are none, and no date is known.

        :rtype: core.recovery.write_off.ReliefRules
        """
        rule = self._find_rule(company)
        if not rule:
            return None
        return ReliefRules(
            rule.months,
            rule.last_months if rule.has_end else None,
            rule.only_insolvency,
            rule.from_opening,
            rule.opening_months or None,
        )
