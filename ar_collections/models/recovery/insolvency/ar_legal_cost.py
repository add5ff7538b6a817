from odoo import models

from ....core.recovery.insolvency import charge_arose_on
from .split import split_claimed


class ArLegalCost(models.Model):
    """Costs that are claimed in insolvency proceedings are invoiced apart from those of later debts."""

    _inherit = "ar.legal.cost"

    def _group_for_invoices(self):
        """Override, as for late charges."""
        return split_claimed(super()._group_for_invoices(), self._find_claimed())

    def _pair_with_charges(self, charges):
        """Override to set off only what is claimed against what is claimed, and later debts against later ones."""
        claimed, held = self._find_claimed(), charges._find_claimed()
        return [
            pair
            for costs, own in super()._pair_with_charges(charges)
            for pair in ((costs & claimed, own & held), (costs - claimed, own - held))
            if pair[0]
        ]

    def _find_claimed(self):
        """Return those of these costs that are claimed today: of a case about old debts, or from before the opening."""
        found, facts = self.browse(), self.env["ar.facts"]
        for company, own in self.grouped("company_id").items():
            proceedings, today = facts._read_proceedings(company, own.partner_id.ids), company._ar_today()
            concerned = own.filtered(lambda cost, of=proceedings: cost.partner_id.id in of)
            days = self.env["ar.debt.day"]._read_days(concerned.placement_id.line_ids.move_line_id.ids)
            for cost in concerned:
                items = cost.placement_id.line_ids.move_line_id
                day = charge_arose_on(cost.date, [(days[item.id], None) for item in items])
                if any(each.covers(day) and each.holds(today) for each in proceedings[cost.partner_id.id]):
                    found |= cost
        return found
