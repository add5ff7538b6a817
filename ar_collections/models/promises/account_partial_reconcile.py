from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Reconciliations mark the promises about their items, to be judged again."""

    _inherit = "account.partial.reconcile"

    #: For reports as of a day, which read the reconciliations after a day or within a period.
    _ar_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to mark the promises about the settled items to be judged."""
        partials = super().create(vals_list)
        self.env["ar.promise.line"]._mark_to_judge(partials.debit_move_id)
        return partials

    def unlink(self):
        """Override of `account` to mark the promises about items whose payment is undone to be judged."""
        items = self.debit_move_id
        result = super().unlink()
        self.env["ar.promise.line"]._mark_to_judge(items)
        return result
