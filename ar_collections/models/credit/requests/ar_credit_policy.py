from odoo import fields, models
from odoo.exceptions import UserError

from ....core.credit.effect import BLOCK, INFORM, WARN
from ....core.credit.recommendation import RecommendationRules
from ....core.credit.request import ApprovalRules
from ....core.credit.rules import HOLD, OVER_LIMIT
from ....core.money import to_decimal
from ..status.ar_credit_policy_rules import EFFECT_FIELDS

CLASSES = ("a", "b", "c", "d", "e")

#: What a hold means for a document, from the mildest to the most severe.
EFFECTS = (INFORM, WARN, BLOCK)


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
        "Second Approval",
        tracking=True,
        help=(
            "Whether high limits need the approval of two persons. Example: limits above 50,000 need two "
            "credit managers."
        ),
    )
    second_above = fields.Monetary(
        tracking=True,
        help=(
            "Highest limit that one person approves alone; above it a second one has to approve it. Example: "
            "with 50,000, a limit of 60,000 waits for a second approval."
        ),
    )
    credit_review_months = fields.Integer(
        "Review after (months)", default=12, tracking=True,
        help=(
            "Number of months after which an approved limit is to be reviewed. 0: no review. Example: with "
            "12, a limit approved in May is to be reviewed in May of the next year."
        ),
    )  # fmt: skip
    shows_limit = fields.Boolean(
        "Show Limit to Customers", tracking=True,
        help=(
            "Whether customers see their limit and what is left of it on their page, and may ask for a higher "
            "one. Example: the page says “Limit 10,000, 4,000 left”."
        ),
    )  # fmt: skip

    # === RECOMMENDED LIMIT === #
    newcomer_limit = fields.Monetary(
        "Newcomers",
        tracking=True,
        help=(
            "Limit recommended for customers with too few payments to judge by. Example: 1,000 for the first orders."
        ),
    )
    recommends_insured_only = fields.Boolean(
        "Insured Amount at Most",
        tracking=True,
        help=(
            "Whether never more than the insured amount is recommended. Example: need 30,000, insured 20,000: "
            "20,000 are recommended."
        ),
    )
    limit_step = fields.Monetary(
        "Round down to",
        default=100,
        tracking=True,
        help="Recommended limits are multiples of it. 0: not rounded. Example: with 100, 1,234 become 1,200.",
    )
    limit_share_a = fields.Integer(
        "Class A (%)",
        default=150,
        tracking=True,
        help="Share of the need. 0: cash only. Example: 150: a need of 1,000 gives a limit of 1,500.",
    )
    limit_share_b = fields.Integer(
        "Class B (%)",
        default=125,
        tracking=True,
        help="Share of the need. 0: cash only. Example: 125: a need of 1,000 gives a limit of 1,250.",
    )
    limit_share_c = fields.Integer(
        "Class C (%)",
        default=100,
        tracking=True,
        help="Share of the need. 0: cash only. Example: 100: a need of 1,000 gives a limit of 1,000.",
    )
    limit_share_d = fields.Integer(
        "Class D (%)",
        default=50,
        tracking=True,
        help="Share of the need. 0: cash only. Example: 50: a need of 1,000 gives a limit of 500.",
    )
    limit_share_e = fields.Integer(
        "Class E (%)",
        default=0,
        tracking=True,
        help="Share of the need. 0: cash only. Example: 0: customers of this class pay in advance.",
    )
    limit_maximum_a = fields.Monetary(
        "Class A at Most",
        tracking=True,
        help=(
            "Highest limit that is recommended for class A. 0: no maximum. Example: with 50,000, no customer "
            "of class A is recommended more."
        ),
    )
    limit_maximum_b = fields.Monetary(
        "Class B at Most",
        tracking=True,
        help=(
            "Highest limit that is recommended for class B. 0: no maximum. Example: with 50,000, no customer "
            "of class B is recommended more."
        ),
    )
    limit_maximum_c = fields.Monetary(
        "Class C at Most",
        tracking=True,
        help=(
            "Highest limit that is recommended for class C. 0: no maximum. Example: with 50,000, no customer "
            "of class C is recommended more."
        ),
    )
    limit_maximum_d = fields.Monetary(
        "Class D at Most",
        tracking=True,
        help=(
            "Highest limit that is recommended for class D. 0: no maximum. Example: with 50,000, no customer "
            "of class D is recommended more."
        ),
    )
    limit_maximum_e = fields.Monetary(
        "Class E at Most",
        tracking=True,
        help=(
            "Highest limit that is recommended for class E. 0: no maximum. Example: with 50,000, no customer "
            "of class E is recommended more."
        ),
    )

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

    # === SECOND PERSON === #

    def write(self, vals):
        """Override: one credit manager alone does not take the second person out of a policy that asks for it."""
        if self.env.su or vals.keys().isdisjoint((*EFFECT_FIELDS, "uses_second_approval", "second_above", "active")):
            return super().write(vals)
        before = {policy: policy._get_strictness() for policy in self.filtered("uses_second_approval")}
        result = super().write(vals)
        for policy, strictness in before.items():
            if not policy.active or policy._is_milder_than(strictness):
                policy._check_administrator()
        return result

    def unlink(self):
        """Override as `write`."""
        for policy in self.filtered("uses_second_approval"):
            policy._check_administrator()
        return super().unlink()

    def _get_strictness(self):
        """Return what keeps customers within their limits: (whether and above which amount two persons approve, how
        severe a hold is for each kind of document, whether being over the limit is a hold)."""
        self.ensure_one()
        effects = tuple(EFFECTS.index(self[name]) for name in EFFECT_FIELDS)
        holds = any(rule.code == OVER_LIMIT and rule.status == HOLD for rule in self.rule_ids)
        return self._get_approval_rules().second_above, effects, holds

    def _is_milder_than(self, strictness):
        """Return whether the policy is milder in anything than another one, or than it was.

        :param strictness: see `_get_strictness`
        """
        above, effects, holds = strictness
        if not self:
            return True
        now_above, now_effects, now_holds = self._get_strictness()
        return (
            (above is not None and (now_above is None or now_above > above))
            or any(now < before for now, before in zip(now_effects, effects, strict=True))
            or (holds and not now_holds)
        )

    def _check_left_for(self, other):
        """Check that the user may move a customer from this policy to another one by hand."""
        if self != other and self.uses_second_approval and other._is_milder_than(self._get_strictness()):
            self._check_administrator()

    def _check_administrator(self):
        """Check that who administers users takes the second person out, as it sets the authority of each.

        :raise UserError: for others, with the way out
        """
        if not (self.env.su or self.env.user.has_group("base.group_erp_manager")):
            raise UserError(
                self.env._(
                    "“%(policy)s” asks for the approval of a second person above an amount. Who administers users may "
                    "make it milder, or move customers to a milder policy: ask an administrator, or request a higher "
                    "limit for the customer.",
                    policy=self.sudo().name,  # named to who is refused
                )
            )

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
