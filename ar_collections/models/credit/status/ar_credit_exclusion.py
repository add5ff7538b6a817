from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ....const import CREDIT_RULES, CREDIT_SCOPES
from ....core.credit.limit import CreditRefused
from ....core.credit.rules import ALL, CUSTOMER, GOOD, RULE_VALUES, SEGMENT, RuleExclusion, check_exclusion
from ....core.money import to_decimal
from ....formats import format_date
from ....messages import RULE_REFUSALS
from .ar_credit_rule import THRESHOLDS


class ArCreditExclusion(models.Model):
    """A credit rule that does not apply to a customer, to those of a policy, or to all, until a day.

    It lifts its own rule alone, as long as its values are not exceeded. It is never deleted: who ends it early leaves
    it in the list.
    """

    _name = "ar.credit.exclusion"
    _inherit = ["ar.thread.mixin"]
    _description = "Credit Exclusion"
    _order = "until desc, id desc"
    _check_company_auto = True

    _writable = {
        "credit_manager": (
            "company_id", "code", "scope", "customer_id", "policy_id", "reason", "until", "days", "amount", "percent",
            "count", "use_days", "use_amount", "use_percent", "use_count",
        ),
    }  # fmt: skip

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)], help="Company without parent; it counts for its branches, too.",
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    code = fields.Selection(CREDIT_RULES, "Rule", required=True, tracking=True, help="The one rule that it lifts.")
    scope = fields.Selection(
        CREDIT_SCOPES, "For", required=True, default=CUSTOMER, tracking=True,
        help="One for a customer takes precedence over one for a policy, and that over one for all.",
    )  # fmt: skip
    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", index="btree_not_null", ondelete="restrict", check_company=True,
        tracking=True,
    )  # fmt: skip
    policy_id = fields.Many2one(
        "ar.credit.policy", "Credit Policy", index="btree_not_null", ondelete="restrict", check_company=True,
        tracking=True, help="The segment: its customers.",
    )  # fmt: skip
    reason = fields.Char(required=True, tracking=True, help="Why the rule does not apply.")
    until = fields.Date("Last Day", required=True, tracking=True, help="Last day with the exclusion.")
    use_days = fields.Boolean("Limit Days")
    days = fields.Integer(tracking=True, help="Up to this number of days; above it the rule applies again.")
    use_amount = fields.Boolean("Limit Amount")
    amount = fields.Monetary(tracking=True, help="Up to this amount; above it the rule applies again.")
    use_percent = fields.Boolean("Limit Percentage")
    percent = fields.Float("Percentage", tracking=True, help="Up to this percentage; above it the rule applies again.")
    use_count = fields.Boolean("Limit Number")
    count = fields.Integer("Number", tracking=True, help="Up to this number; above it the rule applies again.")
    has_days = fields.Boolean(compute="_compute_has_values")
    has_amount = fields.Boolean(compute="_compute_has_values")
    has_percent = fields.Boolean(compute="_compute_has_values")
    has_count = fields.Boolean(compute="_compute_has_values")
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, default=lambda self: self.env.user)
    ended_on = fields.Date(
        "Ended on", readonly=True, copy=False, index=True, tracking=True,
        help="First day on which it does not apply any more.",
    )  # fmt: skip
    is_active = fields.Boolean("In Force", compute="_compute_is_active", search="_search_is_active")

    @api.depends("code", "customer_id", "policy_id", "scope")
    @api.depends_context("lang")
    def _compute_display_name(self):
        rules = dict(self._fields["code"]._description_selection(self.env))
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        for exclusion in self:
            whom = exclusion.customer_id.display_name or exclusion.policy_id.display_name or scopes.get(exclusion.scope)
            exclusion.display_name = ": ".join(filter(None, (rules.get(exclusion.code), whom)))

    @api.depends("code")
    def _compute_has_values(self):
        """Compute which values the rule has, and the exclusion may limit."""
        for exclusion in self:
            for name in THRESHOLDS:
                exclusion[f"has_{name}"] = name in RULE_VALUES.get(exclusion.code, ())

    @api.depends("until", "ended_on")
    def _compute_is_active(self):
        for exclusion in self:
            today = exclusion.company_id._ar_today()
            exclusion.is_active = bool(exclusion.until) and exclusion.until >= today and not exclusion.ended_on

    def _search_is_active(self, operator, value):
        if operator != "in":
            return NotImplemented
        active = Domain("ended_on", "=", False) & Domain("until", ">=", "today")
        return active if set(value) == {True} else ~active

    # === READ === #

    @api.model
    def _read(self, accounts, today):
        """Return {account: (core.credit.rules.RuleExclusion, …)} of what is in force; one query.

        :param accounts: `ar.customer` of one root company, in superuser mode
        :param date today: the company's date
        """
        root = accounts.company_id
        domain = Domain("company_id", "=", root.id) & Domain("ended_on", "=", False) & Domain("until", ">=", today)
        domain &= (
            Domain("scope", "=", ALL)
            | Domain("policy_id", "in", accounts.policy_id.ids)
            | Domain("customer_id", "in", accounts.ids)
        )
        found = self.search(domain, order="id")
        rules = {exclusion: exclusion._get_exclusion() for exclusion in found}
        return {
            account: tuple(rule for exclusion, rule in rules.items() if exclusion._covers(account))
            for account in accounts
        }

    def _covers(self, account):
        """Return whether the exclusion is for this customer."""
        self.ensure_one()
        if self.scope == CUSTOMER:
            return self.customer_id == account
        return self.scope == ALL or (bool(self.policy_id) and self.policy_id == account.policy_id)

    def _get_exclusion(self):
        """Return the exclusion as the core reads it.

        :rtype: core.credit.rules.RuleExclusion
        """
        self.ensure_one()
        values = {name: self._get_value(name) for name in THRESHOLDS}
        return RuleExclusion(self.id, self.code, self.scope, self.reason or "", self.until or None, **values)

    def _get_value(self, name):
        """Return up to which value it lifts its rule; ``None``: whatever the value."""
        if not self[f"use_{name}"]:
            return None
        return self[name] if name in ("days", "count") else to_decimal(self[name])

    # === ENTRY === #

    @api.onchange("code")
    def _onchange_code(self):
        for name in THRESHOLDS:
            if not self[f"has_{name}"]:
                self[f"use_{name}"] = False

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != CUSTOMER:
            self.customer_id = False
        if self.scope != SEGMENT:
            self.policy_id = False

    @api.constrains(
        "code", "scope", "customer_id", "policy_id", "reason", "days", "amount", "percent", "count", "use_days",
        "use_amount", "use_percent", "use_count", "company_id",
    )  # fmt: skip
    def _check_exclusion(self):
        """Check that it says what it lifts, for whom and why; see also `_check_until`."""
        for exclusion in self:
            exclusion._check_scope()
            try:
                rule = exclusion._get_exclusion()
                check_exclusion(rule, rule.until or exclusion.company_id._ar_today())
            except CreditRefused as refused:
                raise ValidationError(self.env._(RULE_REFUSALS[refused.code])) from refused

    @api.constrains("until")
    def _check_until(self):
        """Check that its last day has not passed."""
        for exclusion in self:
            try:
                check_exclusion(exclusion._get_exclusion(), exclusion.company_id._ar_today())
            except CreditRefused as refused:
                raise ValidationError(self.env._(RULE_REFUSALS[refused.code])) from refused

    def _check_scope(self):
        """Check that there is a customer, or a policy, as the scope says, which holds the credit status."""
        self.ensure_one()
        expected = (self.scope == CUSTOMER, self.scope == SEGMENT)
        if (bool(self.customer_id), bool(self.policy_id)) != expected:
            raise ValidationError(
                self.env._(
                    "Choose the customer, or the policy, that the exclusion is for; nothing of it where it is for all."
                )  # fmt: skip
            )
        if self.company_id.sudo().parent_id:  # the user may work for the branch alone
            raise ValidationError(
                self.env._(
                    "%(company)s is a branch: enter the exclusion in %(root)s, whose limits and holds count for it.",
                    company=self.company_id.name,
                    root=self.company_id.sudo().root_id.name,  # as above
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse what is no number, and to refresh the customers concerned."""
        for vals in vals_list:
            self.env["ar.credit.rule"]._check_numbers(vals)
        exclusions = super().create(vals_list)
        exclusions._refresh_customers()
        for exclusion in exclusions.filtered("customer_id"):
            exclusion._log_on_customer(self.env._("Excluded from a credit rule"))
        return exclusions

    def write(self, vals):
        """Override as `create`; ended ones are history."""
        self.env["ar.credit.rule"]._check_numbers(vals)
        if not self.env.su and any(self.mapped("ended_on")):
            raise UserError(self.env._("This exclusion has ended: make a new one."))
        before = self.customer_id
        result = super().write(vals)
        self._refresh_customers(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete exclusions: they are part of the audit trail."""
        raise UserError(self.env._("Exclusions are kept: end it instead."))

    def _refresh_customers(self, others=None):
        """Evaluate the customers of exclusions again; the many of those for a policy, or for all, some minutes later.

        :param others: `ar.customer` that an exclusion was for before
        """
        exclusions = self.sudo()  # who decides about exclusions may not write the results
        customers = exclusions.customer_id
        if others:
            customers |= others.sudo()  # as above
        customers._lock_rows()  # as wherever a status is stored
        customers._refresh_status()
        wide = exclusions.filtered(lambda exclusion: exclusion.scope != CUSTOMER)
        if wide:
            domain = Domain("company_id", "in", wide.company_id.ids) & Domain("credit_status", "!=", GOOD)
            if all(exclusion.scope == SEGMENT for exclusion in wide):
                domain &= Domain("policy_id", "in", wide.policy_id.ids)
            self.env["ar.credit.stale"]._mark_accounts(customers.search(domain))

    # === END === #

    def action_end(self):
        """End exclusions today; they stay in the list."""
        self._require("credit_manager")
        self.check_access("write")
        ending = self._with_trace().sudo()  # by this button only
        for exclusion in ending.filtered(lambda exclusion: not exclusion.ended_on):
            exclusion.ended_on = exclusion.company_id._ar_today()
            exclusion._log_on_customer(
                self.env._("The exclusion from a credit rule was ended by %s", self.env.user.name)
            )
        return True

    @api.model
    def _end_expired(self, company, today):
        """Mark the exclusions whose last day has passed as ended, and log it with their customers.

        Part of the nightly step of credit control.
        """
        expired = self.search([("company_id", "=", company.id), ("ended_on", "=", False), ("until", "<", today)])
        for exclusion in expired:
            exclusion.ended_on = fields.Date.add(exclusion.until, days=1)
            exclusion._log_on_customer(self.env._("The exclusion from a credit rule has ended"))

    def _log_on_customer(self, what):
        """Log on the customer's thread, or its own, what happened to the exclusion.

        :param str what: the beginning of the sentence
        """
        self.ensure_one()
        body = self.env._(
            "%(what)s: %(rule)s, until %(until)s. Reason: %(reason)s",
            what=what,
            rule=dict(self._fields["code"]._description_selection(self.env))[self.code],
            until=format_date(self.env, self.until),
            reason=self.reason,
        )
        (self.customer_id or self).message_post(body=body, subtype_xmlid="mail.mt_note")
