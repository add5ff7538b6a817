from odoo import api, models
from odoo.exceptions import UserError

from ...core.late_charges.lump_sum import get_lump_sum
from ...core.money import ZERO, to_decimal
from .late_item import Owed


class ArLateChargeOwed(models.Model):
    """What is owed of late charges by the books: the interest now, what is firm of it, and the lump sum."""

    _inherit = "ar.late.charge"

    @api.model
    def _get_owed(self, facts, rules, today, charge, outcome, move):
        """Return what is owed of the late charge of an item, by the books of now.

        A lump sum that is charged stays as long as any of the debt was late, whatever is disputed, and whatever the
        policy says by now.

        :param LateFacts facts: the item with its history
        :param LateRules rules: of its policy
        :param charge: the late charge that exists; may be empty
        :param Outcome outcome: what became of it
        :param move: the invoice, where the item has its lump sum; else none
        :rtype: Owed
        :raise ChargeRefused: without a rate
        :raise UserError: where a currency has no rate
        """
        item, last = facts.item, facts.get_last_day(today)
        now = rules.accrue(facts.debt, item.currency_id, last)
        firm = now if facts.firm == facts.debt else rules.accrue(facts.firm, item.currency_id, last)
        lump_sum = ZERO
        if move and outcome.lump_sum > 0 and firm.periods:
            lump_sum = to_decimal(max(charge.lump_sum, outcome.lump_sum))
        elif move and now.periods and rules.lump_sums:
            lump_sum = self._get_lump_sum(item, move, rules, charge)
        return Owed(now, firm, lump_sum)

    @api.model
    def _get_lump_sum(self, item, move, rules, charge):
        """Return the lump sum of an item's invoice, in the item's currency; once it is known, it stays.

        :raise UserError: where a currency has no rate
        """
        if charge and charge.lump_sum:
            return to_decimal(charge.lump_sum)
        regime = rules.regime
        size = self._convert(move.amount_total, move.currency_id, regime.currency_id, move.company_id, item)
        lump_sum = get_lump_sum(to_decimal(size), rules.lump_sums)
        if not lump_sum:
            return ZERO
        return to_decimal(self._convert(lump_sum, regime.lump_currency_id, move.currency_id, move.company_id, item))

    def _change_currencies(self, items):
        """Bring what was charged and waived to the currency that an invoice has now: it was posted again in another.

        :param list[LateItem] items: late items, those of these charges among them
        :raise UserError: where a currency has no rate
        """
        by_line = {item.line_id: item for item in items}
        for charge in self:
            item = by_line.get(charge.move_line_id.id)
            if item and item.currency_id != charge.currency_id.id:
                charge._change_currency(item)

    def _change_currency(self, item):
        """Convert the amounts of one charge that the night does not compute anew.

        At the rate of the due date; what a document charges at that of the document, as where its lines are compared.
        """
        self.ensure_one()
        target = self.env["res.currency"].browse(item.currency_id)

        def convert(amount, day=item.due):
            return target.round(self._convert(amount, self.currency_id, target, self.company_id, item, day))

        for row in self.billing_ids:
            day = row.move_id.invoice_date or self.company_id._ar_today()
            row.write({"interest": convert(row.interest, day), "lump_sum": convert(row.lump_sum, day)})
        for waiver in self.waiver_ids:
            waiver.amount = convert(waiver.amount) or target.rounding
        self.write({"lump_sum": convert(self.lump_sum), "currency_id": target.id})

    @api.model
    def _convert(self, amount, source, target, company, item, day=None):
        """Return an amount in another currency, at the rate of a day.

        :param date day: default: the due date
        :raise UserError: where Odoo has no rate and would take 1
        """
        if source == target:
            return amount
        if not self.env.user._ar_have_rates(source | target, company):
            raise UserError(
                self.env._(
                    "The late charge of %(invoice)s needs an exchange rate between %(own)s and %(other)s: enter one.",
                    invoice=item.name,
                    own=source.name,
                    other=target.name,
                )  # fmt: skip
            )
        return source._convert(float(amount), target, company, day or item.due)
