from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ....core.money import to_decimal
from ....core.recovery.write_off import SMALL, Candidate, find_small


class ArSmallDifference(models.Model):
    """Which small differences may be written off: those of customers with no other open item."""

    _inherit = "ar.small.difference"

    def action_write_off(self):
        """Open the dialog to write off the selected small differences; all in one entry."""
        self.env["ar.write.off"]._require("collector")
        self.check_access("read")
        items = self.env["account.move.line"].browse(self.ids)
        writable = items.browse()
        for company, lines in items.grouped("company_id").items():
            writable |= self._find_writable(company, lines)
        if not writable:
            raise UserError(
                self.env._(
                    "The customers of these items have other open items, with which the differences can still be "
                    "paid: nothing was selected."
                )
            )
        return self.env["ar.write.off.new"]._open(writable, SMALL)

    @api.model
    def _find_writable(self, company, items):
        """Return those of the items that are small differences of customers with nothing else open.

        :param items: `account.move.line` of the company
        """
        facts = self.env["ar.facts"]
        partners = items.partner_id.commercial_partner_id
        accounts = self.env["ar.customer"].search([("partner_id", "in", partners.ids), ("company_id", "=", company.id)])
        tolerances = {account.partner_id.id: account.policy_id._get_tolerance() for account in accounts}
        opened = defaultdict(list)
        for line in facts._read_open_lines(company, partners.ids):
            opened[line.partner_id].append(line)
        found = []
        known = facts._find_small_differences(accounts, [line for lines in opened.values() for line in lines])
        for partner_id, lines in opened.items():
            if partner_id in tolerances:
                candidates = [
                    Candidate(line.line_id, line.paid_part_of or line.residual, line.residual) for line in lines
                ]
                found += find_small(candidates, tolerances[partner_id], len(lines), known)
        return items.filtered(lambda item: item.id in found)

    @api.model
    def _check_small(self, company, amounts):
        """Check that all of these are small differences, written off in full.

        :param amounts: {`account.move.line`: Decimal in its currency}
        :raise UserError: for the first one that is none
        """
        items = self.env["account.move.line"].union(*amounts)
        small = self._find_writable(company, items)
        for item, amount in amounts.items():
            if item not in small or amount != to_decimal(item.amount_residual_currency):
                raise UserError(
                    self.env._(
                        "%s is no small difference by the policy, or the customer has other open items: write it off "
                        "as a bad debt, with an explanation.",
                        item.move_id.name,
                    )
                )
