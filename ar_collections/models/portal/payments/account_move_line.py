from odoo import models


class AccountMoveLine(models.Model):
    """Open items are reconciled with credits as customers selected them."""

    _inherit = "account.move.line"

    def _ar_is_open(self):
        """Return whether something is open of the item in the books; not of none, nor of a draft."""
        return self.parent_state == "posted" and not self.reconciled

    def _ar_reconcile_part(self, credit, amount):
        """Reconcile this open item with a credit, up to an amount; nothing happens where one of both is settled.

        Odoo reconciles two lines up to the smaller residual. For less it takes a partial reconciliation of our own,
        whose values, exchange difference included, Odoo computes from residuals that are limited to the amount.

        :param credit: `account.move.line` with a credit, in the same account and currency
        :param float amount: positive, in the currency of both
        """
        self.ensure_one()
        pair = (self + credit).filtered(lambda line: not line.reconciled)
        if len(pair) < 2 or len(pair.account_id) > 1:
            return
        smaller = min(self.amount_residual_currency, -credit.amount_residual_currency)
        if len(pair.currency_id) > 1 or self.currency_id.compare_amounts(amount, smaller) >= 0:
            pair.reconcile()
        elif self.currency_id.compare_amounts(amount, 0.0) > 0:
            self._ar_create_partial(credit, amount)

    def _ar_create_partial(self, credit, amount):
        """Create the partial reconciliation of an amount that is smaller than both residuals; see the caller."""
        values = (self + credit)._prepare_reconciliation_single_partial(
            self._ar_limit_residual(amount), credit._ar_limit_residual(-amount)
        )
        partial = self.env["account.partial.reconcile"].create(values["partial_values"])
        exchange = values.get("exchange_values")
        if exchange and exchange["move_values"]["line_ids"]:
            partial.exchange_move_id = self._create_exchange_difference_moves([exchange])
        if self.company_id.tax_exigibility:
            partial._create_tax_cash_basis_moves()

    def _ar_limit_residual(self, amount):
        """Return the line as Odoo's reconciliation takes it, with an amount in its currency as the residual."""
        share = amount / self.amount_residual_currency
        return {
            "aml": self,
            "amount_residual": self.company_currency_id.round(self.amount_residual * share),
            "amount_residual_currency": amount,
            "parent_state": self.parent_state,
        }
