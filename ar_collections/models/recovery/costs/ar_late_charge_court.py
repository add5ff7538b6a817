import contextlib
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ....core.late_charges.refusal import ChargeRefused
from ....core.money import ZERO, to_decimal
from ...late_charges.ar_late_charge import LIVE
from ...late_charges.rules.late_rules import LateRulesOf


class CourtClaim(NamedTuple):
    """What a payment order claims of one late charge, in its currency, besides the items that it lists.

    :param charged_until: the last day whose interest the listed invoices charge; interest is claimed after it
    :param lump_sum: what is claimed of the lump sum
    :param counted: the lump sum that counts against costs: what is claimed of it, and what listed invoices charge
    :param less: what the interest that is claimed has too much; negative: too little
    """

    charged_until: date | None
    lump_sum: Decimal
    counted: Decimal
    less: Decimal


class Unlisted(NamedTuple):
    """An open item that the payment order does not list."""

    line_id: int
    residual_currency: Decimal


class ArLateChargeCourt(models.Model):
    """Late charges in a payment order: the court computes the interest itself, from a first day on."""

    _inherit = "ar.late.charge"

    def _read_court_claims(self, items):
        """Return {charge: CourtClaim} of the charges of some items, by the last night.

        As the items, it is what the books say today. Drafts charge nothing. Posted invoices that are open and not
        listed are claimed with the charge itself.

        :param items: the `account.move.line` that the payment order lists
        """
        unlisted = self._find_unlisted(items)
        done, covering = self._read_done(date.max, unlisted), self._find_covering(unlisted)
        until = {charge.id: charge._get_charged_until(covering) for charge in self}
        before = self._read_interest_until(until, covering)
        return {
            charge: charge._get_court_claim(*done[charge.id], until[charge.id], before[charge.id]) for charge in self
        }

    def _find_unlisted(self, items):
        """Return the open items of invoices of these charges that are not among some items: [Unlisted]."""
        lines = self.billing_ids.move_id.filtered(lambda move: move.state == "posted").line_ids - items
        return [
            Unlisted(line.id, to_decimal(line.currency_id.round(line.amount_residual_currency)))
            for line in lines
            if line.account_id.account_type == "asset_receivable" and line.amount_residual_currency > 0
        ]

    def _find_covering(self, unlisted):
        """Return the billings of documents that are listed in full, or paid."""
        shares = self._read_listed_shares(unlisted)
        return self.billing_ids.filtered(
            lambda row: row.move_state == "posted" and shares.get(row.move_id.id, Decimal(1)) == 1
        )

    def _get_charged_until(self, covering):
        """Return the last day whose interest some billings charge; `None`: none, or credit notes took it back."""
        own = covering & self.billing_ids
        if self.currency_id.compare_amounts(sum(own.mapped("interest")), 0) <= 0:
            return None
        return max(filter(None, own.mapped("until")), default=self.date_due)

    def _read_interest_until(self, until, covering):
        """Return {charge id: Decimal}: the interest up to the day until which it is charged.

        Where it cannot be computed, it is what was charged.

        :param dict until: {charge id: day or `None`}
        :param covering: see :meth:`_find_covering`
        """
        charged = self.filtered(lambda charge: until[charge.id])
        today = max(filter(None, charged.mapped("accrued_on")), default=None)
        facts = self._read_facts(charged._read_own_items(), today) if today else ()
        known = {found.item.line_id: found for found in facts}
        rules_of, result = LateRulesOf(self.env, today), {}
        for charge in self:
            interest = sum((covering & charge.billing_ids).mapped("interest")) if until[charge.id] else 0.0
            result[charge.id] = to_decimal(charge.currency_id.round(interest))
            found = known.get(charge.move_line_id.id)
            with contextlib.suppress(ChargeRefused):
                if found:
                    rules, last = rules_of[found.item.policy_id], found.get_last_day(until[charge.id])
                    result[charge.id] = rules.accrue(found.debt, found.item.currency_id, last).amount
        return result

    def _get_court_claim(self, done, done_lump, until, before):
        """Return what is claimed of this charge.

        :param Decimal done: see :meth:`_read_done`; ``done_lump`` is its part that is a lump sum
        :param until: see :meth:`_get_charged_until`
        :param Decimal before: the interest until that day
        """
        self.ensure_one()
        if self.state not in (*LIVE, "charged", "waived"):
            return CourtClaim(until, ZERO, done_lump, ZERO)
        interest, lump_sum = (to_decimal(self.currency_id.round(part)) for part in (self.interest, self.lump_sum))
        left = max(interest + lump_sum - done, ZERO)
        open_lump = max(min(lump_sum - done_lump, left), ZERO)
        return CourtClaim(until, open_lump, done_lump + open_lump, interest - before - (left - open_lump))
