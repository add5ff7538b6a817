from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core.late_charges.interest import Debt, Interest, accrue
from ....core.late_charges.lump_sum import get_lump_sum
from ....core.money import ZERO, to_decimal
from ...customers.sql import pg_array
from ..ar_late_charge import LIVE


class ClaimRow(NamedTuple):
    """What is claimed about one item as of a day, in its own currency.

    :param done: late charges of the item that were invoiced or waived, without what is invoiced, open and not listed
    :param done_lump: the lump sum that is a part of it
    """

    item_id: int
    name: str
    due: date
    currency_id: int
    amount: Decimal
    open: Decimal
    interest: Interest
    lump_sum: Decimal
    done: Decimal
    done_lump: Decimal = ZERO

    def without_lump_sum(self):
        """Return the row without the lump sum, also where an invoice charges it."""
        return self._replace(lump_sum=ZERO, done=self.done - self.done_lump, done_lump=ZERO)

    @property
    def lump_sum_claimed(self):
        """The lump sum as far as the row claims it, or listed invoices charge it: without what was waived."""
        left = max(self.interest.amount + self.lump_sum - self.done, ZERO)
        return self.done_lump + max(min(self.lump_sum - self.done_lump, left), ZERO)

    @property
    def deducted(self):
        """What is deducted of interest and lump sum: what was invoiced or waived, but no more than they are."""
        return min(self.done, self.interest.amount + self.lump_sum)

    @property
    def total(self):
        return self.open + self.interest.amount + self.lump_sum - self.deducted


