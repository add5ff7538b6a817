from odoo import models

from ....core.late_charges.charge import PAID_IN_TIME, is_paid_in_time
from ....core.late_charges.refusal import ChargeRefused
from ..rules.late_rules import LateRulesOf


class ArLateChargeTakenBack(models.Model):
    """What was charged for more than was ever owed is taken back."""

    _inherit = "ar.late.charge"

    def _take_back(self, today):
        """Take back what was charged for more than was owed by the books of now.

        Such as for an amount that was credited, or days on which the customer had paid already. Drafts lose their
        lines; for posted invoices a credit note is drafted.
        """
        excessive = self.filtered(lambda charge: charge._may_be_excessive())
        if not excessive:
            return
        facts = {found.item.line_id: found for found in self._read_facts(excessive._read_own_items(), today)}
        kept, outcomes = excessive._read_not_taken_back(), excessive._read_outcomes()
        for charge in excessive:
            found = facts.get(charge.move_line_id.id)
            over = charge._get_excess(found, kept.get(charge, 0.0), outcomes[charge.id], today)
            if charge.currency_id.compare_amounts(over, 0) > 0:
                charge._reduce(over)
                charge._note_balances(found)
        excessive._refresh_left()
        excessive.filtered(lambda charge: charge.state == PAID_IN_TIME and not charge.charged)._release_lump_sum()

    def _may_be_excessive(self):
        """Return whether more is charged than is owed now, for whatever reason."""
        self.ensure_one()
        is_more = self.currency_id.compare_amounts(self.charged, self.total) > 0
        return self.charged > 0 and (is_more or self.state == PAID_IN_TIME)

    def _read_not_taken_back(self):
        """Return {charge: float}: what of a lump sum that was never owed stays charged.

        Extension point: for lump sums that other charges are the less for.
        """
        return {}

    def _get_excess(self, facts, kept, outcome, today):
        """Return how much more was charged than was owed; 0 where the books say no less than when it was charged.

        So policies and rates that change take nothing back.

        :param LateFacts facts: the item with its history; none where no policy charges it, or it is gone
        :param float kept: see :meth:`_read_not_taken_back`
        :param Outcome outcome: what became of the charge
        """
        self.ensure_one()
        if not facts:
            return self.charged - kept if self.move_id.state == "cancel" else 0.0
        last = self._get_last_billing()
        if not (last and self._is_less(last, facts)):
            return 0.0
        rules = LateRulesOf(self.env, today)[facts.item.policy_id]
        try:
            owed = self._get_owed(facts, rules, today, self, outcome, self.move_id if self.lump_sum else None)
        except ChargeRefused:
            return 0.0  # nobody knows how much was owed; the night reports the policy's missing rate
        paid_on = facts.firm.paid_on
        was_unknown = paid_on and paid_on < last.until  # else it was late by the rules of then
        if was_unknown and is_paid_in_time(facts.firm, rules.get_rules(facts.item), facts.reminded_on):
            return self.charged - kept
        return self.charged - float(owed.firm.amount) - (float(owed.lump_sum) if owed.firm.periods else kept)

    def _is_less(self, billing, facts):
        """Return whether the books say that less was open than they said when a document charged it."""
        now = float(facts.get_balance_days(billing.until))
        return self.currency_id.compare_amounts(billing.balance_days, now) > 0

    def _get_last_billing(self):
        """Return the last row of what charges this late charge: it has the balances that were known."""
        return self._get_live_billings().filtered("until").sorted("id")[-1:]

    def _note_balances(self, facts):
        """Store the balances with what still charges this late charge: what they tell was taken back.

        :param LateFacts facts: the item with its history; none where it is gone
        """
        for billing in self._get_live_billings().filtered("until") if facts else ():
            billing.balance_days = float(facts.get_balance_days(billing.until))

    def _reduce(self, over):
        """Take an amount back from what charges this late charge, the latest first."""
        self.ensure_one()
        for billing in self._get_live_billings().filtered(lambda row: row.amount > 0).sorted("id", reverse=True):
            if self.currency_id.compare_amounts(over, 0) <= 0:
                return
            over -= billing._drop_from_draft() if billing.move_id.state == "draft" else billing._credit(over)
