import json
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.credit.exposure import Exposure, calculate
from ...core.money import to_decimal
from .ar_customer_limit import GROUP_AUDITOR

EXPOSURE_FIELDS = ["exposure", "exposure_at_risk", "exposure_lines", "exposure_on"]


class ArCustomerExposure(models.Model):
    """The exposure, stored on the account of the root company: what is lost at most if the customer never pays again.

    It is computed when the limit changes, some minutes after something was booked (`ar.credit.stale`), and each night.
    """

    _inherit = "ar.customer"

    exposure = fields.Monetary(
        readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="Open receivables less credits, draft invoices, less what is secured, of the company and its branches.",
    )  # fmt: skip
    exposure_at_risk = fields.Monetary(
        "At Risk", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="What would be lost today: what is secured pays at most what is owed.",
    )  # fmt: skip
    exposure_lines = fields.Json("Exposure Details", readonly=True, copy=False, groups=GROUP_AUDITOR)
    exposure_on = fields.Datetime(
        "Exposure Changed on", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="When the stored exposure last changed.",
    )  # fmt: skip

    def _refresh_exposure(self):
        """Compute the exposures of these accounts, and their credit status; store what changed.

        Called in superuser mode, and with the accounts locked or just written.
        """
        for company, customers in self.filtered("partner_id").grouped("company_id").items():
            customers = customers.filtered("holds_credit")
            exposures = customers._calculate_exposure(company._ar_today())
            customers._store_exposure(exposures)
            customers._refresh_status(exposures)
        self.env["ar.credit.stale"]._remove(self)

    def _calculate_exposure(self, today):
        """Return {account: Exposure} as of now; the accounts are those of one root company.

        :param date today: the company's date, on which securities may have ended
        """
        if not self:
            return {}
        parts = self.env["ar.credit.exposure"]._read(self.partner_id, self.company_id)
        rules = {policy: policy._get_exposure_rules() for policy in {customer.policy_id for customer in self}}
        gaps = self.env["ar.credit.insurance"]._read_gaps(self, today)
        exposures = {}
        for customer in self:
            securities = customer._get_securities(gaps.get(customer, ()))
            own = replace(parts[customer.partner_id.id], securities=securities)
            exposures[customer] = customer._round(calculate(own, rules[customer.policy_id], today))
        return exposures

    def _round(self, exposure):
        """Return the exposure with amounts in the precision of the currency, in which they are compared."""
        unit = Decimal(1).scaleb(-self.currency_id.decimal_places)
        lines = tuple((code, amount.quantize(unit)) for code, amount in exposure.lines)
        return Exposure(lines, exposure.at_risk.quantize(unit), exposure.unknown)

    @api.model
    def _store_exposure(self, exposures):
        """Store exposures by SQL, all of a batch in one statement: most nights few of them have changed.

        :param exposures: {account: Exposure}
        """
        if not exposures:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_customer account
                   SET exposure = found.total, exposure_at_risk = found.at_risk, exposure_lines = found.lines,
                       exposure_on = %(now)s
                  FROM unnest(%(ids)s::int[], %(totals)s::numeric[], %(risks)s::numeric[], %(lines)s::jsonb[])
                       found (id, total, at_risk, lines)
                 WHERE account.id = found.id
                   AND (account.exposure, account.exposure_at_risk, account.exposure_lines)
                       IS DISTINCT FROM (found.total, found.at_risk, found.lines)
                """,
                now=fields.Datetime.now(),
                ids=[customer.id for customer in exposures],
                totals=[exposure.total for exposure in exposures.values()],
                risks=[exposure.at_risk for exposure in exposures.values()],
                lines=[self._dump_lines(exposure) for exposure in exposures.values()],
            )
        )
        self.browse([customer.id for customer in exposures]).invalidate_recordset(EXPOSURE_FIELDS, flush=False)

    @api.model
    def _dump_lines(self, exposure):
        """Return the parts of an exposure as JSON; amounts as text, which keeps them exact."""
        return json.dumps(
            {
                "lines": [[code, str(amount)] for code, amount in exposure.lines],
                "unknown": [[each.part, each.currency, str(each.amount)] for each in exposure.unknown],
            }
        )

    def _get_exposure(self):
        """Return the stored exposure.

        :rtype: core.credit.exposure.Exposure
        """
        self.ensure_one()
        stored = self.exposure_lines or {}
        lines = tuple((code, Decimal(amount)) for code, amount in stored.get("lines", ()))
        return Exposure(lines, to_decimal(self.exposure_at_risk))

    def _get_group_heads(self):
        """Return the accounts whose limit of a group counts for this customer, the nearest first.

        Called in superuser mode, on an account that holds limits.
        """
        self.ensure_one()
        return self.env["ar.credit.standing"]._find_heads(self)[self]

    def _get_group_members(self):
        """Return the accounts that the limit of this head of a group counts for, itself included."""
        self.ensure_one()
        domain = [("partner_id", "in", self._get_group_partners().ids), ("company_id", "=", self.company_id.id)]
        return self.with_context(active_test=False).search(domain)

    def _get_group_partners(self):
        """Return the commercial partners in the groups of these heads, with or without an account."""
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("id", "child_of", self.partner_id.ids)]).commercial_partner_id

    @api.model
    def _ensure_group_members(self, company):
        """Create the missing accounts of members of groups with a limit, so that what they owe and order counts.

        :param company: a company without parent
        """
        heads = self.env["ar.credit.standing"]._search_heads(company)
        if heads:
            self._ensure_for_partners(self._without_account(heads._get_group_partners(), company), company)
