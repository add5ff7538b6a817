import logging
import re
from ast import literal_eval
from collections import Counter
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: "A-F, M": letters and ranges of letters.
LETTERS = re.compile(r"[^\W_](\s*-\s*[^\W_])?")

#: Code of the problems of the nightly step.
PROBLEM = "assignment"

_logger = logging.getLogger(__name__)


class ArAssignmentRule(models.Model):
    """A rule that assigns customers to collectors. The first rule that matches a customer applies.

    Rules set a collector on accounts that have none and never replace one. The collector on the account, set by a
    user or a rule, takes precedence over the default collector of the credit policy.

    Rules are applied when an account is created, by the nightly run, and on request of a manager.
    """

    _name = "ar.assignment.rule"
    _inherit = ["ar.access.mixin"]
    _description = "Assignment Rule"
    _order = "sequence, id"
    _check_company_auto = True
    _logs_changes = True

    _writable = {
        "manager": (
            "name", "sequence", "active", "company_id", "user_ids", "policy_ids", "country_ids", "category_ids",
            "letters", "amount_from", "amount_to", "partner_domain",
        ),
    }  # fmt: skip

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_ids = fields.Many2many(
        "res.users",
        string="Collectors",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help=(
            "Users to whom customers are assigned; with several, each customer goes to the one with the fewest "
            "customers."
        ),
    )

    # === Conditions; an empty one matches all customers === #
    # So nothing may empty them but a user: what is chosen cannot be deleted, and still counts when it is archived.
    policy_ids = fields.Many2many(
        "ar.credit.policy", string="Credit Policies", check_company=True, ondelete="restrict",
        context={"active_test": False},
    )  # fmt: skip
    country_ids = fields.Many2many("res.country", string="Countries", ondelete="restrict")
    category_ids = fields.Many2many(
        "res.partner.category", string="Customer Tags", help="Tags of which the customer must have at least one.",
        ondelete="restrict", context={"active_test": False},
    )  # fmt: skip
    letters = fields.Char("First Letters", help="First letters of the customer name, for example: A-F, M")
    amount_from = fields.Monetary("Balance of at Least", help="Balance as of the last run.")
    amount_to = fields.Monetary("Balance Less Than", help="Balance as of the last run. 0: no limit.")
    partner_domain = fields.Char("Other Conditions", default="[]")

    _amounts_not_negative = models.Constraint(
        "CHECK (amount_from >= 0 AND amount_to >= 0 AND (amount_to = 0 OR amount_from < amount_to))",
        "The amounts of a rule cannot be negative, and the first must be smaller than the second.",
    )

    @api.constrains("user_ids")
    def _check_users(self):
        """Refuse a rule without collectors: it would match customers that later rules could assign."""
        for rule in self:
            if not rule.user_ids:
                raise ValidationError(self.env._("Choose a collector for the rule “%(rule)s”.", rule=rule.name))

    @api.constrains("user_ids", "company_id")
    def _check_collectors(self):
        """Refuse users who are no collectors of the company: customers would have nobody responsible.

        :raise UserError: for the first of them
        """
        for rule in self:
            rule.user_ids._ar_check_collector(rule.company_id)

    @api.constrains("letters")
    def _check_letters(self):
        for rule in self:
            parts = rule._get_letter_parts()
            if not all(LETTERS.fullmatch(part) and self._spell_out(part) for part in parts):
                raise ValidationError(
                    self.env._("Enter first letters as letters and ranges, separated by commas: A-F, M")
                )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        """Refuse an invalid domain when it is saved, because it would stop the nightly assignment."""
        for rule in self:
            try:
                self.env["res.partner"].search(Domain(literal_eval(rule.partner_domain or "[]")), limit=1)
            except Exception as error:  # any error that a user's domain can cause
                raise ValidationError(
                    self.env._("The conditions of rule “%(rule)s” are invalid: %(error)s", rule=rule.name, error=error)
                ) from error

    # === CONDITIONS === #

    def _get_domain(self):
        """Return the domain of the accounts that match the rule, whether they have a collector or not.

        :rtype: Domain
        """
        self.ensure_one()
        partner = Domain(literal_eval(self.partner_domain or "[]"))
        if self.country_ids:
            partner &= Domain("country_id", "in", self.country_ids.ids)
        if self.category_ids:
            partner &= Domain("category_id", "in", self.category_ids.ids)
        if self.letters:
            partner &= Domain.OR(Domain("name", "=ilike", f"{letter}%") for letter in self._get_letters())
        domain = Domain("company_id", "=", self.company_id.id)
        if not partner.is_true():
            domain &= Domain("partner_id", "any", partner)
        if self.policy_ids:
            domain &= Domain("policy_id", "in", self.policy_ids.ids)
        if self.amount_from:
            domain &= Domain("balance", ">=", self.amount_from)
        if self.amount_to:
            domain &= Domain("balance", "<", self.amount_to)
        return domain

    def _get_letter_parts(self):
        return [part.strip() for part in (self.letters or "").split(",") if part.strip()]

    def _get_letters(self):
        """Return the letters, ranges spelled out: "A-C, M" gives A, B, C and M."""
        return [letter for part in self._get_letter_parts() for letter in self._spell_out(part)]

    @api.model
    def _spell_out(self, part):
        """Return the letters of one part, in upper case; none of "Z-A", nor of "ß", which has no upper case."""
        first, last = part[0].upper(), part[-1].upper()
        if len(first + last) > 2:
            return []
        return [chr(code) for code in range(ord(first), ord(last) + 1)]

    def _get_collectors(self):
        """Return the collectors of the rule, by id; who left or lost the role since gets no customers."""
        self.ensure_one()
        return self.user_ids.filtered(lambda user: user._ar_works_for(self.company_id, "collector")).sorted("id")

    def _depend_on_amounts(self):
        return bool(self.filtered(lambda rule: rule.amount_from or rule.amount_to))

    # === MATCHING === #

    def _plan(self, customers):
        """Return the assignment of customers by these rules, without writing it; it is deterministic.

        Within a rule each customer goes to the collector with the fewest customers.

        :param customers: accounts of the rules' company
        :return: {customer id: (rule, user)}, without customers that no rule matches
        """
        planned, left = {}, customers.sorted("id")
        numbers = self._count_customers()
        for rule in self.sorted(lambda rule: (rule.sequence, rule.id)):
            users = rule._get_collectors()
            if not left or not users:
                continue
            found = left.search(rule._get_domain() & Domain("id", "in", left.ids), order="id")
            for customer in found:
                user = min(users, key=lambda user: (numbers[user.id], user.id))
                numbers[user.id] += 1
                planned[customer.id] = rule, user
            left -= found
        return planned

    def _count_customers(self):
        """Return {user id: number of customers} in the company, by the collector on the account.

        :rtype: Counter
        """
        rows = self.env["ar.customer"]._read_group(
            [("company_id", "in", self.company_id.ids), ("user_id", "!=", False)], ["user_id"], ["__count"]
        )
        return Counter({user.id: number for user, number in rows})

    # === BUTTONS === #

    def action_preview(self):
        """Open the dialog that shows how many customers the company's rules would assign, and applies them."""
        self.env["ar.customer"]._require("manager")
        company = self.company_id[:1] or self.env.company
        return self.env["ar.assignment.apply"]._open_for(company)

    # === NIGHTLY RUN === #

    @api.model
    def _assign_company(self, company, today, auto_commit=False):
        """Step of the nightly run: assign the customers without a collector by the rules.

        :return: False where the time ran out
        """
        rules = self.search([("company_id", "=", company.id)])
        if rules:  # most companies have none
            rules._report_deserted(company)
        plan = self._get_plan(company) if rules else {}
        run = self.env["ar.nightly"]._batch_run(company, PROBLEM, auto_commit)
        return run.over_records(
            self.env["ar.customer"].browse(plan),
            lambda customers: self._assign({customer.id: plan[customer.id] for customer in customers}),
        ).finished

    def _report_deserted(self, company):
        """Store a problem for each of the company's rules that nobody is left in; those of other rules are solved.

        Such a rule assigns nobody, and its customers go to later rules, or to no collector, without a word.
        """
        problems = self.env["ar.problem"]
        deserted = self.filtered(lambda rule: not rule._get_collectors())
        for rule in deserted:
            text = self.env._(
                "The rule “%(rule)s” assigns no customers: none of its users is a collector of %(company)s any more "
                "(%(users)s). Choose others, or archive the rule.",
                rule=rule.name,
                company=company.display_name,
                users=", ".join(rule.with_context(active_test=False).user_ids.mapped("name")) or "-",
            )
            problems._report(rule, PROBLEM, text)
        # sudo: as in `_report`.
        known = problems.sudo()._search_open(self, PROBLEM, company=company)
        known.filtered(lambda problem: problem.res_id not in deserted.ids)._solve()

    @contextmanager
    def _isolate_failures(self, company):
        """Run the block in a savepoint; roll back and log a failure, so that it stops no invoice.

        A condition can fail later, when a field in it was removed: the nightly run stores that as a problem.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except Exception as error:  # any error that a user's condition can cause
            self.env.invalidate_all(flush=False)
            _logger.warning("The assignment rules of %s failed: %s", company.name, error)

    @api.model
    def _get_plan(self, company, customers=None):
        """Return {customer id: (rule, user)} for a company's customers without a collector, see `_plan`.

        Customers for whom a user chose to have no collector are left out.

        :param customers: default: all of them
        """
        rules = self.search([("company_id", "=", company.id)])
        if not rules:
            return {}
        domain = [("company_id", "=", company.id), ("user_id", "=", False), ("assigned_by", "!=", "manual")]
        if customers is not None:
            domain.append(("id", "in", customers.ids))
        return rules._plan(self.env["ar.customer"].search(domain, order="id"))

    @api.model
    def _assign(self, plan):
        """Write an assignment; customers that got a collector meanwhile, or are locked, are left out.

        :param plan: {customer id: (rule, user)}
        :return: the customers that were assigned
        """
        customers = self.env["ar.customer"].browse(plan).try_lock_for_update()
        free = customers.filtered(lambda customer: not customer.user_id and customer.assigned_by != "manual")
        for (rule, user), assigned in free.grouped(lambda customer: plan[customer.id]).items():
            assigned._assign_by_rule(rule, user)
        return free
