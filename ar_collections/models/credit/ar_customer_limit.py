from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CREDIT_LIMIT_KINDS
from ...core.credit.limit import (
    AMOUNT,
    NO_LIMIT,
    NOT_A_NUMBER,
    Limit,
    LimitTerms,
    check_end,
    check_limit,
)
from ...core.money import to_decimal
from ...messages import CREDIT_REFUSALS
from ..customers.refusals import explain

#: What makes up the limit; a merged account keeps all of one account.
LIMIT_FIELDS = (
    "credit_limit_kind", "credit_limit", "credit_review_on", "temporary_limit_kind", "temporary_limit",
    "temporary_until",
)  # fmt: skip

#: What is entered as a number, see also `ar_customer_insurance.py`.
AMOUNT_FIELDS = {"credit_limit", "temporary_limit", "insured_amount", "insured_percent", "guarantee_amount"}

#: Key of the ids of accounts whose limits are being written one by one, in the cache of the cursor.
WAITING = "ar_limits_to_follow"

GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"

#: Salespeople see status and class of their own customers, but not what they are made of.
GROUPS_SHOWN = f"{GROUP_AUDITOR},ar_collections.ar_collections_group_salesperson"


class ArCustomerLimit(models.Model):
    """The credit limit of a customer. It is kept on the account of the root company and holds for its branches.

    Odoo's own limit on the contact is a copy of it. In Odoo 0 means "no limit"; here cash only is told apart from it.
    """

    _inherit = "ar.customer"

    _writable = {
        "credit_manager": (
            "credit_limit_kind", "credit_limit", "credit_review_on", "temporary_limit_kind", "temporary_limit",
            "temporary_until", "is_group_limit",
        ),
    }  # fmt: skip

    credit_limit_kind = fields.Selection(
        CREDIT_LIMIT_KINDS, "Limit", required=True, default=NO_LIMIT, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Cash only: nothing is delivered on credit. No limit: the exposure is shown, and compared with nothing.",
    )  # fmt: skip
    credit_limit = fields.Monetary(
        "Limit Amount", copy=False, tracking=True, groups=GROUP_AUDITOR, help="Highest exposure within the limit."
    )
    credit_review_on = fields.Date(
        "Review on",
        copy=False,
        tracking=True,
        groups=GROUP_AUDITOR,
        help="Day on which the limit is to be reviewed. It still applies afterwards; a credit rule may report it.",
    )
    temporary_limit_kind = fields.Selection(
        CREDIT_LIMIT_KINDS, "Temporary Limit", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Replaces the limit up to its last day and ends by itself.",
    )  # fmt: skip
    temporary_limit = fields.Monetary("Temporary Amount", copy=False, tracking=True, groups=GROUP_AUDITOR)
    temporary_until = fields.Date(
        "Temporary until", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Last day of the temporary limit.",
    )  # fmt: skip
    is_group_limit = fields.Boolean(
        "Limit of the Group", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Whether the limit is that of the customer and all companies below it in the contacts together.",
    )  # fmt: skip
    holds_credit = fields.Boolean(compute="_compute_holds_credit")

    @api.depends("company_id.parent_id")
    def _compute_holds_credit(self):
        """Compute whether limit and exposure are kept on this account: those of branches read the root company's."""
        for customer in self:
            customer.holds_credit = not customer.company_id.sudo().parent_id  # the user may work for a branch alone

    def _get_credit_account(self):
        """Return the account that holds limit and exposure, in superuser mode; empty where there is none."""
        self.ensure_one()
        account = self.sudo()  # the user may work for a branch alone
        root = account.company_id.root_id
        if root == account.company_id or not account.partner_id:
            return account
        domain = [
            ("partner_id", "=", account.partner_id.id), ("company_id", "=", root.id), ("merged_into_id", "=", False),
        ]  # fmt: skip
        return account.with_context(active_test=False).search(domain)  # an archived one holds its limit all the same

    def _get_limit_terms(self):
        """Return the limit, which is decided until its review date, and the temporary one.

        :rtype: core.credit.limit.LimitTerms
        """
        self.ensure_one()
        temporary = None
        if self.temporary_limit_kind:
            temporary = Limit(self.temporary_limit_kind, to_decimal(self.temporary_limit))
        limit = Limit(self.credit_limit_kind, to_decimal(self.credit_limit))
        return LimitTerms(limit, temporary, self.temporary_until or None, self.credit_review_on or None)

    def _get_credit_limit(self, day=None):
        """Return the limit that applies on a day.

        :param date day: default: today
        :rtype: core.credit.limit.Limit
        """
        return self._get_limit_terms().on(day or self.company_id._ar_today())

    # === ENTRY === #

    @api.onchange("credit_limit_kind")
    def _onchange_credit_limit_kind(self):
        if self.credit_limit_kind != AMOUNT:
            self.credit_limit = 0

    @api.onchange("temporary_limit_kind")
    def _onchange_temporary_limit_kind(self):
        if self.temporary_limit_kind != AMOUNT:
            self.temporary_limit = 0
        if not self.temporary_limit_kind:
            self.temporary_until = False

    def _explain_refusal(self):
        """Return a context that turns what the rules refuse into a message to the user."""
        return explain(self.env, CREDIT_REFUSALS, self.display_name)

    @api.model
    def _check_numbers(self, vals):
        """Refuse what is no number, which the database would refuse without an explanation."""
        for name in AMOUNT_FIELDS & vals.keys():
            if not to_decimal(vals[name] or 0).is_finite():
                raise UserError(self.env._(CREDIT_REFUSALS[NOT_A_NUMBER]))

    @api.constrains("credit_limit_kind", "credit_limit", "temporary_limit_kind", "temporary_limit", "is_group_limit")
    def _check_credit_limits(self):
        """Check that the limits can be meant, and are entered where they are kept."""
        for customer in self:
            terms = customer._get_limit_terms()
            with customer._explain_refusal():
                check_limit(terms.limit)
                check_limit(terms.temporary or Limit(amount=to_decimal(customer.temporary_limit)))
            if not customer.holds_credit and (terms.limit.kind != NO_LIMIT or terms.temporary):
                raise UserError(
                    self.env._(
                        "The limit of %(customer)s holds for the company and its branches together: enter it on the "
                        "account in %(company)s.",
                        customer=customer.display_name,
                        company=customer.company_id.sudo().root_id.name,  # as in `_compute_holds_credit`
                    )
                )

    @api.constrains("temporary_limit_kind", "temporary_until")
    def _check_temporary_until(self):
        """Check that a temporary limit ends, and not in the past."""
        for customer in self.filtered("temporary_limit_kind"):
            with customer._explain_refusal():
                check_end(customer.temporary_until or None, customer.company_id._ar_today())

    def write(self, vals):
        """Override to let the contact's limit and the exposure follow a new limit, or another contact."""
        self._check_numbers(vals)
        result = super().write(vals)
        if not vals.keys().isdisjoint((*LIMIT_FIELDS, "is_group_limit", "partner_id")):
            if (waiting := self.env.cr.cache.get(WAITING)) is not None:
                waiting.update(self.ids)
            else:
                self.sudo()._follow_limit()  # users may not write the results
        return result

    @contextmanager
    def _follow_limits_together(self):
        """Let what follows from new limits follow at the end of the block, once for all accounts.

        Each computes some twenty statements of its own otherwise, and a file may have thousands of limits.
        """
        waiting = self.env.cr.cache[WAITING] = set()
        try:
            yield
        finally:
            del self.env.cr.cache[WAITING]
        self.sudo().browse(waiting)._follow_limit()  # as in `write`

    def _follow_limit(self):
        """Store what follows from the limits of these accounts."""
        accounts = self.filtered(lambda customer: customer.holds_credit and customer.partner_id)
        self._note_limit_use()
        accounts._copy_limit()
        accounts.with_context(tracking_disable=True)._refresh_exposure()

    def _note_limit_use(self):
        """Tell all workers that there is a limit, which is read from a cache."""
        stale = self.env["ar.credit.stale"]
        has_limit = any(customer.credit_limit_kind != NO_LIMIT or customer.temporary_limit_kind for customer in self)
        if has_limit and not stale._is_used():
            self.env.registry.clear_cache()

    def _copy_limit(self):
        """Write the limits that apply to the contacts, where Odoo shows them; return {account: limit it had before}.

        Called in superuser mode: Odoo lets users who invoice write it.
        """
        changed = {}
        for company, customers in self.grouped("company_id").items():
            differing = defaultdict(customers.browse)
            for customer in customers.with_company(company):
                limit = float(customer._get_credit_limit().ceiling or 0)
                before = customer.partner_id.credit_limit
                if customer.currency_id.compare_amounts(before, limit):
                    changed[customer] = before
                    differing[limit] |= customer
            for limit, accounts in differing.items():
                accounts.partner_id.with_company(company).write({"credit_limit": limit})
        return changed

    @api.model
    def _import_limits(self):
        """Take over the limits that people entered in Odoo, where companies use them.

        A limit that equals the default of the company is nobody's own. Accounts with a limit are left as they are.
        """
        companies = self.env["res.company"].search([("account_use_credit_limit", "=", True), ("parent_id", "=", False)])
        for company in companies:
            partners = self.env["res.partner"].with_company(company).with_context(active_test=False)
            default = partners._fields["credit_limit"].get_company_dependent_fallback(partners) or 0
            found = partners.search([("credit_limit", ">", 0), ("credit_limit", "!=", default)])
            found = found.filtered(lambda partner: partner == partner.commercial_partner_id)
            self._ensure_for_partners(found, company)
            domain = [("partner_id", "in", found.ids), ("company_id", "=", company.id)]
            accounts = self.with_context(tracking_disable=True, active_test=False).search(domain)
            for customer in accounts.filtered(lambda customer: customer.credit_limit_kind == NO_LIMIT):
                limit = customer.partner_id.with_company(company).credit_limit
                customer.write({"credit_limit_kind": AMOUNT, "credit_limit": limit})

    # === MERGE === #

    def _get_merged_vals(self, others):
        """Override to keep the strictest limit of the merged accounts until somebody decides about it."""
        values = super()._get_merged_vals(others)
        accounts = self | others
        limited = accounts.filtered(lambda customer: customer.credit_limit_kind != NO_LIMIT)
        strictest = min(limited, key=lambda customer: customer._get_limit_terms().limit.ceiling, default=self)
        if strictest != self:
            values |= {name: strictest[name] for name in LIMIT_FIELDS}
            if strictest.temporary_until and strictest.temporary_until < self.company_id._ar_today():
                values |= {"temporary_limit_kind": False, "temporary_limit": 0, "temporary_until": False}
        values["is_group_limit"] = any(accounts.mapped("is_group_limit"))
        return values

    def _absorb(self, others, gone=()):
        """Override to compute the exposure again once the items of the other contacts are this customer's."""
        result = super()._absorb(others, gone)
        self.env["ar.credit.stale"]._mark_accounts(self)
        return result
