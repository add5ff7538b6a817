from collections import defaultdict
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError

from ....core.money import to_decimal
from ....core.recovery.write_off import ITEM_CHANGED, SMALL, check_amount
from ...agreements.ar_agreement import OPEN_AGREEMENTS


class ArWriteOffEntry(models.Model):
    """The entry of a write-off: loss and tax against the same receivable account, partner and currency as the item."""

    _inherit = "ar.write.off"

    def _check_bookable(self):
        """Check all that the entry needs, before anything is booked.

        :raise UserError: without an account, in a locked period, or where an item changed
        """
        self.ensure_one()
        self.company_id._ar_get_loss_account(self.kind == SMALL)
        self._check_lock_dates(self.date)
        for line in self.line_ids:
            item = line.move_line_id
            is_same = item.company_id == self.company_id and item.currency_id == line.currency_id
            if item.parent_state != "posted" or not is_same:
                self._refuse(ITEM_CHANGED, line.name)
            with self._explain_refusal(line.name):
                check_amount(to_decimal(line.amount), to_decimal(max(item.amount_residual_currency, 0)))

    def _get_violated_locks(self, date):
        journal = self.company_id._ar_get_write_off_journal()
        return self.company_id._get_violated_lock_dates(date, self.claims_relief, journal)

    def _leave_locked_period(self):
        """Book what another person requested on the present day, and say so, where its period was locked meanwhile.

        Who approves cannot change the date, nor can who requested it.
        """
        self.ensure_one()
        today = self.company_id._ar_today()
        if self.date < today and self._get_violated_locks(self.date):
            format_date = self.env["ar.customer"]._format_date
            self._tell(
                self.env._(
                    "The period of %(day)s was locked meanwhile: the accounting date is %(today)s.",
                    day=format_date(self.date),
                    today=format_date(today),
                )
            )
            self.date = today

    def _check_lock_dates(self, date):
        """Check that the period is open: Odoo would move the entry to another day without a word.

        :raise UserError: with the last locked day
        """
        violated = self._get_violated_locks(date)
        if violated:
            raise UserError(
                self.env._(
                    "The period up to %(day)s is locked: choose a later accounting date.",
                    day=self.env["ar.customer"]._format_date(max(lock[0] for lock in violated)),
                )
            )

    def _book(self, for_user_id):
        """Book the write-off: post the entry and match it with the items, or nothing at all.

        :param int for_user_id: the user with whose authority it was decided
        """
        self.ensure_one()
        accounts = self.line_ids.customer_id
        if accounts:
            accounts._lock_account()
        self.line_ids.move_line_id.invalidate_recordset(["amount_residual", "amount_residual_currency", "reconciled"])
        self._check_bookable()
        self.line_ids._update_amounts()
        self.line_ids._set_relief(self.claims_relief)
        move = self._create_entry()
        for line, loss in zip(self.line_ids, self._get_receivable_lines(move), strict=True):
            line.loss_line_id = loss
            # A loss is no payment: taxes that become due with it do not.
            (line.move_line_id | loss).with_context(no_cash_basis=True).reconcile()
        self.line_ids._match_waiting_taxes(move)
        self._close("posted", move_id=move.id, decided_for_id=for_user_id)
        self._after_booking()

    def _create_entry(self):
        """Create and post the entry; return it."""
        moves = self.env["account.move"].with_company(self.company_id)
        lines = [Command.create(vals) for vals in self._prepare_entry_lines()]
        move = moves.with_context(skip_account_move_synchronization=True).create(
            {
                "move_type": "entry",
                "date": self.date,
                "journal_id": self.company_id._ar_get_write_off_journal().id,
                "ref": self.name,
                "line_ids": lines,
            }
        )
        move._post(soft=False)
        return move

    def _get_receivable_lines(self, move):
        """Return the lines of the entry that settle the items, in the order of the items."""
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable").sorted("id")

    def _prepare_entry_lines(self):
        """Return the values of the lines: one for each item, then losses and taxes."""
        values, losses = [], defaultdict(Decimal)
        for line in self.line_ids:
            item = line.move_line_id
            values.append(
                {
                    "name": self.env._("Written off: %s", line.name),
                    "account_id": item.account_id.id,
                    "partner_id": item.partner_id.id,
                    "currency_id": item.currency_id.id,
                    "amount_currency": -line.amount,
                    "balance": -line.amount_company,
                    "date_maturity": item.date_maturity,
                }
            )
            losses[item.partner_id] += to_decimal(line.amount_company)
        for line in self.line_ids:
            for vals in line._prepare_tax_lines() if line.amount_relieved else ():
                losses[line.partner_id] -= to_decimal(vals["balance"])
                values.append(vals)
        account = self.company_id._ar_get_loss_account(self.kind == SMALL)
        for partner, amount in losses.items():
            if amount:
                values.append(self._prepare_loss_line(account, partner, float(amount)))
        return values

    def _prepare_loss_line(self, account, partner, balance):
        return {
            "name": self.name,
            "account_id": account.id,
            "partner_id": partner.id,
            "currency_id": self.company_id.currency_id.id,
            "amount_currency": balance,
            "balance": balance,
            "tax_ids": False,
        }

    def _after_booking(self):
        """End agreements about what is not owed any more, add the tasks of tax relief, and log."""
        self._end_agreements()
        self._add_relief_tasks()
        self._tell(self.env._("Booked: %s", self.move_id.name))
        for customer, lines in self.line_ids.grouped("customer_id").items():
            amounts = ", ".join(f"{line.name}: {customer._format_credit(to_decimal(line.amount_company))}"
                                for line in lines)  # fmt: skip
            if customer:
                customer.message_post(
                    body=self.env._("Written off (%(number)s): %(items)s", number=self.name, items=amounts),
                    subtype_xmlid="mail.mt_note",
                )

    def _end_agreements(self):
        """End the open agreements of which nothing is owed any more."""
        items = self.line_ids.move_line_id
        for name, is_open in OPEN_AGREEMENTS.items():
            open_ones = self.env[name].search([*is_open, ("line_ids.move_line_id", "in", items.ids)])
            for agreement in open_ones:
                if not agreement.line_ids.move_line_id.filtered("amount_residual_currency"):
                    agreement._end_unowed(self.env._("the debt was written off"))
