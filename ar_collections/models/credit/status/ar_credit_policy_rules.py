from markupsafe import Markup, escape

from odoo import Command, api, fields, models

from ....core.credit.effect import BLOCK, WARN
from ....core.credit.rules import (
    BROKEN_PLAN,
    BROKEN_PROMISE,
    HOLD,
    INSURANCE_EXPIRED,
    LIMIT_EXPIRED,
    LIMIT_USED,
    NOT_INSURED,
    OVER_GROUP_LIMIT,
    OVER_LIMIT,
    OVERDUE,
    RETURNED_PAYMENT,
    TERMS_TOO_LONG,
    WARNING,
)

#: What a credit manager expects of a policy that nobody has edited: values of `ar.credit.rule`. Nothing is blocked by
#: them, because the effects of a policy are to inform.
DEFAULT_RULES = (
    {"code": OVER_LIMIT, "status": HOLD},
    {"code": OVER_GROUP_LIMIT, "status": HOLD},
    {"code": LIMIT_USED, "status": WARNING, "use_percent": True, "percent": 90},
    {"code": LIMIT_EXPIRED, "status": WARNING, "use_days": True, "days": 30},
    {"code": OVERDUE, "status": WARNING, "use_days": True, "days": 30},
    {"code": OVERDUE, "status": HOLD, "use_days": True, "days": 60},
    {"code": NOT_INSURED, "status": WARNING},
    {"code": INSURANCE_EXPIRED, "status": WARNING, "use_days": True, "days": 0},
    {"code": BROKEN_PROMISE, "status": WARNING, "use_days": True, "days": 90},
    {"code": BROKEN_PLAN, "status": HOLD, "use_days": True, "days": 90},
    {"code": RETURNED_PAYMENT, "status": WARNING, "use_days": True, "days": 90},
)

#: The settings of a policy that decide whether documents are stopped.
EFFECT_FIELDS = ("effect_order", "effect_delivery", "effect_invoice", "effect_delivered_invoice")


class ArCreditPolicyRules(models.Model):
    """The credit rules of a policy, in which order does not matter: the most severe reason counts."""

    _inherit = "ar.credit.policy"

    _writable = {"credit_manager": ("rule_ids", "overdue_disputed", "overdue_promised")}

    rule_ids = fields.One2many(
        "ar.credit.rule", "policy_id", "Credit Rules", default=lambda self: self._get_default_rules(), copy=True,
        help="What puts customers of this policy on warning or on hold.",
    )  # fmt: skip
    overdue_disputed = fields.Boolean(
        "Count Disputed Amounts",
        tracking=True,
        help=(
            "Whether overdue amounts in dispute count for the credit rules. Example: off, a dispute of 900 is "
            "not late for a rule about overdue amounts."
        ),
    )
    overdue_promised = fields.Boolean(
        "Count Promised Amounts", tracking=True,
        help=(
            "Whether overdue amounts of open promises and active payment plans count for the credit rules. "
            "Example: off, 900 promised for Friday are not late for a rule about overdue amounts."
        ),
    )  # fmt: skip

    @api.model
    def _get_default_rules(self):
        """Return the commands that create the default rules."""
        return [Command.create({"sequence": number, **vals}) for number, vals in enumerate(DEFAULT_RULES, 1)]

    @api.model
    def _add_default_rules(self):
        """Give the default rules to all policies that have none; called where the add-on is upgraded."""
        everything = self.with_context(active_test=False, tracking_disable=True)
        for policy in everything.search([("rule_ids", "=", False)]):
            policy.rule_ids = self._get_default_rules()

    def _get_credit_rules(self):
        """Return the rules as the core evaluates them; {policy: (core.credit.rules.CreditRule, …)}."""
        return {policy: tuple(rule._get_rule() for rule in policy.rule_ids) for policy in self}

    @api.model
    def _get_strict_domain(self):
        """Return the domain of the policies by which something is said about documents: they may be warned of or
        blocked, or their payment terms may be too long, which no status of the customer tells.
        """
        strict = ("rule_ids.code", "=", TERMS_TOO_LONG)
        return [("rule_ids", "!=", False), "|", strict, *self._get_effect_domain()]

    @api.model
    def _get_effect_domain(self):
        """Return the domain of the policies that do more than to inform about a document."""
        return ["|", "|", "|", *((name, "in", (WARN, BLOCK)) for name in EFFECT_FIELDS)]

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: as after `write`."""
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        """Override to let all workers know that documents are checked from now on, or no longer."""
        result = super().write(vals)
        if not vals.keys().isdisjoint((*EFFECT_FIELDS, "active")):
            self.env.registry.clear_cache()  # see `ar.credit.stale._is_used` and `_may_stop`
        return result

    def _log_rules(self, label, texts):
        """Log on the thread what became of rules.

        :param str label: with a place for each text
        """
        if texts:
            lines = [escape(label % text) for text in texts]
            self.message_post(body=Markup("<br/>").join(lines), subtype_xmlid="mail.mt_note")
