from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ....const import CREDIT_PERCENT_BASES, CREDIT_RULES, CREDIT_STATUSES
from ....core.credit.effect import DELIVERY, INVOICE, ORDER
from ....core.credit.limit import CreditRefused
from ....core.credit.reasons import check_rule
from ....core.credit.rules import OF_RECEIVABLES, RULE_VALUES, TERMS_TOO_LONG, WARNING, CreditRule
from ....core.money import to_decimal
from ....messages import RULE_REFUSALS

#: The risk classes that rules may name.
CLASSES = "ABCDE"

#: {switch on the rule: kind of document}
DOCUMENTS = {"on_order": ORDER, "on_delivery": DELIVERY, "on_invoice": INVOICE}

#: The thresholds, each with a switch: no threshold and a threshold of zero are two things.
THRESHOLDS = ("days", "amount", "percent", "count")


class ArCreditRule(models.Model):
    """One rule of a credit policy: what puts a customer on warning or on hold; see `core.credit.rules`."""

    _name = "ar.credit.rule"
    _inherit = ["ar.access.mixin"]
    _description = "Credit Rule"
    _order = "sequence, id"

    _writable = {
        "credit_manager": (
            "policy_id", "sequence", "code", "status", "days", "amount", "percent", "count", "use_days", "use_amount",
            "use_percent", "use_count", "needs_all", "percent_of", "classes", "on_order", "on_delivery", "on_invoice",
        ),
    }  # fmt: skip

    policy_id = fields.Many2one("ar.credit.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10)
    code = fields.Selection(CREDIT_RULES, "Rule", required=True)
    status = fields.Selection(
        [pair for pair in CREDIT_STATUSES if pair[0] != "good"], required=True, default=WARNING,
        help="Status of the customers whom the rule is about.",
    )  # fmt: skip
    use_days = fields.Boolean("Limit Days", help="Whether the number of days counts.")
    days = fields.Integer(
        help="Days that pass; one more does not. For promises, plans and payments: for how long they count."
    )
    use_amount = fields.Boolean("Limit Amount", help="Whether the amount counts.")
    amount = fields.Monetary(help="Amount that passes; a cent more does not.")
    use_percent = fields.Boolean("Limit Percentage", help="Whether the percentage counts.")
    percent = fields.Float("Percentage", help="Percentage that passes; more does not.")
    use_count = fields.Boolean("Limit Number", help="Whether several are needed; otherwise one is enough.")
    count = fields.Integer("Number", default=1, help="From this number on the rule holds.")
    needs_all = fields.Boolean(
        "All Must Be Exceeded", default=True, help="Whether all of the values must be exceeded; otherwise any one."
    )
    percent_of = fields.Selection(
        CREDIT_PERCENT_BASES, "Percentage of", required=True, default=OF_RECEIVABLES,
        help="What the percentage of overdue items is of.",
    )  # fmt: skip
    classes = fields.Char(
        "Risk Classes", help="Classes that the rule is about, from A, the best, to E: for instance D, E."
    )
    on_order = fields.Boolean("Orders", help="Only orders, and other documents that are chosen, not the status.")
    on_delivery = fields.Boolean("Deliveries", help="Only deliveries, and other documents that are chosen.")
    on_invoice = fields.Boolean("Invoices", help="Only invoices, and other documents that are chosen.")
    has_days = fields.Boolean(compute="_compute_has_values")
    has_amount = fields.Boolean(compute="_compute_has_values")
    has_percent = fields.Boolean(compute="_compute_has_values")
    has_count = fields.Boolean(compute="_compute_has_values")
    conditions = fields.Char("When", compute="_compute_conditions")

    @api.depends("code")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.code, "")

    @api.depends("code")
    def _compute_has_values(self):
        """Compute which thresholds the rule may have."""
        for rule in self:
            values = {*RULE_VALUES.get(rule.code, ())}
            if "count" in values:
                values.add("days")  # for how long it counts
            for name in THRESHOLDS:
                rule[f"has_{name}"] = name in values

    @api.depends(
        "code", "use_days", "days", "use_amount", "amount", "use_percent", "percent", "use_count", "count", "needs_all",
        "percent_of", "classes", "on_order", "on_delivery", "on_invoice",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_conditions(self):
        for rule in self:
            rule.conditions = rule._get_conditions()

    def _get_conditions(self):
        """Return the thresholds of the rule as one text for lists."""
        self.ensure_one()
        found = []
        if self.use_count and self.has_count:
            found.append(self.env._("from %s on", self.count))
        if self.use_days and self.has_days:
            within = self.env._("within %s days", self.days) if self.has_count else None
            found.append(within or self.env._("more than %s days", self.days))
        if self.use_amount and self.has_amount:
            found.append(self.env._("more than %s", self.currency_id.format(self.amount)))
        if self.use_percent and self.has_percent:
            found.append(self.env._("more than %s %%", f"{self.percent:g}"))
        joint = self.env._("and") if self.needs_all else self.env._("or")
        texts = [f" {joint} ".join(found)] if found else []
        if self.classes:
            texts.append(self.env._("class %s", self.classes))
        chosen = [self._fields[name]._description_string(self.env) for name in DOCUMENTS if self[name]]
        return "; ".join([*texts, *([", ".join(chosen)] if chosen else [])])

    def _get_rule(self):
        """Return the rule as the core evaluates it: a threshold that is switched off, or that it has not, is none.

        :rtype: core.credit.rules.CreditRule
        """
        self.ensure_one()
        days = self.days if self.use_days and self.has_days else None
        classes = self._get_classes()
        return CreditRule(
            self.code,
            self.status,
            days=None if self.code == TERMS_TOO_LONG else days,
            amount=to_decimal(self.amount) if self.use_amount and self.has_amount else None,
            percent=to_decimal(self.percent) if self.use_percent and self.has_percent else None,
            count=self.count if self.use_count and self.has_count else 1,
            needs_all=self.needs_all,
            percent_of=self.percent_of,
            classes=frozenset(classes),
            terms=tuple((name, days) for name in classes) if self.code == TERMS_TOO_LONG and days is not None else (),
            documents=frozenset(kind for name, kind in DOCUMENTS.items() if self[name]),
        )

    def _get_classes(self):
        """Return the letters of the classes, each once and in their order."""
        return sorted({letter for letter in (self.classes or "").upper() if letter.isalpha()})

    # === ENTRY === #

    @api.onchange("code")
    def _onchange_code(self):
        """Switch off what the rule does not have."""
        for name in THRESHOLDS:
            if not self[f"has_{name}"]:
                self[f"use_{name}"] = False
        self.percent_of = OF_RECEIVABLES

    @api.constrains(
        "code", "days", "amount", "percent", "count", "use_days", "use_amount", "use_percent", "use_count", "classes"
    )
    def _check_rule(self):
        """Check that each rule can be evaluated."""
        for rule in self:
            letters = [letter for letter in (rule.classes or "").upper() if letter not in ",; "]
            if set(letters) - set(CLASSES):
                raise ValidationError(
                    self.env._("%(rule)s: risk classes are letters from A to E, as in “D, E”.", rule=rule.display_name)
                )
            try:
                check_rule(rule._get_rule())
            except CreditRefused as refused:
                text = self.env._(RULE_REFUSALS[refused.code])
                raise ValidationError(
                    self.env._("Credit rule “%(rule)s”: %(reason)s", rule=rule.display_name, reason=text)
                ) from refused

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse what is no number."""
        for vals in vals_list:
            self._check_numbers(vals)
        rules = super().create(vals_list)
        self.env.registry.clear_cache()  # whether anything is checked at all, see `ar.credit.stale._is_used`
        return rules

    def write(self, vals):
        """Override as `create`; what changes is logged on the policies."""
        self._check_numbers(vals)
        if vals.get("policy_id"):  # a rule of Odoo looks at records before they are written alone
            self.env["ar.credit.policy"].browse(vals["policy_id"]).check_access("write")
        self._check_second_person(vals)
        before = {rule: rule._get_text() for rule in self}
        former = {rule: rule.policy_id for rule in self}
        result = super().write(vals)
        moved = self.filtered(lambda rule: rule.policy_id != former[rule])
        for policy, rules in moved.grouped(former.get).items():
            policy._log_rules(self.env._("Credit rule moved to another policy: %s"), [before[rule] for rule in rules])
        for policy, rules in moved.grouped("policy_id").items():
            texts = [rule._get_text() for rule in rules]
            policy._log_rules(self.env._("Credit rule moved here from another policy: %s"), texts)
        for policy, rules in self.grouped("policy_id").items():
            kept = rules - moved
            changed = [f"{before[rule]} → {rule._get_text()}" for rule in kept if rule._get_text() != before[rule]]
            policy._log_rules(self.env._("Changed credit rule: %s"), changed)
        self.env.registry.clear_cache()  # as in `create`
        return result

    def unlink(self):
        """Override to log with the policies which rules are gone."""
        self._check_second_person()
        for policy, rules in self.grouped("policy_id").items():
            policy._log_rules(self.env._("Deleted credit rule: %s"), [rule._get_text() for rule in rules])
        self.env.registry.clear_cache()  # as in `create`
        return super().unlink()

    def _check_second_person(self, vals=None):
        """Check that rules that keep customers within their limits may be changed. Extension point.

        :param vals: what is written; ``None``: they are deleted
        """

    @api.model
    def _check_numbers(self, vals):
        """Refuse what is no number, which the database would refuse without an explanation."""
        for name in ("amount", "percent", "days", "count"):
            try:
                is_number = to_decimal(vals.get(name) or 0).is_finite()
            except ArithmeticError:
                is_number = False
            if not is_number:
                raise UserError(self.env._("Enter the thresholds of credit rules as numbers."))

    def _get_text(self):
        """Return the rule as one text for the log of its policy."""
        self.ensure_one()
        status = dict(self._fields["status"]._description_selection(self.env))[self.status]
        return f"{self.display_name} ({', '.join(filter(None, (status, self.conditions)))})"
