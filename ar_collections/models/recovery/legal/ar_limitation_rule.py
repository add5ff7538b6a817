from odoo import fields, models

from ....core.recovery.limitation import LimitationRule


class ArLimitationRule(models.Model):
    """The rule of a country about how long trade debts can be claimed in court: data, with its source beside it."""

    _name = "ar.limitation.rule"
    _inherit = ["ar.access.mixin", "ar.country.rule.mixin"]
    _description = "Limitation Rule"
    _order = "country_id"
    _rec_name = "country_id"
    _logs_changes = True

    _writable = {"credit_manager": ("country_id", "years", "from_year_end", "restarts", "source")}

    country_id = fields.Many2one("res.country", required=True, index=True, ondelete="cascade")
    years = fields.Integer(required=True, help="Number of years after which a trade debt cannot be claimed in court.")
    from_year_end = fields.Boolean(
        "From the End of the Year", help="Whether the period begins with the end of the year of the due date."
    )
    restarts = fields.Boolean(
        "Restarts by Acknowledgement",
        default=True,
        help="Whether a part payment or an accepted payment plan starts a new period.",
    )
    source = fields.Text(
        help="Where the rule is from, and what else interrupts the period; have it checked for a case."
    )

    _country_once = models.UniqueIndex("(country_id)", "There is a rule for this country already.")
    _years_positive = models.Constraint("CHECK (years > 0)", "The number of years must be positive.")

    def _get_rule(self):
        """Return the rule as the core reads it.

        :rtype: core.recovery.limitation.LimitationRule
        """
        self.ensure_one()
        return LimitationRule(self.years, self.from_year_end, self.restarts)