class ArLateChargeClaimFacts(models.Model):
    """The claim against one customer as of a day: principal, interest and lump sums, read from the books."""

    _inherit = "ar.late.charge"

    @api.model
    def _read_claim(self, customer, regime, day, has_all=False):
        """Return what is claimed about each overdue item, and the credits that nobody has matched.

        Entries without an invoice are listed with what is open of them, without interest.

        :param customer: `ar.customer`; the caller checked the access
        :param regime: `ar.late.charge.regime`; none: without late charges
        :param bool has_all: all that is owed, also what is not due yet, and what is no invoice
        :return: ([ClaimRow], {currency id: Decimal})
        :raise ChargeRefused: where a rate is missing
        """
        open_items = self.env["ar.as.of"]._read_items(customer.company_id, day, customer.partner_id.ids)
        debts = {item.line_id: item for item in open_items if item.is_debt and not item.is_our_payment}
        overdue = {line_id: item for line_id, item in debts.items() if has_all or item.due_date < day}
        charges = self.search([("customer_id", "=", customer.id), ("move_line_id", "!=", False)])
        unlisted = [item for line_id, item in debts.items() if line_id not in overdue]
        done = charges._read_done(day, unlisted)
        owed = charges.filtered(lambda charge: charge.date_due < day and charge._is_owed_besides(done[charge.id][0]))
        facts = self._read_facts(self._read_items_of({*overdue, *owed.move_line_id.ids}), day)
        rows, known = [], {charge.move_line_id.id: charge for charge in charges}
        with_lump_sum = set()
        for found in facts:
            charge, rest = known.get(found.item.line_id), overdue.get(found.item.line_id)
            row = self._make_claim_row(found, regime, day, rest.residual_currency if rest else ZERO)
            if row.interest.periods and found.item.move_id not in with_lump_sum:
                with_lump_sum.add(found.item.move_id)
                row = row._replace(lump_sum=self._get_claimed_lump_sum(found.item, regime))
            done_of, lump_of = done[charge.id] if charge else (ZERO, ZERO)
            rows.append(row._replace(done=done_of, done_lump=lump_of))
        found = {row.item_id for row in rows}
        rows += [self._make_plain_row(item) for line_id, item in overdue.items() if line_id not in found]
        return rows, self._sum_credits(open_items)

    def _is_owed_besides(self, done):
        """Return whether more of the late charge is owed than an amount, by the last night.

        :param Decimal done: what was waived or charged
        """
        self.ensure_one()
        return self.state in (*LIVE, "charged", "waived") and to_decimal(self.currency_id.round(self.total)) > done

    def _read_done(self, day, unlisted=()):
        """Return {charge id: (Decimal, its part that is a lump sum)}: what was waived, or documents charge on a day.

        Not yet: drafts, which nobody has to pay, and documents of later days. What is open of invoices that the claim
        does not list, because they are not due yet, is claimed with the late charge itself.

        :param unlisted: open items that the claim does not list
        """
        waived = {charge_id: to_decimal(outcome.waived) for charge_id, outcome in self._read_outcomes().items()}
        done = {charge_id: [amount, ZERO] for charge_id, amount in waived.items()}
        shares = self._read_listed_shares(unlisted)
        for row in self.billing_ids:
            move = row.move_id
            if move.state == "posted" and move.date <= day:
                share, currency = shares.get(move.id, Decimal(1)), row.currency_id
                for number, amount in enumerate((row.amount, row.lump_sum)):
                    part = to_decimal(currency.round(amount)) * share
                    done[row.charge_id.id][number] += to_decimal(currency.round(float(part)))
        return {charge_id: tuple(amounts) for charge_id, amounts in done.items()}

    def _read_listed_shares(self, unlisted):
        """Return {invoice id: share} of invoices that the claim does not list in full: what is paid of them, or listed.

        :param unlisted: open items that the claim does not list
        """
        moves = self.billing_ids.move_id
        lines = self.env["account.move.line"].browse([item.line_id for item in unlisted])
        move_of = {line.id: line.move_id for line in lines}
        left = {}
        for item in unlisted:
            move = move_of[item.line_id]
            if move in moves and move.amount_total:
                left[move] = left.get(move, ZERO) + item.residual_currency
        return {move.id: 1 - amount / to_decimal(move.amount_total) for move, amount in left.items()}

    @api.model
    def _make_claim_row(self, found, regime, day, rest):
        """Return the row of a late item, without lump sum.

        :param LateFacts found: the item with its history
        :param Decimal rest: what was open of it on the day
        """
        item = found.item
        debt = replace(found.debt, changes=tuple(change for change in found.debt.changes if change.day <= day))
        interest = self._get_claimed_interest(debt, item, regime, found.get_last_day(day)) if regime else Interest()
        return ClaimRow(item.line_id, item.name, item.due, item.currency_id, item.amount, rest, interest, ZERO, ZERO)

    @api.model
    def _sum_credits(self, open_items):
        """Return {currency id: what nobody has matched of payments and credit notes}."""
        credits = {}
        for item in open_items:
            if not item.is_debt:
                credits[item.currency_id] = credits.get(item.currency_id, ZERO) - item.residual_currency
        return credits

    @api.model
    def _make_plain_row(self, item):
        """Return what is claimed of an entry without an invoice, such as an opening balance: what is open of it.

        Nobody knows when it was agreed to be paid, and what was paid of it before.
        """
        open_amount = item.residual_currency
        return ClaimRow(
            item.line_id, item.name, item.due_date, item.currency_id, item.original, open_amount, Interest(), ZERO, ZERO
        )

    @api.model
    def _read_items_of(self, line_ids):
        """Return these journal items of invoices, whatever the policy of their customers says.

        :rtype: list[LateItem]
        """
        return self._fetch_items(
            SQL(
                """
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id AND move.move_type IN ('out_invoice', 'out_receipt')
                  JOIN res_partner debtor ON debtor.id = line.partner_id
                  JOIN res_partner partner ON partner.id = debtor.commercial_partner_id
                  JOIN ar_customer account ON account.partner_id = partner.id AND account.company_id = line.company_id
             LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
                 WHERE line.id = ANY(%s::int[]) AND line.amount_currency > 0
                """,
                pg_array(line_ids),
            )
        )

    @api.model
    def _get_claimed_interest(self, debt: Debt, item, regime, day):
        """Return the interest of an item by the chosen rules."""
        currency = self.env["res.currency"].browse(item.currency_id)
        policy = self.env["ar.credit.policy"].browse(item.policy_id or [])
        calendar = policy._get_work_calendar(day) if policy and regime.moves_to_workday else None
        return accrue(debt, regime._get_terms(currency), day, calendar)

    @api.model
    def _get_claimed_lump_sum(self, item, regime):
        """Return the lump sum of an item's invoice by the chosen rules, in the item's currency.

        :raise UserError: where a currency has no rate
        """
        move = self.env["account.move"].browse(item.move_id)
        size = self._convert(move.amount_total, move.currency_id, regime.currency_id, move.company_id, item)
        amount = get_lump_sum(to_decimal(size), regime._get_lump_sums())
        if not amount:
            return ZERO
        return to_decimal(self._convert(amount, regime.lump_currency_id, move.currency_id, move.company_id, item))
