from odoo import models


class AccountPaymentTerm(models.Model):
    """How long payment terms are, in one number for credit control."""

    _inherit = "account.payment.term"

    def _ar_get_days(self, day):
        """Return the number of days until the last part is due; ``None`` without terms.

        :param date day: the day of the invoice, which counts for terms to the end of a month
        """
        return max(((line._get_due_date(day) - day).days for line in self.line_ids), default=None)
