from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ....const import CREDIT_STATES
from ....core.credit.rules import GOOD, HOLD, WARNING
from ....formats import format_date
from ..ar_customer_limit import GROUP_AUDITOR, GROUPS_SHOWN

#: A hold that a person has to release, because what caused it is gone.
READY = "ready"


class ArCustomerStatusShown(models.Model):
    """The credit status as people see it; accounts of branches show that of the root company's account."""

    _inherit = "ar.customer"

    credit_state = fields.Selection(
        CREDIT_STATES, "Credit", compute="_compute_credit_state", search="_search_credit_state", groups=GROUPS_SHOWN,
        help="Credit status of the customer, for the company and its branches.",
    )  # fmt: skip
    credit_reasons_html = fields.Html(
        "Credit Reasons", compute="_compute_credit_reasons_html", sanitize=False, groups=GROUP_AUDITOR
    )
    credit_is_forced = fields.Boolean(compute="_compute_credit_state", groups=GROUP_AUDITOR)

    @api.depends("credit_status", "credit_waiting", "forced_until")
    def _compute_credit_state(self):
        accounts = self._get_credit_accounts()
        for customer in self:
            account = accounts[customer]
            customer.credit_state = account._get_credit_state()
            customer.credit_is_forced = bool(account.forced_until)

    def _get_credit_accounts(self):
        """Return {account: the one that holds its status}, in superuser mode; one query for all of branches."""
        customers = self.sudo()  # the user may work for a branch alone
        found = {customer: customer for customer in customers if customer.holds_credit or not customer.partner_id}
        others = [customer for customer in customers if customer not in found]
        if others:
            partners = [customer.partner_id.id for customer in others]
            roots = [customer.company_id.root_id.id for customer in others]
            domain = Domain("partner_id", "in", partners) & Domain("company_id", "in", roots)
            everything = customers.with_context(active_test=False)  # as in `_get_credit_account`
            rows = everything.search(domain & Domain("merged_into_id", "=", False))
            by_key = {(row.partner_id, row.company_id): row for row in rows}
            for customer in others:
                key = customer.partner_id, customer.company_id.root_id
                found[customer] = by_key.get(key, customers.browse())
        return {customer: found[customer.sudo()] for customer in self}  # as above

    def _get_credit_state(self):
        """Return the status with the holds that wait for a person told apart; without an account it is good."""
        return READY if self.credit_waiting else self.credit_status or GOOD

    def _search_credit_state(self, operator, value):
        """Find accounts by their status; those of branches by that of the root company's account."""
        if operator != "in":
            return NotImplemented
        wanted = Domain.FALSE
        if READY in value:
            wanted |= Domain("credit_waiting", "=", True)
        if HOLD in value:
            wanted |= Domain("credit_status", "=", HOLD) & Domain("credit_waiting", "!=", True)
        if WARNING in value:
            wanted |= Domain("credit_status", "=", WARNING)
        # sudo as in the compute; rules hide what is not the user's.
        accounts = self.sudo().with_context(active_test=False)
        if GOOD in value:  # also those of branches without an account in the root company
            rest = {READY, HOLD, WARNING} - set(value)
            return ~self._search_credit_state("in", rest) if rest else Domain.TRUE
        domain = Domain.FALSE
        for root, found in accounts.search(wanted & Domain("partner_id", "!=", False)).grouped("company_id").items():
            companies = self.env["ar.facts"]._get_branches(root)
            domain |= Domain("partner_id", "in", found.partner_id.ids) & Domain("company_id", "in", companies.ids)
        return domain

    @api.depends("credit_reasons", "credit_since", "forced_until", "forced_reason")
    @api.depends_context("lang")
    def _compute_credit_reasons_html(self):
        accounts = self._get_credit_accounts()
        for customer in self:
            customer.credit_reasons_html = accounts[customer].with_env(self.env(su=True))._get_reasons_html()

    def _get_reasons_html(self):
        """Return the reasons for the status as a list; empty where the status is good. Called in superuser mode."""
        if not self or self.credit_status == GOOD:
            return False
        reasons = self.env["ar.credit.reasons"]
        rows = [Markup("<li>%s</li>") % text for text in self._describe_status(reasons)]
        since = self.env._("Since %s", format_date(self.env, self.credit_since)) if self.credit_since else ""
        return Markup('<ul class="mb-1 ps-3">%s</ul><span class="text-muted small">%s</span>') % (
            Markup().join(rows),
            since,
        )

    def _describe_status(self, reasons):
        """Return the reasons as sentences; a hold by a person with its words."""
        stored = reasons._load(self.credit_reasons, self.company_id._ar_today())
        sentences = list(reasons._describe(stored, self.currency_id))
        if self.forced_until:
            sentences.append(
                self.env._("%(user)s: “%(reason)s”", user=self.forced_by_id.name or "", reason=self.forced_reason or "")
            )
        return sentences
