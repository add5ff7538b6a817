from odoo import models

from ....core.late_charges.refusal import ChargeRefused
from ..rules.late_rules import LateRulesOf


class ArLateChargeTakenBack(models.Model):
    """What was charged for amounts that were never owed is taken back."""

    _inherit = "ar.late.charge"

    def _take_back(self, today):
        """Take back what was charged for amounts that were never owed: credited, or granted in a dispute.

        Drafts lose their lines; for posted invoices a credit note is drafted.
        """
        excessive = self.filtered(
            lambda charge: charge.charged > 0 and charge.currency_id.compare_amounts(charge.charged, charge.total) > 0
        )
        if not excessive:
            return
        facts = {found.item.line_id: found for found in self._read_facts(excessive._read_own_items(), today)}
        kept = excessive._read_not_taken_back()
        for charge in excessive:
            over = charge._get_excess(facts.get(charge.move_line_id.id), kept.get(charge, 0.0), today)
            if charge.currency_id.compare_amounts(over, 0) > 0:
                charge._reduce(over)
        excessive._refresh_left()

    def _read_not_taken_back(self):
        """Return {charge: float}: what of a lump sum that was never owed stays charged.

        Extension point: for lump sums that other charges are the less for.
        """
        return {}

    def _get_excess(self, facts, kept, today):
        """Return how much more was charged than was ever owed; 0 where the invoice itself was not reduced.

        :param float kept: see :meth:`_read_not_taken_back`
        """
        self.ensure_one()
        if not facts:
            return self.charged - kept if self.move_id.state == "cancel" else 0.0
        is_reduced = any(change.works_back for change in facts.firm.changes) or (
            facts.firm.excluded > facts.item.amount * facts.item.charge_share
        )
        if not is_reduced:
            return 0.0
        rules = LateRulesOf(self.env, today)[facts.item.policy_id]
        try:
            interest = rules.accrue(facts.firm, facts.item.currency_id, facts.get_last_day(today))
        except ChargeRefused:
            return 0.0  # nobody knows how much was owed; the night reports the policy's missing rate
        return self.charged - float(interest.amount) - (self.lump_sum if interest.periods else kept)

    def _reduce(self, over):
        """Take an amount back from what charges this late charge, the latest first."""
        self.ensure_one()
        for billing in self._get_live_billings().filtered(lambda row: row.amount > 0).sorted("id", reverse=True):
            if self.currency_id.compare_amounts(over, 0) <= 0:
                return
            over -= billing.amount
            if billing.move_id.state == "draft":
                billing._drop_from_draft()
            else:
                billing._draft_credit_note(min(billing.amount, over + billing.amount))
