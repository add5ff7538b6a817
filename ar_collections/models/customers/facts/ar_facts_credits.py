from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ....core.customers.credits import BranchItem, less_refunds, reduced, share_credits
from ....core.facts import Credit


class ArFactsCredits(models.AbstractModel):
    """The credits that cover a customer's items, where they are not just the open credits of the company.

    Money that we paid back is no credit any more. Branches of one root company share accounts, and Odoo matches their
    items with each other: a credit of one of them counts where the oldest debt is, and nowhere else.
    """

    _inherit = "ar.facts"

    def _read_setoff(self, customers, lines, paid_back):
        """Return {partner id: tuple of credits that are set off}, for those where they differ from the ledger's.

        :param list[OpenLine] lines: the customers' open lines in their company
        :param paid_back: {partner id: {currency id: amount}} of our payments that have no entry
        """
        elsewhere = self._read_branch_lines(customers, lines)
        changed = {line.partner_id for line in lines if line.is_our_payment} | {line.partner_id for line in elsewhere}
        changed.update(paid_back)
        if not changed:
            return {}
        by_partner = defaultdict(list)
        for line in (*lines, *elsewhere):
            by_partner[line.partner_id].append(line)
        company_id = customers.company_id.id
        return {
            partner_id: self._get_setoff(by_partner[partner_id], paid_back.get(partner_id, {}), company_id)
            for partner_id in changed
        }

    def _read_branch_lines(self, customers, lines):
        """Return the customers' open lines in the other companies of the same root, of the accounts they share.

        :rtype: list[OpenLine]
        """
        company = customers.company_id
        others = self._get_branches(company) - company
        if not others:
            return []
        shared = set(self._get_receivable_account_ids(company))
        found = self._read_open_lines(others, customers.partner_id.ids)
        return [line for line in found if line.account_id in shared]

    @api.model
    def _get_branches(self, company):
        """Return the companies whose items Odoo matches with those of the company: all of its root, itself included."""
        company = company.sudo()  # the user may work for one branch alone
        if not company.parent_id and not company.child_ids:
            return company
        return company.search([("id", "child_of", company.root_id.id)])

    @api.model
    def _get_setoff(self, lines, paid_back, company_id):
        """Return the credits that count for one customer in one company, those of other companies included.

        :param list[OpenLine] lines: the customer's open lines in all companies
        :param paid_back: {currency id: amount} of our payments without entry, in the company
        """
        by_company = defaultdict(list)
        for line in lines:
            by_company[line.company_id].append(line)
        credits = {}
        for owner, own in by_company.items():
            for credit in self._get_left_credits(own, paid_back if owner == company_id else {}):
                credits[credit.item_id] = credit
        items = [
            BranchItem(
                line.line_id,
                line.company_id,
                (line.currency_id, line.account_id),
                line.due_date,
                amount,
                line.excluded or line.is_blocked,
            )
            for line in lines
            if (amount := self._get_shared_amount(line, credits))
        ]
        if set(by_company) == {company_id}:
            return tuple(credits.values())
        return tuple(reduced(credits[line_id], amount) for line_id, amount in share_credits(items).get(company_id, ()))

    @api.model
    def _get_left_credits(self, lines, paid_back):
        """Return the credits of one company that were not paid back to the customer."""
        refunds = defaultdict(Decimal)
        for line in lines:
            if line.is_our_payment:
                refunds[self._get_currency_name(line.currency_id)] += line.residual_currency
        for currency_id, amount in paid_back.items():
            refunds[self._get_currency_name(currency_id)] += amount
        credits = (
            Credit(line.line_id, self._get_currency_name(line.currency_id), -line.residual_currency, -line.residual)
            for line in lines
            if line.residual_currency <= 0
        )
        return less_refunds(credits, refunds)

    @api.model
    def _get_shared_amount(self, line, credits):
        """Return the amount of a line that is shared: a debt's residual, or minus what is left of a credit."""
        if line.residual_currency > 0:
            return Decimal(0) if line.is_our_payment else line.residual_currency
        return -credits[line.line_id].amount_currency if line.line_id in credits else Decimal(0)

    @api.model
    def _get_currency_name(self, currency_id):
        return self.env["res.currency"].browse(currency_id).name
