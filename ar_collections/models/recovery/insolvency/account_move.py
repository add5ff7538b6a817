from odoo import models

from ....core import decision as codes
from ....messages import ITEM_STATUSES
from ...customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Odoo's own page of an invoice offers no payment of what is claimed in insolvency, as ours does not."""

    _inherit = "account.move"

    def _has_to_be_paid(self):
        """Override of `account_payment`: what is claimed in proceedings is not asked for, so that all get the same."""
        return super()._has_to_be_paid() and not self._ar_find_claimed()

    def _get_online_payment_error(self):
        """Override of `account_payment` to say why it cannot be paid there."""
        errors = super()._get_online_payment_error()
        claimed = self.env._(ITEM_STATUSES[codes.INSOLVENT]) if self._ar_find_claimed() else ""
        return "\n".join(filter(None, (errors, claimed)))

    def _ar_find_claimed(self):
        """Return those of these customer invoices that are claimed in insolvency proceedings."""
        found = self.browse()
        if not self.env["ar.insolvency"]._is_used():
            return found
        with ignore_failure(self.env, "what is claimed in insolvency proceedings", writes=False):
            invoices = self.sudo()  # visitors of a page may read an invoice, and not its items
            invoices = invoices.filtered(lambda move: move.is_sale_document(include_receipts=True))
            lines = invoices.line_ids.filtered(lambda line: line.display_type == "payment_term")
            found = self.browse(lines._ar_find_claimed().move_id.ids)
        return found
