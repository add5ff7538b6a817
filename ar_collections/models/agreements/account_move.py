from odoo import models

from ..customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Agreements follow their invoice: when it is posted again, canceled or deleted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account` to move agreements to the present items of invoices that are posted again."""
        again = self.filtered(lambda move: move.posted_before and move.is_sale_document(include_receipts=True))
        posted = super()._post(soft)
        if again & posted:
            with ignore_failure(self.env, "agreements about invoices that are posted again"):
                for lines in self.env["ar.agreement.line"]._get_all_models():
                    lines._follow_invoices(again & posted)
        return posted

    def button_cancel(self):
        """Override of `account` to end the agreements about canceled invoices."""
        result = super().button_cancel()
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if invoices:
            with ignore_failure(self.env, "agreements about canceled invoices"):
                invoices._end_agreements(self.env._("the invoice was canceled"))
        return result

    def unlink(self):
        """Override of `account` to end the agreements about deleted invoices."""
        agreements = []
        invoices = self.filtered(lambda move: move.posted_before and move.is_sale_document(include_receipts=True))
        if invoices:
            with ignore_failure(self.env, "agreements about deleted invoices"):
                models_of_lines = self.env["ar.agreement.line"]._get_all_models()
                agreements = [lines._get_agreements_about(invoices) for lines in models_of_lines]
        result = super().unlink()
        if any(agreements):
            with ignore_failure(self.env, "agreements about deleted invoices"):
                for found in agreements:
                    found._end_without_items(self.env._("the invoice was deleted"))
        return result

    def _end_agreements(self, reason):
        """End the agreements about these invoices that are about nothing else.

        :param str reason: for the log
        """
        for lines in self.env["ar.agreement.line"]._get_all_models():
            lines._get_agreements_about(self)._end_without_items(reason)
