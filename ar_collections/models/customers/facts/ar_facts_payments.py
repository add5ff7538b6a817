import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import Exclusion
from ....core.money import ZERO, proportion
from ....core.payments import RegisteredPayment
from ..sql import pg_array


class WaitingPayment(NamedTuple):
    """A payment that has no journal entry; the amount is in its own currency, ``booked`` in company currency."""

    payment_id: int
    partner_id: int
    #: It was made to us; otherwise by us.
    is_inbound: bool
    day: datetime.date
    currency_id: int
    amount: Decimal
    booked: Decimal
    #: The open invoices that it was registered for; empty for a payment on account.
    move_ids: list[int]


class ArFactsPayments(models.AbstractModel):
    """Payments that were registered without a journal entry: they are in no ledger until the bank statement shows them.

    Odoo books no entry where the payment method has no outstanding account; the invoice is "In Payment" as a whole, or
    "Paid" without Odoo's accounting app, whatever was paid of it. Here the paid amount alone is excluded, for the
    policy's number of days.
    """

    _inherit = "ar.facts"

    def _exclude_registered_payments(self, customers, lines, today, exclusions):
        """Add the exclusions of registered payments in place: of their own invoices, then of the oldest items.

        Money on account covers what no other reason excludes; parts of a payment plan are covered, because payments
        settle them. Our own payments to the customer reduce credits instead.

        :param list[OpenLine] lines: the customers' open lines, oldest first
        :param exclusions: {line id: list of exclusions}, see `_read_exclusions`
        :return: ({partner id: list of RegisteredPayment}, {partner id: {currency id: amount paid to the customer}},
            {line id: days of the payments that cover it})
        """
        registered, paid_back = defaultdict(list), defaultdict(lambda: defaultdict(Decimal))
        paid_on = defaultdict(list)
        payments = self._read_waiting_payments(customers)
        days = customers._map_of_policy(lambda policy: policy.pending_payment_days) if payments else {}
        near = self._group_near(payments, lines)
        for payment in payments:
            until = payment.day + datetime.timedelta(days=days[payment.partner_id] + 1)
            if payment.is_inbound:
                registered[payment.partner_id].append(RegisteredPayment(payment.payment_id, payment.day, until))
            if today >= until and not (payment.is_inbound and self._is_awaited(until, today)):
                continue
            if not payment.is_inbound:
                paid_back[payment.partner_id][payment.currency_id] += payment.amount
                continue
            for line_id, part in self._spread_registered(payment, near[payment.payment_id], exclusions):
                exclusions[line_id].append(Exclusion(codes.PAYMENT_PENDING, part, until))
                paid_on[line_id].append(payment.day)
        return registered, paid_back, paid_on

    def _exclude_rests(self, customers, lines, exclusions, paid_on):
        """Exclude, in place, what pending payments leave of an item if it will be a small difference.

        :param paid_on: {line id: days of the registered payments that cover it}
        """
        pending = {
            line_id: ends
            for line_id, found in exclusions.items()
            if (ends := [exclusion.until for exclusion in found if exclusion.code == codes.PAYMENT_PENDING])
        }
        tolerances = customers._map_of_policy(lambda policy: policy._get_tolerance()) if pending else {}
        for line in (line for line in lines if line.line_id in pending):
            rest = line.residual_currency - sum((row.amount for row in exclusions[line.line_id]), ZERO)
            if rest <= 0:
                continue
            booked = proportion(line.residual, rest, line.residual_currency)
            is_small = tolerances[line.partner_id].covers(booked, line.paid_part_of or line.residual)
            if is_small or self._is_discount_in_time(line, rest, paid_on.get(line.line_id, ())):
                ends = pending[line.line_id]
                until = None if None in ends else min(ends)
                exclusions[line.line_id].append(Exclusion(codes.SMALL_DIFFERENCE, rest, until))

    @api.model
    def _is_discount_in_time(self, line, rest, paid_on):
        """Return whether the rest of a line is its early-payment discount, and the payment was registered in time.

        :param paid_on: days of the registered payments that cover the line
        """
        if not line.discount_date or rest > (line.discount or ZERO):
            return False
        return bool(paid_on) and max(paid_on) <= line.discount_date

    def _read_waiting_payments(self, customers):
        """Return the payments of the customers that have no entry, those for invoices first, then oldest first.

        One that was marked as paid, which Odoo does by itself without its accounting app, counts while nothing was
        booked on its open invoice since: that may be its money.

        :rtype: list[WaitingPayment]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT payment.id, partner.commercial_partner_id, payment.payment_type = 'inbound', payment.date,
                       payment.currency_id, payment.amount::text, ABS(payment.amount_company_currency_signed)::text,
                       COALESCE(array_agg(invoice.id) FILTER (WHERE invoice.id IS NOT NULL), '{}')
                  FROM account_payment payment
                  JOIN res_partner partner ON partner.id = payment.partner_id
             LEFT JOIN account_move__account_payment rel ON rel.payment_id = payment.id
             LEFT JOIN account_move invoice ON invoice.id = rel.invoice_id
                 WHERE payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
                   AND partner.commercial_partner_id = ANY(%(partners)s::int[])
                   AND COALESCE(invoice.company_id, payment.company_id) = %(company)s
                   AND payment.partner_type = 'customer'
                   AND (payment.state = 'in_process'
                        OR (invoice.amount_residual <> 0 AND NOT EXISTS (
                            SELECT FROM account_move_line item
                              JOIN account_partial_reconcile part
                                ON item.id IN (part.debit_move_id, part.credit_move_id)
                             WHERE item.move_id = invoice.id AND part.create_date >= payment.create_date)))
              GROUP BY payment.id, partner.id
              ORDER BY MIN(invoice.id) IS NULL, payment.date, payment.id
                """,
                partners=pg_array(customers.partner_id.ids),
                company=customers.company_id.id,
            )
        )
        return [WaitingPayment(*row[:5], Decimal(row[5]), Decimal(row[6]), row[7]) for row in rows]

    @api.model
    def _group_near(self, payments, lines):
        """Return {payment id: the open lines of its customer and of its invoices, in their order}."""
        of_move, of_partner = defaultdict(dict), defaultdict(dict)
        for number, line in enumerate(lines if payments else ()):
            of_move[line.move_id][number] = of_partner[line.partner_id][number] = line
        grouped = {}
        for payment in payments:
            near = {**of_partner[payment.partner_id]}
            for move_id in payment.move_ids:
                near |= of_move[move_id]
            grouped[payment.payment_id] = [near[number] for number in sorted(near)]
        return grouped

    @api.model
    def _spread_registered(self, payment, lines, exclusions):
        """Yield (line id, amount in its currency) that a payment covers: its own invoices, then other items.

        The rest of a payment in another currency is not spread, because nobody knows at which rate it will be matched.

        :param lines: see `_group_near`
        """
        own = [line for line in lines if line.move_id in payment.move_ids]
        other = [
            line
            for line in lines
            if line.partner_id == payment.partner_id
            and line.currency_id == payment.currency_id
            and line.move_id not in payment.move_ids
        ]
        left, booked = payment.amount, payment.booked
        for line in (*own, *other):
            if line.residual_currency <= 0 or line.is_our_payment:
                continue
            free = self._get_free_amount(line, exclusions.get(line.line_id, ()), own=line.move_id in payment.move_ids)
            if line.currency_id == payment.currency_id:
                part = min(left, free)
                left -= part
            else:
                worth = min(booked, proportion(line.residual, free, line.residual_currency))
                part = proportion(line.residual_currency, worth, line.residual)
                booked -= worth
            if part > 0:
                yield line.line_id, part

    @api.model
    def _get_free_amount(self, line, excluded, own):
        """Return how much of a line a registered payment may cover.

        :param excluded: the exclusions of the line so far
        :param bool own: the payment was registered for this line: only other payments reduce what it covers
        """
        codes_left_out = {codes.PLAN_ACTIVE, codes.AUTOPAY_AGREED}
        taken = (
            exclusion.amount
            for exclusion in excluded
            if (exclusion.code == codes.PAYMENT_PENDING if own else exclusion.code not in codes_left_out)
        )
        return max(line.residual_currency - sum(taken, ZERO), ZERO)
