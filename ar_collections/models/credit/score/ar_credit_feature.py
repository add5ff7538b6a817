from odoo import api, fields, models

from ....const import RISK_FEATURES


class ArCreditFeature(models.Model):
    """How much one feature of a customer's behavior counts for its score."""

    _name = "ar.credit.feature"
    _inherit = ["ar.access.mixin"]
    _description = "Weight in the Risk Score"
    _order = "id"
    _rec_name = "code"
    _logs_changes = True
    _logged_parent = "scoring_id"

    _writable = {"credit_manager": ("weight",)}

    scoring_id = fields.Many2one("ar.credit.scoring", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scoring_id.company_id", store=True, index=True)
    code = fields.Selection(RISK_FEATURES, "Feature", required=True, readonly=True)
    weight = fields.Integer(required=True, help="Share of the score, in relation to the other weights. 0: not used.")

    _code_uniq = models.UniqueIndex("(scoring_id, code)", "Each feature has one weight.")
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 1000)", "A weight must be a number from 0, not used, to 1000."
    )

    @api.constrains("weight")
    def _check_weight(self):
        """Check that not all weights are 0."""
        self.scoring_id._check_rules()

    def write(self, vals):
        """Override of `base`: the settings are in force from the next turn of the nightly run."""
        result = super().write(vals)
        self.scoring_id._compute_anew()
        return result
