from collections import defaultdict

from odoo import api, models

from ...core.money import ZERO


class ArStatementTransfers(models.AbstractModel):
    """How what a statement lists is paid by bank transfer."""

    _inherit = "ar.statement"

    @api.model
    def _get_transfers(self, customer, lines_of, day):
        """Return the bank transfers that pay what is open, credits deducted, see `ar.bank.details`.

        Credits pay their own customer's items only. There are no transfers for past days: part of what was open then
        may have been paid since.

        :param dict lines_of: {commercial partner id: list of `AsOfItem`}
        """
        if day < customer.company_id._ar_today():
            return []
        details = self.env["ar.bank.details"].sudo()  # the caller checked the access
        unasked = self._read_unasked([line for lines in lines_of.values() for line in lines], day)
        amounts, credits = defaultdict(dict), defaultdict(lambda: ZERO)
        for lines in lines_of.values():
            for currency_id in dict.fromkeys(line.currency_id for line in lines):
                own = [line for line in lines if line.currency_id == currency_id]
                debts = {line.line_id: line.residual_currency for line in own if line.residual_currency > 0}
                debts = {item: debt - min(debt, unasked[item]) for item, debt in debts.items()}
                credit = -sum((line.residual_currency for line in own if line.residual_currency < 0), ZERO)
                amounts[currency_id] |= debts
                credits[currency_id] += min(credit, sum(debts.values(), ZERO))
        transfers = []
        for currency in self.env["res.currency"].browse(amounts):
            asked = amounts[currency.id]
            if any(asked.values()):  # else the account is named, without an amount
                asked = {item_id: amount for item_id, amount in asked.items() if amount}
            items = {item: asked[item.id] for item in details.env["account.move.line"].browse(asked)}
            transfers += details._get_transfers(customer, currency, items, credit=credits[currency.id], with_image=True)
        return transfers

    @api.model
    def _read_unasked(self, lines, day):
        """Return {journal item id: what of it nobody asks for, in its currency}; nothing by default.

        Extension point: an override adds its amounts to those of `super()`.

        :param lines: list of `AsOfItem`
        :rtype: defaultdict[int, Decimal]
        """
        return defaultdict(lambda: ZERO)
