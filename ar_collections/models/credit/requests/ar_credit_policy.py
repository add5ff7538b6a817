from odoo import fields, models

from ....core.credit.recommendation import RecommendationRules
from ....core.credit.request import ApprovalRules
from ....core.money import to_decimal

CLASSES = ("a", "b", "c", "d", "e")


class ArCreditPolicy(models.Model):
    """Who approves credit limits, what is recommended, and whether customers see their own limit."""

    _inherit = "ar.credit.policy"

    _writable = {
        "credit_manager": (
            "uses_second_approval", "second_above", "credit_review_months", "shows_limit", "newcomer_limit",
            "recommends_insured_only", "limit_step", "limit_share_a", "limit_share_b", "limit_share_c",
            "limit_share_d", "limit_share_e", "limit_maximum_a", "limit_maximum_b", "limit_maximum_c",
            "limit_maximum_d", "limit_maximum_e",
        ),
    }  # fmt: skip

    uses_second_approval = fields.Boolean(
        "Second Approval", tracking=True, help="Whether high limits need the approval of two persons."
    )
    second_above = fields.Monetary(
        tracking=True, help="Highest limit that one person approves alone; above it a second one has to approve it."
    )
    credit_review_months = fields.Integer(
        "Review after (months)", default=12, tracking=True,
        help="Number of months after which an approved limit is to be reviewed. 0: no review.",
    )  # fmt: skip
    shows_limit = fields.Boolean(
        "Show Limit to Customers", tracking=True,
        help="Whether customers see their limit and what is left of it on their page, and may ask for a higher one.",
    )  # fmt: skip

    # === RECOMMENDED LIMIT === #
    newcomer_limit = fields.Monetary(
        "Newcomers", tracking=True, help="Limit recommended for customers with too few payments to judge by."
    )
    recommends_insured_only = fields.Boolean(
        "Insured Amount at Most", tracking=True, help="Whether never more than the insured amount is recommended."
    )
    limit_step = fields.Monetary(
        "Round down to", default=100, tracking=True, help="Recommended limits are multiples of it. 0: not rounded."
    )
    limit_share_a = fields.Integer("Class A (%)", default=150, tracking=True, help="Share of the need. 0: cash only.")
    limit_share_b = fields.Integer("Class B (%)", default=125, tracking=True, help="Share of the need. 0: cash only.")
    limit_share_c = fields.Integer("Class C (%)", default=100, tracking=True, help="Share of the need. 0: cash only.")
    limit_share_d = fields.Integer("Class D (%)", default=50, tracking=True, help="Share of the need. 0: cash only.")
    limit_share_e = fields.Integer("Class E (%)", default=0, tracking=True, help="Share of the need. 0: cash only.")
    limit_maximum_a = fields.Monetary("Class A at Most", tracking=True, help="0: no maximum.")
    limit_maximum_b = fields.Monetary("Class B at Most", tracking=True, help="0: no maximum.")
    limit_maximum_c = fields.Monetary("Class C at Most", tracking=True, help="0: no maximum.")
    limit_maximum_d = fields.Monetary("Class D at Most", tracking=True, help="0: no maximum.")
    limit_maximum_e = fields.Monetary("Class E at Most", tracking=True, help="0: no maximum.")

    _limit_numbers = models.Constraint(
        "CHECK (second_above >= 0 AND credit_review_months BETWEEN 0 AND 120 AND newcomer_limit >= 0"
        " AND limit_step >= 0 AND LEAST(limit_share_a, limit_share_b, limit_share_c, limit_share_d, limit_share_e) >= 0"
        " AND LEAST(limit_maximum_a, limit_maximum_b, limit_maximum_c, limit_maximum_d, limit_maximum_e) >= 0)",
        "Limits, shares and months cannot be negative, and a limit is reviewed after at most 120 months.",
    )

    def _get_approval_rules(self):
        """Return when two persons have to approve; without a policy one is always enough.

        :rtype: core.credit.request.ApprovalRules
        """
        return ApprovalRules(to_decimal(self.second_above) if self.uses_second_approval else None)

    def _get_recommendation_rules(self):
        """Return how limits are recommended.

        :rtype: core.credit.recommendation.RecommendationRules
        """
        if not self:
            return RecommendationRules()
        self.ensure_one()
        maximums = {name.upper(): to_decimal(self[f"limit_maximum_{name}"]) for name in CLASSES}
        return RecommendationRules(
            shares=tuple((name.upper(), self[f"limit_share_{name}"]) for name in CLASSES),
            maximums=tuple((name, amount) for name, amount in maximums.items() if amount),
            newcomer=to_decimal(self.newcomer_limit),
            is_insured_only=self.recommends_insured_only,
            step=to_decimal(self.limit_step),
        )
