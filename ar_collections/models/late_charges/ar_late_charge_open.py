from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...core.late_charges.charge import set_off
from ...core.late_charges.interest import Change, Debt
from ..customers.sql import pg_array


class ArLateChargeOpen(models.Model):
    """Late charges and what is open beside the late items: money that nobody has matched, and small differences.

    Nobody asks for small differences, so they bear nothing, whether they are open or written off.
    """

    _inherit = "ar.late.charge"

    # === SMALL DIFFERENCES === #

    @api.model
    def _find_small_open(self, items, lines):
        """Return {line id: what is open} of small differences.

        :param list[LateItem] items: of one company
        :param list[OpenLine] lines: all open lines of their customers
        """
        customers = self.env["ar.customer"].browse({item.customer_id for item in items})
        found = self.env["ar.facts"]._find_small_differences(customers, lines)
        return {line.line_id: line.residual_currency for line in lines if line.line_id in found}

    @api.model
    def _get_small_losses(self, items, changes):
        """Return {line id: what was written off} of losses within the tolerance of the customer's policy.

        :param dict changes: {line id: [Change]}
        """
        found = {}
        for item in items:
            lost = sum(change.amount for change in changes[item.line_id] if change.is_loss)
            if lost and item.amount:
                tolerance = self.env["ar.credit.policy"].browse(item.policy_id)._get_tolerance()
                if tolerance.covers(lost * item.balance / item.amount, item.balance):
                    found[item.line_id] = lost
        return found

    # === MONEY THAT IS NOT MATCHED === #

    @api.model
    def _set_off_credits(self, lines, debts):
        """Return the debts with what nobody has matched yet: money in hand bears no interest for us.

        Older debts come first, also those that are not charged.

        :param list[OpenLine] lines: all open lines of the customers in one company
        """
        facts, by_customer = self.env["ar.facts"], defaultdict(list)
        for line in lines:
            by_customer[line.partner_id].append(line)
        credits = {
            partner_id: found
            for partner_id, own in by_customer.items()
            if any(line.residual_currency < 0 for line in own) and (found := facts._get_left_credits(own, {}))
        }
        days = self._read_days([credit.item_id for found in credits.values() for credit in found])
        result = {}
        for partner_id, found in credits.items():
            result |= self._set_off_customer(by_customer[partner_id], found, days, debts)
        return result

    @api.model
    def _set_off_customer(self, lines, credits, days, debts):
        """Return {line id: debt} of one customer's late items, currency by currency."""
        names = {line.currency_id: self.env["res.currency"].browse(line.currency_id).name for line in lines}
        result = {}
        for currency_id, name in names.items():
            own = {
                line.line_id: debts.get(line.line_id) or Debt(line.residual_currency, line.due_date)
                for line in lines
                if line.currency_id == currency_id and line.residual_currency > 0 and not line.is_our_payment
            }
            money = [
                Change(days[credit.item_id], credit.amount_currency) for credit in credits if credit.currency == name
            ]
            found = set_off(own, money)
            result |= {line_id: debt for line_id, debt in found.items() if line_id in debts}
        return result

    @api.model
    def _read_days(self, line_ids):
        """Return {line id: date of the entry}."""
        query = SQL("SELECT id, date FROM account_move_line WHERE id = ANY(%s::int[])", pg_array(line_ids))
        return dict(self.env.execute_query(query)) if line_ids else {}
