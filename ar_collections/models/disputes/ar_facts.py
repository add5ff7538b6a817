from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.disputes.dispute import DisputedPart, excluded_parts, share_credits
from ...core.facts import Exclusion
from ...core.money import ZERO
from ..agreements.ar_facts import CREDITED
from ..customers.sql import pg_array


class ArFacts(models.AbstractModel):
    """Disputes in the customer's facts: only disputed amounts are excluded, the rest of an item is due and payable."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude amounts that are disputed, granted but not credited yet, or in a grace period."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        parts = self._read_disputed_parts([line.line_id for line in lines], today)
        residuals = {line.line_id: line.residual_currency for line in lines} if parts else {}
        for line_id, part in parts:
            for amount, until in excluded_parts(part, residuals.get(line_id, ZERO), today):
                exclusions[line_id].append(Exclusion(codes.DISPUTED, amount, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume items that are not disputed any more, from the end of the grace period."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, MAX(COALESCE(dispute.grace_until, dispute.date_resolved))
                  FROM ar_dispute dispute
                  JOIN ar_dispute_line line ON line.dispute_id = dispute.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND dispute.state IN ('rejected', 'partly', 'withdrawn')
              GROUP BY line.move_line_id
                """,
                pg_array([line.line_id for line in lines]),
            )
        )
        for line_id, day in rows:
            resumed[line_id] = max(day, resumed.get(line_id, day))
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the disputes about the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.dispute.line"])]

    def _read_disputed_parts(self, line_ids, today):
        """Return [(line id, DisputedPart)] of all disputes that may exclude an amount, oldest dispute first.

        A dispute is found by its items, so that it holds for whoever owes them now.
        Credit notes on an item are allocated to its disputes in this order, see `core.disputes.dispute.share_credits`.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, dispute.state, line.amount::text, COALESCE(line.amount_accepted, 0)::text,
                       COALESCE(line.credited_before, 0)::text, COALESCE(credited.amount, 0)::text, dispute.grace_until
                  FROM ar_dispute dispute
                  JOIN ar_dispute_line line ON line.dispute_id = dispute.id
             LEFT JOIN LATERAL (%(credited)s AND partial.debit_move_id = line.move_line_id
                                GROUP BY partial.debit_move_id) credited ON TRUE
                 WHERE line.move_line_id = ANY(%(lines)s::int[])
                   AND (dispute.state IN ('new', 'review', 'accepted', 'partly')
                        OR (dispute.state = 'rejected' AND dispute.grace_until > %(today)s))
              ORDER BY dispute.id, line.id
                """,
                credited=CREDITED,
                lines=pg_array(line_ids),
                today=today,
            )
        )
        granted = defaultdict(list)
        for line_id, _state, _amount, accepted, before, *_others in rows:
            granted[line_id].append((Decimal(accepted), Decimal(before)))
        credited_by_line = {row[0]: Decimal(row[5]) for row in rows}
        shares = {
            line_id: iter(share_credits(disputed, credited_by_line[line_id])) for line_id, disputed in granted.items()
        }
        parts = [
            (line_id, DisputedPart(state, Decimal(amount), Decimal(accepted), next(shares[line_id]), grace_until))
            for line_id, state, amount, accepted, _before, _credited, grace_until in rows
        ]
        return parts

    @api.model
    def _read_disputed(self, line_ids, today):
        """Override to add the amounts that disputes exclude."""
        disputed = super()._read_disputed(line_ids, today)
        for line_id, part in self._read_disputed_parts(line_ids, today):
            disputed[line_id] += sum((amount for amount, _until in excluded_parts(part, part.amount, today)), ZERO)
        return disputed

    @api.model
    def _read_contested(self, line_ids, today):
        """Override to add the amounts that disputes exclude, and those that were granted and credited."""
        contested = super()._read_contested(line_ids, today)
        for line_id, part in self._read_disputed_parts(line_ids, today):
            excluded = sum((amount for amount, _until in excluded_parts(part, part.amount, today)), ZERO)
            contested[line_id] += excluded + min(part.accepted, part.credited)
        return contested
