from odoo import Command, models
from odoo.exceptions import UserError

from ....core.recovery.write_off import SMALL


class ArWriteOffLine(models.Model):
    """Reversing one item of a write-off; the others stay written off."""

    _inherit = "ar.write.off.line"

    def action_reverse(self):
        """Reverse the write-off of these items."""
        self._require("manager")
        self._reverse()
        return True

    def _reverse(self):
        """Book these items back, each write-off in one entry of today, which an open period takes.

        :raise UserError: where nothing of them is written off
        """
        for write_off, lines in self.sudo().grouped("write_off_id").items():  # as checked by the buttons
            write_off.lock_for_update()
            left = lines.filtered(lambda line: line.state == "posted" and not line.date_reversed and line.loss_line_id)
            if not left:
                raise UserError(self.env._("Nothing of %s is written off any more.", write_off.name))
            if left.customer_id:
                left.customer_id._lock_account()
            today = write_off.company_id._ar_today()
            write_off._check_lock_dates(today)
            move = left._create_reversal(today)
            write_off._after_reversal(left, move)

    def _create_reversal(self, today):
        """Undo what the losses settled, and settle the losses by an entry instead; return the entry."""
        write_off = self.write_off_id
        self.loss_line_id.remove_move_reconcile()
        values = [
            {
                "name": self.env._("Write-off reversed: %s", line.name),
                "account_id": line.loss_line_id.account_id.id,
                "partner_id": line.loss_line_id.partner_id.id,
                "currency_id": line.currency_id.id,
                "amount_currency": -line.loss_line_id.amount_currency,
                "balance": -line.loss_line_id.balance,
            }
            for line in self
        ]
        values += self._prepare_losses_back()
        moves = self.env["account.move"].with_company(write_off.company_id)
        move = moves.create(
            {
                "move_type": "entry",
                "date": today,
                "journal_id": write_off.company_id._ar_get_write_off_journal().id,
                "ref": write_off.name,
                "line_ids": [Command.create(vals) for vals in values],
            }
        )
        move._post(soft=False)
        for line, opened in zip(self, write_off._get_receivable_lines(move), strict=True):
            (line.loss_line_id | opened).with_context(no_cash_basis=True).reconcile()
        self._reopen_waiting_taxes(move)
        return move

    def _reopen_waiting_taxes(self, move):
        """Let the taxes wait again, and match what the write-off took of them with the entry that gives it back."""
        for line, tax_line, opened in self._zip_waiting(move):
            booked = line._unmatch_waiting_tax(tax_line)
            if booked and not opened.reconciled:
                (booked | opened).with_context(no_cash_basis=True).reconcile()

    def _prepare_losses_back(self):
        """Return the values that take back loss and tax: tax that was booked back is due again."""
        values = []
        for line in self:
            write_off = line.write_off_id
            account = write_off.company_id._ar_get_loss_account(write_off.kind == SMALL)
            taxes = line._prepare_tax_lines() if line.amount_relieved else []
            for vals in taxes:
                vals.update(balance=-vals["balance"], amount_currency=-vals["amount_currency"])
            loss = -line.amount_company - sum(vals["balance"] for vals in taxes)
            loss = line.company_currency_id.round(loss)
            values += taxes
            if loss:
                values.append(write_off._prepare_loss_line(account, line.partner_id, loss))
        return values
