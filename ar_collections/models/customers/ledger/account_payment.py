from odoo import models


class AccountPayment(models.Model):
    """Payments without a journal entry are read for each decision, so they have an index of their own."""

    _inherit = "account.payment"

    _ar_without_entry_idx = models.Index("(partner_id) WHERE move_id IS NULL AND state IN ('in_process', 'paid')")
