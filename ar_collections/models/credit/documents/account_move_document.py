from odoo import fields, models

from ....core.credit.effect import INVOICE
from ....core.money import to_decimal
from .posted_from import PostedFrom


class AccountMoveDocument(models.Model):
    """Customer invoices as documents of credit control; credit notes that are posted with them make room."""

    _name = "account.move"
    _inherit = ["account.move", "ar.credit.document.mixin"]

    def _ar_get_document_kind(self):
        """Return the kind of the invoice. Extension point: one for goods that were delivered is another one."""
        return INVOICE

    def _ar_get_credit_amount(self):
        """Override to take the amount that the invoice will have in the ledger, negative for credit notes.

        Until it is stored it is that of the form. An invoice without date gets today's when it is posted, and with it
        today's exchange rate.
        """
        company = self._ar_get_credit_company().root_id
        if not self.currency_id._ar_has_rate(company):
            return None
        if not self.id:
            return self._get_draft_total()
        is_own_currency = self.currency_id == self.company_currency_id
        if is_own_currency or self.invoice_date or self.state != "draft" or self._ar_has_manual_rate():
            return to_decimal(self.amount_total_signed)
        rate = self._get_expected_currency_rate_at(fields.Date.context_today(self))
        sign = -1 if self.move_type == "out_refund" else 1
        return to_decimal(self.company_currency_id.round(sign * self.amount_total / rate)) if rate else None

    def _ar_has_manual_rate(self):
        """Return whether somebody entered the exchange rate, by the rule of Odoo's posting."""
        created = (self.create_date or fields.Datetime.now()).date()
        return self.invoice_currency_rate != self._get_expected_currency_rate_at(created)

    def _ar_get_check(self):
        """Override to read exposures as they are before these invoices, see `ar.credit.exposure`."""
        posted = PostedFrom(min(filter(None, self._origin.ids), default=None))
        return super()._ar_get_check().with_context(ar_posted_from=posted)

    def _ar_get_document_values(self, amount):
        """Override for what is paid, and the longest terms."""
        return {**self._ar_get_paid_values(amount), "terms_days": self._ar_get_terms_days()}

    def _ar_get_terms_days(self):
        """Return the number of days until the last part is due.

        A draft without date has the due date of the day on which it was entered; once it is posted, its payment terms
        count from then on.
        """
        start = self.invoice_date or fields.Date.context_today(self)
        days = self.invoice_payment_term_id._ar_get_days(start)
        if days is None:
            days = (self.invoice_date_due - start).days if self.invoice_date_due else 0
        return max(days, 0)

    def _ar_confirm_released(self):
        """Override to post the invoice."""
        return self.action_post()
