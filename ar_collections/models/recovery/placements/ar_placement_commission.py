from odoo import api, fields, models

from ....core.money import to_decimal
from ....core.recovery.commission import Collected, age_points, bill


class ArPlacementCommission(models.Model):
    """What the agency may claim for a case, compared with what its statement claims."""

    _inherit = "ar.placement"

    age_points = fields.Float(
        "Points for Age", digits=(5, 2), readonly=True, copy=False,
        help="Percentage points that are added to the agency's rates, by the age of the debts at the placement.",
    )  # fmt: skip
    commission = fields.Monetary(
        compute="_compute_commission", compute_sudo=True, help="Commission on all that came in since the placement."
    )
    commission_vat = fields.Monetary("VAT", compute="_compute_commission", compute_sudo=True)
    commission_total = fields.Monetary("Commission with VAT", compute="_compute_commission", compute_sudo=True)
    amount_net = fields.Monetary("Left for You", compute="_compute_commission", compute_sudo=True)
    amount_claimed = fields.Monetary(
        "Claimed by the Agency", copy=False, help="Commission with VAT on the agency's statements of this case so far."
    )
    commission_difference = fields.Monetary(
        "Difference", compute="_compute_commission", compute_sudo=True,
        help="What the agency claims above what its commission is; negative: below.",
    )  # fmt: skip

    _claim_not_negative = models.Constraint(
        "CHECK (amount_claimed IS NULL OR amount_claimed >= 0)", "What the agency claims cannot be negative."
    )

    @api.depends("payment_ids.amount", "payment_ids.is_direct", "payment_ids.is_credit", "amount_claimed", "age_points")
    def _compute_commission(self):
        for placement in self:
            currency = placement.currency_id
            day = placement.placed_on or placement.date_proposed
            agreed = placement.agency_id._get_rules(currency, day)
            unit = to_decimal(currency.rounding)
            found = bill(placement._get_collected(), agreed, to_decimal(placement.age_points), unit)
            placement.commission = float(found.commission)
            placement.commission_vat = float(found.vat)
            placement.commission_total = float(found.commission + found.vat)
            placement.amount_net = float(found.net)
            difference = placement.amount_claimed - placement.commission_total if placement.amount_claimed else 0.0
            placement.commission_difference = placement.currency_id.round(difference)

    def _get_collected(self):
        """Return the money that came in since the placement; the agency has no share in what was paid before that day.

        :rtype: list[core.recovery.commission.Collected]
        """
        self.ensure_one()
        since = self.placed_on
        rows = self.payment_ids.filtered(lambda row: row.amount and not row.is_credit and row.date >= since)
        return [
            Collected(to_decimal(self.currency_id.round(row.amount)), (row.date - self.placed_on).days, row.is_direct)
            for row in rows
        ]

    def _get_age_points(self, day):
        """Return the points for the age of the debts on a day.

        :rtype: Decimal
        """
        self.ensure_one()
        debts = [
            (to_decimal(self.currency_id.round(line.amount)), _full_months(line.date_due, day))
            for line in self.line_ids
        ]
        return age_points(debts, self.agency_id._get_rules().additions)


def _full_months(start, end):
    """Return the number of full months between two days."""
    return max((end.year - start.year) * 12 + end.month - start.month - (end.day < start.day), 0)
