from odoo import api, fields, models

#: States of a payment that is confirmed.
STANDING = ("in_process", "paid")


class ArReturnedPayment(models.Model):
    """Payments without a journal entry that came back: there is no reconciliation that is undone."""

    _inherit = "ar.returned.payment"

    account_payment_id = fields.Many2one(
        "account.payment", "Payment without Entry", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _prepare_rejected(self, payments):
        """Return the values of what is stored about payments without a journal entry that do not stand any more.

        They had settled the invoices that they were registered for, the oldest items first. Left out is what was
        registered today with the date of today: that is a correction.

        :param payments: `account.payment` recordset, in superuser mode
        """
        items_of = {payment: self._find_items(payment) for payment in payments if not self._is_correction(payment)}
        accounts = self._find_accounts(self.env["account.move.line"].union(*items_of.values()))
        rows = []
        for payment, items in items_of.items():
            for item, amount in self._spread(payment, items):
                if customer := accounts.get((item.partner_id.commercial_partner_id, item.company_id)):
                    values = self._prepare_vals(customer, item, amount, payment.date)
                    rows.append({**values, "payment": payment.name or "", "account_payment_id": payment.id})
        return rows

    @api.model
    def _is_correction(self, payment):
        """Return whether a payment was registered today, with the date of today, in the company's time zone."""
        company = payment.company_id
        return company._ar_day(payment.create_date) == payment.date == company._ar_today()

    @api.model
    def _find_items(self, payment):
        """Return the open items that a payment was registered for, the oldest first."""
        items = payment.invoice_ids.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.account_id.non_trade
                and line.amount_residual > 0
                and line.amount_residual_currency > 0
            )
        )
        return items.sorted(lambda line: (line.date_maturity or line.date, line.id))

    @api.model
    def _spread(self, payment, items):
        """Yield (item, amount in its currency) that a payment had covered; by the amounts that are booked where the
        currencies differ.
        """
        left, booked = payment.amount, abs(payment.amount_company_currency_signed)
        for item in items:
            if item.currency_id == payment.currency_id:
                amount = min(left, item.amount_residual_currency)
                left -= amount
            else:
                worth = min(booked, item.amount_residual)
                amount = item.currency_id.round(item.amount_residual_currency * worth / item.amount_residual)
                booked -= worth
            if amount > 0:
                yield item, amount

    @api.model
    def _forget_confirmed(self, payments):
        """Forget payments without an entry that are confirmed again, unless the collector knows of them already."""
        self.search([("state", "=", "new"), ("account_payment_id", "in", payments.ids)]).unlink()

    # === IN THE NIGHTLY RUN === #

    def _is_over(self):
        """Override: or another payment without an entry was registered since, for as much.

        It waits for its bank statement, so no reconciliation tells of it. One for less is what was left of the payment,
        as after a chargeback of a part of it.
        """
        if super()._is_over() or self.counterpart_move_id:
            return not self.move_id
        before = self.account_payment_id or self  # deleted: what it was for
        return any(
            not payment.move_id
            and payment.state in STANDING
            and payment.payment_type == "inbound"
            and payment.create_date >= self.create_date
            and payment.currency_id == before.currency_id
            and payment.currency_id.compare_amounts(payment.amount, before.amount) >= 0
            for payment in self.move_id.matched_payment_ids
        )

    def _get_fate(self):
        """Override: a payment in draft has not come back yet."""
        if self.account_payment_id:
            return "new" if self.account_payment_id.state == "draft" else "returned"
        return super()._get_fate()
