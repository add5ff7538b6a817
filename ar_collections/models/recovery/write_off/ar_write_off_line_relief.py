from typing import NamedTuple

from odoo import Command, models

from ....core.money import ZERO
from ....core.recovery.write_off import SMALL, relief_window
from .ar_write_off_line_tax import ON_PAYMENT


class Item(NamedTuple):
    """A journal item and its customer, as `ar.facts` finds proceedings by them."""

    line_id: int
    partner_id: int


class ArWriteOffLine(models.Model):
    """Dates and tax of an item."""

    _inherit = "ar.write.off.line"

    def _set_relief(self, claims):
        """Store the dates of relief, and what tax is booked back with the write-off.

        :param bool claims: the tax is claimed at once, where it can be
        """
        rules = self.env["ar.tax.relief"]._get_rules(self.company_id[:1])
        openings = self._find_openings() if rules and rules.from_opening else {}
        for line in self:
            taxes = line.move_id.line_ids.filtered("tax_repartition_line_id")
            line.amount_tax = float(sum((line._get_tax_part(tax) for tax in taxes), ZERO))
            due_taxes = taxes.filtered(lambda tax: tax.tax_repartition_line_id.tax_id.tax_exigibility != ON_PAYMENT)
            if rules and due_taxes and line.write_off_id.kind != SMALL:
                supplied = line.move_id.delivery_date or line.move_id.invoice_date or line.date_due
                line.relief_from, line.relief_until = relief_window(
                    line.date_due, supplied, rules, openings.get(line.move_line_id.id)
                )
            line.amount_relieved = float(sum((line._get_tax_part(tax) for tax in line._get_tax_lines()), ZERO))

    def _find_openings(self):
        """Return {journal item id: opening of the insolvency proceedings in which it is claimed}."""
        items = [Item(line.move_line_id.id, line.partner_id.commercial_partner_id.id) for line in self]
        found = self.env["ar.facts"]._find_claimed(self.company_id[:1], items)
        today = self.company_id[:1]._ar_today()
        openings = {
            item_id: [proceedings.opened_on for proceedings in claimed if proceedings.holds(today)]
            for item_id, claimed in found.items()
        }
        return {item_id: min(days) for item_id, days in openings.items() if days}

    def _claims_now(self):
        """Return whether the tax is claimed with the write-off: asked for, and no date says that it is too early.

        Where the law asks for more than an entry, a person does that, and nothing is booked. Nor is it for small
        differences: nothing says that these will not be paid.
        """
        if self.write_off_id.kind == SMALL or self.env["ar.tax.relief"]._find_rule(self.company_id).by_hand:
            return False
        today = self.company_id._ar_today()
        is_open = not self.relief_from or (self.relief_from <= today and self._is_in_time(today))
        return self.write_off_id.claims_relief and is_open

    def _is_in_time(self, today):
        return not self.relief_until or today <= self.relief_until

    def _has_tax_left(self):
        """Return whether tax is left that can be claimed."""
        return bool(self.company_currency_id.compare_amounts(self.amount_tax, self.amount_relieved))

    def _filter_claimable(self):
        """Return the lines whose tax can be claimed today."""
        today = {company: company._ar_today() for company in self.company_id}
        rules = self.env["ar.tax.relief"]
        by_hand = {company for company in self.company_id if rules._find_rule(company).by_hand}
        return self.filtered(
            lambda line: (
                line.state == "posted" and not line.date_reversed and line.relief_from and line._has_tax_left()
                and line.company_id not in by_hand
                and line.relief_from <= today[line.company_id] and line._is_in_time(today[line.company_id])
            )
        )  # fmt: skip

    def _claim_relief(self):
        """Book the tax of these lines back against the loss, in one entry of today."""
        write_off = self.write_off_id
        write_off.claims_relief = True
        account = write_off.company_id._ar_get_loss_account(is_small=False)
        values = []
        for line in self:
            # What waits for the payment was booked back with the write-off.
            due = line._get_tax_lines().filtered(lambda tax_line, line=line: not line._is_deferred(tax_line))
            taxes = line._prepare_tax_lines(due)
            total = sum(vals["balance"] for vals in taxes)
            values += [*taxes, write_off._prepare_loss_line(account, line.partner_id, -total)]
            line.amount_relieved = line.amount_tax
        moves = self.env["account.move"].with_company(write_off.company_id)
        move = moves.create(
            {
                "move_type": "entry",
                "date": write_off.company_id._ar_today(),
                "journal_id": write_off.company_id._ar_get_write_off_journal().id,
                "ref": write_off.name,
                "line_ids": [Command.create(vals) for vals in values],
            }
        )
        move._post(soft=False)
        self.relief_move_id = move
