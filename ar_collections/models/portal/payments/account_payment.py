from odoo import models
from odoo.exceptions import UserError

from ...customers.core_flow import ignore_failure


class AccountPayment(models.Model):
    """Online payments are booked and reconciled per item, as the customer selected them."""

    _inherit = "account.payment"

    def _ar_allocations(self):
        """Return the cash allocations of the payment's transaction, in the order of selection."""
        # The customer's selection applies whatever the user who books the payment may read.
        return self.payment_transaction_id.sudo().ar_allocation_ids._cash()

    def _prepare_move_line_default_vals(self, write_off_line_vals=None, force_balance=None):
        """Override of `account` to create one counterpart line for each item the customer selected."""
        values = super()._prepare_move_line_default_vals(write_off_line_vals, force_balance)
        allocations = self._ar_allocations()
        if not allocations._is_split():
            return values
        liquidity, counterpart, *others = values
        return [liquidity, *self._split_counterpart(counterpart, allocations), *others]

    def _split_counterpart(self, counterpart, allocations):
        """Return one counterpart line per allocation: its cash plus its discount; the last one takes the rounding.

        Each line has the partner of its item, so that each ledger is settled by itself. What is not open of an item of
        another customer any more is on a last line, of the account on whose page it was paid.

        :param counterpart: the values of core's single counterpart line
        :param allocations: `ar.payment.allocation` rows whose cash adds up to the payment
        :return: list of values for `account.move.line`; their amounts add up to those of the counterpart
        """
        total = sum(row.amount + row._get_granted() for row in allocations)
        own = allocations[:1]._get_own_partner()
        left_currency, left = counterpart["amount_currency"], counterpart["debit"] - counterpart["credit"]
        lines, portions = [], self._get_portions(allocations)
        for number, (row, amount) in enumerate(portions, 1):
            is_last = number == len(portions)
            currency = left_currency if is_last else self._take(counterpart["amount_currency"], amount, total)
            whole = counterpart["debit"] - counterpart["credit"]
            balance = left if is_last else self.company_currency_id.round(whole * amount / total)
            left_currency, left = left_currency - currency, left - balance
            debtor = row._get_debtor() if row else row.env["res.partner"]
            lines.append(
                {
                    **counterpart,
                    "name": f"{counterpart['name']} - {row.name}" if row else counterpart["name"],
                    "account_id": row.move_line_id.account_id.id or counterpart["account_id"],
                    "partner_id": (debtor or own).id,
                    "amount_currency": self.currency_id.round(currency),
                    "debit": max(self.company_currency_id.round(balance), 0.0),
                    "credit": max(-self.company_currency_id.round(balance), 0.0),
                }
            )
        return lines

    def _take(self, whole, amount, total):
        return self.currency_id.round(whole * amount / total)

    def _get_portions(self, allocations):
        """Return [(allocation, amount)] of the counterpart lines, in their order; without allocation: what is left."""
        portions, rest = [], 0.0
        for row in allocations:
            amount = row.amount + row._get_granted()
            settled = row._get_settled() if row._get_debtor() else amount
            rest += amount - settled
            if not self.currency_id.is_zero(settled):
                portions.append((row, settled))
        return portions if self.currency_id.is_zero(rest) else [*portions, (allocations.browse(), rest)]

    def action_post(self):
        """Override of `account` to reconcile each selected item with its own line, before anything else is."""
        result = super().action_post()
        for payment in self:
            if allocations := payment._ar_allocations():
                with ignore_failure(self.env, "reconciling the items that the customer selected"):
                    payment._match_allocations(allocations)
        return result

    def _match_allocations(self, allocations):
        """Reconcile each counterpart line with its item.

        A pair is left out where one of both is reconciled already, or accounts or customers differ.
        """
        left = self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable").sorted("id")
        is_split = allocations._is_split()
        for row in allocations.filtered(lambda row: row.move_line_id._ar_is_open()):
            line = self._find_counterpart(row, left) if is_split else left[:1]
            left -= line
            pair = (row.move_line_id + line).filtered(lambda candidate: not candidate.reconciled)
            if len(pair) == 2 and len(pair.account_id) == 1:
                pair.reconcile()

    def _match_rest(self, allocations):
        """Reconcile what is left of the entry with the payer's other selected invoices.

        Of an entry that is no invoice the selected item counts alone: its other lines may be anybody's.

        :param allocations: `ar.payment.allocation` rows
        """
        items = allocations.filtered(lambda row: not row._get_debtor()).move_line_id
        invoices = items.move_id.filtered(lambda move: move.is_invoice(include_receipts=True))
        own = allocations._get_own_partner()
        left = (self.move_id.line_ids + (items | invoices.line_ids)).filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line._ar_is_open()
                and line.partner_id.commercial_partner_id == own
            )
        )
        for lines in left.grouped("account_id").values():
            if lines & self.move_id.line_ids:
                lines.reconcile()

    def _find_counterpart(self, row, lines):
        """Return the line of an entry that was made for an allocation, which may be long ago; else none.

        Where the item was readdressed since, there is none: a person decides.

        :param row: `ar.payment.allocation`
        :param lines: journal items of the entry that are free
        """
        # Entries of earlier versions have the partner who was logged in.
        own = row._get_own_partner() | row.transaction_id.partner_id.commercial_partner_id
        partners = row._get_debtor() or own
        found = lines.filtered(
            lambda line: (
                (line.name or "").endswith(f" - {row.name}") and line.partner_id.commercial_partner_id in partners
            )
        )
        amount = row.amount + row.discount
        return found.sorted(lambda line: (abs(abs(line.amount_currency) - amount), line.id))[:1]

    def _synchronize_to_moves(self, changed_fields):
        """Override of `account` to keep entries with a line per item: they are not rewritten from the payment.

        :raise UserError: when such a payment in draft is changed
        """
        allocated = self.filtered(lambda payment: payment.move_id and payment._ar_allocations()._is_split())
        trigger = set(changed_fields) & set(self._get_trigger_fields_to_synchronize())
        if trigger and allocated.filtered(lambda payment: payment.move_id.state == "draft"):
            raise UserError(
                self.env._(
                    "This payment follows the selection of the customer and cannot be changed. Cancel it and "
                    "register a new one instead."
                )
            )
        return super(AccountPayment, self - allocated)._synchronize_to_moves(changed_fields)
