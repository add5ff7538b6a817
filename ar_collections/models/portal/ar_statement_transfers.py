from collections import defaultdict

from odoo import api, models

from ...core.customers.owed import asked
from ...core.money import ZERO, total_by_currency


class ArStatementTransfers(models.AbstractModel):
    """How what a statement lists is paid by bank transfer."""

    _inherit = "ar.statement"

    @api.model
    def _get_transfers(self, customer, facts):
        """Return the bank transfers that pay what is asked for, credits deducted, see `ar.bank.details`.

        They are those of the email with the statement: what is disputed, agreed on, reported as paid or being paid is
        left out. Where nothing is left, the account is named without an amount. Credits pay their own customer's items
        only. There are no transfers for past days: part of what was open then may have been paid since.

        :param customer: who gets the statement
        :param facts: of the customer and others that it lists, see `_gather_accounts`
        """
        amounts, credits = defaultdict(dict), defaultdict(lambda: ZERO)
        for account in facts.values():
            to_pay = total_by_currency((item.currency, asked(item)) for item in account.items)
            usable = total_by_currency((credit.currency, credit.amount_currency) for credit in account.usable_credits)
            for item in account.items:
                amounts[item.currency][item.item_id] = asked(item)
            for currency, total in to_pay.items():
                credits[currency] += min(usable.get(currency, ZERO), total)
        transfers, details = [], self.env["ar.bank.details"].sudo()  # for the customer, whatever the user may read
        for name, to_pay in amounts.items():
            to_pay = {item_id: amount for item_id, amount in to_pay.items() if amount} or to_pay
            items = {item: to_pay[item.id] for item in details.env["account.move.line"].browse(to_pay)}
            currency = next(iter(items)).currency_id
            transfers += details._get_transfers(customer, currency, items, credit=credits[name], with_image=True)
        return transfers
