from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    #: What was settled after a day, or within a period: reports as of a day look for nothing else.
    _ar_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to have promises about what was paid judged anew."""
        partials = super().create(vals_list)
        self.env["ar.promise.line"]._mark_to_judge(partials.debit_move_id)
        return partials

    def unlink(self):
        """Override of `account` to have promises judged anew whose payment is taken back."""
        items = self.debit_move_id
        result = super().unlink()
        self.env["ar.promise.line"]._mark_to_judge(items)
        return result
