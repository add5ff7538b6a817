from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ....const import RISK_CLASSES
from ....core.credit.features import FEATURES
from ....core.credit.limit import CreditRefused
from ....core.credit.score import ScoreRules, check_rules
from ....messages import CREDIT_REFUSALS

DEFAULTS = ScoreRules()


class ArCreditScoring(models.Model):
    """How a company and its branches make scores and risk classes from the behavior of their customers."""

    _name = "ar.credit.scoring"
    _inherit = ["ar.thread.mixin"]
    _description = "Risk Score"
    _rec_name = "company_id"

    _writable = {
        "credit_manager": (
            "feature_ids", "class_a_from", "class_b_from", "class_c_from", "class_d_from", "newcomer_class",
            "experiences_min",
        ),
    }  # fmt: skip

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    feature_ids = fields.One2many(
        "ar.credit.feature", "scoring_id", "Weights", domain=lambda self: self._get_feature_domain(),
        default=lambda self: [Command.create({"code": each.code, "weight": each.weight}) for each in FEATURES],
    )  # fmt: skip
    class_a_from = fields.Integer("A from", required=True, default=DEFAULTS.bands[0], tracking=True)
    class_b_from = fields.Integer("B from", required=True, default=DEFAULTS.bands[1], tracking=True)
    class_c_from = fields.Integer("C from", required=True, default=DEFAULTS.bands[2], tracking=True)
    class_d_from = fields.Integer(
        "D from", required=True, default=DEFAULTS.bands[3], tracking=True, help="What is below is class E."
    )
    newcomer_class = fields.Selection(
        RISK_CLASSES, "Class of Newcomers", required=True, default=DEFAULTS.newcomer_class, tracking=True,
        help="Class of customers with too few payments for a score.",
    )  # fmt: skip
    experiences_min = fields.Integer(
        "Invoices for a Score", required=True, default=DEFAULTS.experiences_min, tracking=True,
        help="Number of invoices, paid or late, of the last twelve months that a score needs.",
    )  # fmt: skip

    _company_uniq = models.UniqueIndex("(company_id)", "Each company has one risk score.")
    _experiences_positive = models.Constraint(
        "CHECK (experiences_min BETWEEN 1 AND 100)", "A score needs at least one invoice, and at most 100."
    )

    @api.model
    def _get_feature_domain(self):
        """Return the domain of the features that are read, so that nobody weighs what never counts."""
        return [("code", "not in", self.env["ar.credit.behavior"]._get_unread_features())]

    @api.model
    def _get_rules_of(self, company):
        """Return the rules of a root company; the defaults where nothing is stored.

        :rtype: core.credit.score.ScoreRules
        """
        # sudo: whoever sees a class may not see the settings.
        scoring = self.sudo().search([("company_id", "=", company.id)], limit=1)
        return scoring._get_rules() if scoring else DEFAULTS

    def _get_rules(self):
        """Return the settings as a value of `core`.

        :rtype: core.credit.score.ScoreRules
        """
        self.ensure_one()
        weights = {feature.code: feature.weight for feature in self.feature_ids}
        return ScoreRules(
            tuple(replace(feature, weight=weights.get(feature.code, 0)) for feature in FEATURES),
            (self.class_a_from, self.class_b_from, self.class_c_from, self.class_d_from),
            self.newcomer_class,
            self.experiences_min,
        )

    @api.constrains("class_a_from", "class_b_from", "class_c_from", "class_d_from", "feature_ids")
    def _check_rules(self):
        """Check that a score can be made, and that the classes can be told apart."""
        for scoring in self:
            try:
                check_rules(scoring._get_rules())
            except CreditRefused as refused:
                raise ValidationError(self.env._(CREDIT_REFUSALS[refused.code])) from refused

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: the settings are in force from the next turn of the nightly run."""
        scorings = super().create(vals_list)
        scorings._compute_anew()
        return scorings

    def write(self, vals):
        """Override of `base`: as after `create`."""
        result = super().write(vals)
        self._compute_anew()
        return result

    def _compute_anew(self):
        """Let the next turn of the nightly run compute all scores, also where it did so today."""
        # sudo: credit managers may not write companies.
        self.sudo().company_id.write({"ar_scores_on": False, "ar_credit_progress": False})
