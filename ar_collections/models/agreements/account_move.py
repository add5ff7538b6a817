from odoo import api, models

from ..customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Agreements follow their invoice: when it is posted again, canceled or deleted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account` to move agreements to the present items of invoices that are posted again."""
        again = self.filtered(lambda move: move.posted_before and move.is_sale_document(include_receipts=True))
        posted = super()._post(soft)
        if again & posted:
            found, text = self._find_agreement_models(again & posted), "agreements about invoices that are posted again"
            if found:
                with ignore_failure(self.env, text):
                    for lines in found:
                        lines._follow_invoices(again & posted)
        return posted

    @api.model
    def _find_agreement_models(self, moves):
        """Return the models of agreement lines that are about these invoices, see `_get_models_about`."""
        with ignore_failure(self.env, "agreements about invoices", writes=False):
            return self.env["ar.agreement.line"]._get_models_about(moves)
        return []

    def button_cancel(self):
        """Override of `account` to end the agreements about canceled invoices."""
        result = super().button_cancel()
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        found = self._find_agreement_models(invoices) if invoices else []
        if found:
            with ignore_failure(self.env, "agreements about canceled invoices"):
                for lines in found:
                    lines._get_agreements_about(invoices)._end_without_items(self.env._("the invoice was canceled"))
        return result

    def unlink(self):
        """Override of `account` to end the agreements about deleted invoices."""
        agreements = []
        invoices = self.filtered(lambda move: move.posted_before and move.is_sale_document(include_receipts=True))
        if invoices:
            with ignore_failure(self.env, "agreements about deleted invoices", writes=False):
                agreements = [lines._get_agreements_about(invoices) for lines in self._find_agreement_models(invoices)]
        result = super().unlink()
        if any(agreements):
            with ignore_failure(self.env, "agreements about deleted invoices"):
                for found in agreements:
                    found._end_without_items(self.env._("the invoice was deleted"))
        return result

    def _ar_match_note(self, items, move_reverse_cancel):
        """Reconcile a posted credit note with these items of its invoice, before Odoo takes the oldest ones.

        :param items: `account.move.line` recordset, in the order in which they are settled
        :param bool move_reverse_cancel: see `_reconcile_reversed_moves` of `account`
        """
        self.ensure_one()
        for item in items:
            pair = item + self.line_ids.filtered(lambda line, item=item: line.account_id == item.account_id)
            if not any(pair.mapped("reconciled")):
                pair.with_context(move_reverse_cancel=move_reverse_cancel).reconcile()
