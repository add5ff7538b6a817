from odoo import fields, models
from odoo.tools import SQL

from ...core.credit.exposure import group_exposure
from ...core.credit.limit import excess
from ...core.money import to_decimal
from .ar_customer_limit import GROUP_AUDITOR


class ArCustomerOverLimit(models.Model):
    """Which customers are over their own limit, or that of their group, by the stored exposures."""

    _inherit = "ar.customer"

    is_over_limit = fields.Boolean(
        "Over Limit", compute="_compute_is_over_limit", search="_search_is_over_limit", groups=GROUP_AUDITOR,
        help="Whether the exposure is above the limit of the customer, or that of its group.",
    )  # fmt: skip

    def _compute_is_over_limit(self):
        for company, customers in self.grouped("company_id").items():
            over = self._find_over_limit(company.sudo().root_id)  # the user may work for a branch alone
            for customer in customers:
                customer.is_over_limit = customer.partner_id.id in over

    def _search_is_over_limit(self, operator, value):
        """Find accounts over their limit; those of branches by the limit of the root company."""
        if operator != "in":
            return NotImplemented
        domain = fields.Domain.FALSE
        # sudo as in the compute; rules hide what is not the user's.
        for root in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            companies = self.env["ar.facts"]._get_branches(root)
            over = self._find_over_limit(root)
            domain |= fields.Domain("partner_id", "in", list(over)) & fields.Domain("company_id", "in", companies.ids)
        return domain if set(value) == {True} else ~domain

    def _find_over_limit(self, root):
        """Return the ids of the commercial partners that are over a limit today.

        :param root: a company without parent
        """
        self.env["ar.customer"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM ar_customer
                 WHERE company_id = %(company)s AND partner_id IS NOT NULL
                   AND exposure > CASE
                         WHEN temporary_limit_kind IS NOT NULL AND temporary_until >= %(today)s
                         THEN CASE temporary_limit_kind WHEN 'amount' THEN temporary_limit WHEN 'zero' THEN 0 END
                         ELSE CASE credit_limit_kind WHEN 'amount' THEN credit_limit WHEN 'zero' THEN 0 END
                       END
                """,
                company=root.id,
                today=root._ar_today(),
            )
        )
        return {partner_id for (partner_id,) in rows} | self._find_over_group_limit(root)

    def _find_over_group_limit(self, root):
        """Return the ids of the commercial partners whose group is over its limit today.

        :param root: a company without parent
        """
        found = set()
        for head in self.env["ar.credit.standing"]._search_heads(root):
            members = head._get_group_members()
            total = group_exposure(to_decimal(member.exposure) for member in members)
            if excess(head._get_credit_limit(), total) > 0:
                found.update(members.partner_id.ids)
        return found
