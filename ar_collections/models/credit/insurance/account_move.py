from odoo import fields, models

from ...customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Invoices keep the due date with which they were first posted, where customers are insured.

    Posted again for the same debtor and amount, an invoice is no new one to the insurer, whatever its due date is then.
    """

    _inherit = "account.move"

    ar_original_due_date = fields.Date(
        "Original Due Date", copy=False, readonly=True, groups="base.group_user",
        help="Earliest due date with which the invoice was first posted to this customer.",
    )  # fmt: skip

    def _store_entry(self, before):
        """Override to store the original due dates; called when invoices are posted, in superuser mode."""
        known = {move: move.ar_known_as for move in self}
        result = super()._store_entry(before)
        if self.env["ar.credit.insurance"]._is_used():
            with ignore_failure(self.env, "original due dates of invoices", writes=False):
                for move in self.filtered(lambda move: move.move_type == "out_invoice"):
                    move._store_original_due_dates(is_same=move.ar_known_as == known[move])
        return result

    def _store_original_due_dates(self, is_same):
        """Store the due dates; an invoice that is the same as before keeps those it had.

        Its items may be new ones: Odoo makes them anew when the terms change. They count from the earliest date.

        :param bool is_same: it was posted before, with the same debtor and amount
        """
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.date_maturity)
        kept = self.ar_original_due_date if is_same else None
        # past `write`, which takes as long for a posted invoice as posting it; see `_write_known`
        of_item, of_move = items._fields["ar_original_due_date"], self._fields["ar_original_due_date"]
        for item in items:
            if not (kept and item.ar_original_due_date):
                of_item.write(item, min(kept, item.date_maturity) if kept else item.date_maturity)
        if items and not kept:
            of_move.write(self, min(items.mapped("date_maturity")))
