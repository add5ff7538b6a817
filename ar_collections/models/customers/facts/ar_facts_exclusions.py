import datetime
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.customers.differences import is_remainder
from ....core.facts import Exclusion
from ....core.money import ZERO, to_decimal
from ..sql import pg_array


class ArFactsExclusions(models.AbstractModel):
    """The exclusions: reasons to send no reminders of (part of) an item."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Return {line id: list of exclusions of (part of) the item}.

        An override adds the exclusions of its own agreements to the result, in the line's currency.

        :param customers: `ar.customer` recordset of one company
        :param list[OpenLine] lines: their open lines
        :param Scope scope: what the decision takes into account
        :rtype: dict[int, list[Exclusion]]
        """
        exclusions = defaultdict(list)
        cutoff = scope.cutoff_date or customers.company_id.ar_cutoff_date
        days = customers._map_of_policy(lambda policy: policy.minimum_known_days)
        known_since = today - datetime.timedelta(days=max(days.values(), default=0))
        differences = self._find_small_differences(customers, lines)
        for line in lines:
            if line.is_blocked and line.residual_currency > 0:
                exclusions[line.line_id].append(Exclusion(codes.PAYMENT_BLOCKED, line.residual_currency))
            # As the run of that day will end it. What the run left, because somebody worked on the invoice, waits.
            is_over = scope.is_judged and line.excluded_until and line.excluded_until <= today
            if line.excluded and not is_over:
                exclusions[line.line_id].append(Exclusion(codes.EXCLUDED, line.residual_currency, line.excluded_until))
                if line.is_our_payment:  # it is no debt, excluded or not
                    exclusions[line.line_id].append(Exclusion(codes.OUR_PAYMENT, line.residual_currency))
            elif line.is_our_payment:
                exclusions[line.line_id].append(Exclusion(codes.OUR_PAYMENT, line.residual_currency))
            elif line.line_id in differences:
                exclusions[line.line_id].append(Exclusion(codes.SMALL_DIFFERENCE, line.residual_currency))
            elif cutoff and line.due_date < cutoff:
                exclusions[line.line_id].append(Exclusion(codes.BEFORE_CUTOFF, line.residual_currency))
            elif (
                not scope.is_manual
                and line.known_on
                and line.known_on > known_since
                and (until := self._get_known_until(line, days, today))
            ):
                exclusions[line.line_id].append(Exclusion(codes.RECENTLY_ENTERED, line.residual_currency, until))
        for line_id, exclusion in self._read_pending_payments(customers, lines, today):
            exclusions[line_id].append(exclusion)
        return exclusions

    def _read_assumed(self, customers, lines, today):
        """Return {line id: why it is assumed that the invoice arrived}; the invoicing domain overrides it.

        :param lines: as in `_read_exclusions`
        """
        return {}

    @api.model
    def _get_known_until(self, line, days, today):
        """Return the day from which the customer has known of an invoice for long enough; ``None`` where it has.

        For a day before it was entered, as in a replay, nothing is known.

        :param OpenLine line: with ``known_on``
        :param dict days: {partner id: number of days in the policy}
        """
        until = line.known_on + datetime.timedelta(days=days.get(line.partner_id, 0))
        return until if line.known_on <= today < until else None

    def _find_small_differences(self, customers, lines):
        """Return {line id: why}: items of which so little is left that nobody asks for it.

        The reasons: ``rounding``, ``discount`` (taken in time) and ``tolerance`` (of the customer's policy).
        """
        found, tolerances = {}, None
        smallest = {
            c.id: to_decimal(c.rounding) for c in self.env["res.currency"].browse({x.currency_id for x in lines})
        }
        for line in lines:
            if line.residual_currency <= 0 or line.is_our_payment:
                continue
            if is_remainder(line.residual_currency, line.residual, line.paid_part_of, smallest[line.currency_id]):
                found[line.line_id] = "rounding"
            elif line.is_discount:
                found[line.line_id] = "discount"
            elif line.paid_part_of:
                tolerances = tolerances or customers._map_of_policy(lambda policy: policy._get_tolerance())
                if tolerances[line.partner_id].covers(line.residual, line.paid_part_of):
                    found[line.line_id] = "tolerance"
        return found

    def _read_pending_payments(self, customers, lines, today):
        """Yield (line id, exclusion) for the amounts of pending online payments.

        A confirmed transaction counts until its payment is booked; a pending one for the policy's number of days, or
        for as long as its payment method takes.
        """
        rows, company = self._read_pending_transactions(lines), customers.company_id
        pending_days = customers._map_of_policy(lambda policy: policy.pending_payment_days) if rows else {}
        allocations = self._read_allocations([row[0] for row in rows])
        answer_days = self._read_answer_days([row[0] for row in rows])
        debts = defaultdict(list)
        for number, line in enumerate(lines if rows else ()):
            if line.residual_currency > 0:
                debts[line.move_id, line.currency_id].append((number, line))
        for tx_id, amount, currency_id, state, changed, move_ids in rows:
            found = sorted(pair for move_id in set(move_ids) for pair in debts[move_id, currency_id])
            payable = [line for _number, line in found]
            spread = self._spread(Decimal(amount), payable, allocations.get(tx_id))
            for line in payable:  # of several customers where one of them pays for the others
                days = max(pending_days.get(line.partner_id, 0), answer_days.get(tx_id, 0))
                is_endless = not changed or state == "done"
                until = None if is_endless else company._ar_day(changed) + datetime.timedelta(days=days + 1)
                part = spread.get(line.line_id, ZERO)
                if part > 0 and (until is None or self._is_awaited(until, today)):
                    yield line.line_id, Exclusion(codes.PAYMENT_PENDING, part, until)

    @api.model
    def _is_awaited(self, until, today):
        """Return whether a payment that has not arrived still counts; extension point.

        :param date until: the day from which it does not, by the customer's policy
        """
        return today < until

    @api.model
    def _read_answer_days(self, tx_ids):
        """Return {transaction id: days that its payment method takes} of those that take long; extension point."""
        return {}

    def _read_pending_transactions(self, lines):
        """Return rows (id, amount as text, currency id, state, last change, invoice ids) of pending online payments."""
        return self.env.execute_query(
            SQL(
                """
                SELECT tx.id, tx.amount::text, tx.currency_id, tx.state, tx.last_state_change,
                       array_agg(rel.invoice_id)
                  FROM payment_transaction tx
                  JOIN account_invoice_transaction_rel rel ON rel.transaction_id = tx.id
                 WHERE rel.invoice_id = ANY(%(moves)s::int[])
                   AND tx.operation NOT IN ('refund', 'validation')
                   AND (tx.state IN ('pending', 'authorized')
                        OR (tx.state = 'done' AND tx.is_post_processed IS NOT TRUE))
              GROUP BY tx.id
                """,
                moves=pg_array({line.move_id for line in lines}),
            )
        )

    @api.model
    def _spread(self, amount, lines, allocation):
        """Return {line id: amount} of a pending payment: as the customer allocated it, else oldest first.

        :param dict allocation: {line id: amount} of a payment made on the customer page, or None
        """
        if allocation is not None:
            return {line.line_id: allocation[line.line_id] for line in lines if line.line_id in allocation}
        spread = {}
        for line in lines:
            spread[line.line_id] = min(amount, line.residual_currency)
            amount -= spread[line.line_id]
        return spread

    @api.model
    def _read_allocations(self, tx_ids):
        """Return {transaction id: {line id: amount, discount included}} of payments made on the customer page."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT transaction_id, move_line_id, SUM(amount + COALESCE(discount, 0))::text
                  FROM ar_payment_allocation
                 WHERE transaction_id = ANY(%(transactions)s::int[]) AND move_line_id IS NOT NULL
              GROUP BY transaction_id, move_line_id
                """,
                transactions=pg_array(tx_ids),
            )
        )
        allocations = defaultdict(dict)
        for tx_id, line_id, amount in rows:
            allocations[tx_id][line_id] = Decimal(amount)
        return allocations
